//! The order of decisions: which package is decided next.
//!
//! The package that is decided first gets its newest possible version, and later packages adapt. So the order
//! determines which package yields in a conflict, by these rules (docs/decisions/0042):
//!
//! 1. A requirement that pins a version costs nothing: it is decided at once.
//! 2. A package that was rejected repeatedly is decided before those that caused the rejections, and these before the
//!    rest: see [`Conflicts`](crate::conflicts::Conflicts).
//! 3. Other packages are decided in the order of discovery: the user's requirements precede those of dependencies.
//!    Among the user's requirements those with an upper bound come first, then those with other bounds, then by name.
//! 4. An old release that may need a build for its metadata comes last, so that nothing is built if the rest excludes
//!    it.
//!
//! Nothing here depends on the order of the user's lines or on the speed of an index.

use std::cmp::Reverse;

use mach_nix_conda::CondaName;
use mach_nix_model::{PackageName, Requirement, VersionOrUrl, specifier};
use rustc_hash::FxHashMap;

use crate::node::Node;

/// The class of a package in the order of decisions; later variants are decided first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Nothing needs the package yet; something limits it.
    Limited,
    /// An older release is left, and its metadata may have to be built.
    Build,
    /// The default.
    Ordinary,
    /// Its version was often the reason for rejecting another package.
    Culprit,
    /// Its versions were often rejected.
    Rejected,
    /// A requirement pins the version. This depends on requirements alone: with a rule such as "only one version is
    /// left", unused versions would affect the order of decisions.
    Pinned,
    /// The user's requirements.
    Root,
}

/// The priority of a decision; the greatest is decided next.
pub type Priority = (Urgency, Reverse<usize>);

/// The priorities known so far.
#[derive(Debug, Default)]
pub struct Priorities {
    /// When a package was first met.
    met: ByPackage<usize>,
    /// Packages with many conflicts: [`Urgency::Culprit`] or [`Urgency::Rejected`].
    conflicting: ByPackage<Urgency>,
}

impl Priorities {
    /// Notes that a package is needed; only the first time counts.
    pub fn meet(&mut self, package: &Node) {
        if self.met.get(package).is_none() {
            self.met.insert(package, self.met.len());
        }
    }

    /// The place of a package in the order of meeting.
    pub fn order(&self, package: &Node) -> Reverse<usize> {
        Reverse(self.met.get(package).unwrap_or(usize::MAX))
    }

    /// The class that conflicts gave a package.
    pub fn by_conflicts(&self, package: &Node) -> Option<Urgency> {
        self.conflicting.get(package)
    }

    /// Raises a package that was often rejected; whether this changes anything.
    pub fn mark_rejected(&mut self, package: &Node) -> bool {
        self.conflicting.insert(package, Urgency::Rejected) != Some(Urgency::Rejected)
    }

    /// Raises a package that others were often rejected for, below those; whether this changes anything. What was rejected
    /// itself stays where it is, so that two packages cannot take turns.
    pub fn mark_culprit(&mut self, package: &Node) -> bool {
        if self.conflicting.get(package).is_some() {
            return false;
        }
        self.conflicting.insert(package, Urgency::Culprit);
        true
    }
}

/// Values of packages: a project and its extras have one.
#[derive(Debug)]
struct ByPackage<T> {
    projects: FxHashMap<PackageName, T>,
    conda: FxHashMap<CondaName, T>,
}

impl<T> Default for ByPackage<T> {
    fn default() -> Self {
        Self {
            projects: FxHashMap::default(),
            conda: FxHashMap::default(),
        }
    }
}

impl<T: Copy> ByPackage<T> {
    fn get(&self, package: &Node) -> Option<T> {
        match package {
            Node::Root => None,
            Node::Package(name) | Node::Extra(name, _) => self.projects.get(name).copied(),
            Node::Conda(name) => self.conda.get(name).copied(),
        }
    }

    fn insert(&mut self, package: &Node, value: T) -> Option<T> {
        match package {
            Node::Root => None,
            Node::Package(name) | Node::Extra(name, _) => self.projects.insert(name.clone(), value),
            Node::Conda(name) => self.conda.insert(name.clone(), value),
        }
    }

    fn len(&self) -> usize {
        self.projects.len() + self.conda.len()
    }
}

/// How much a requirement of the user limits versions; less is met first. A package with an upper bound has fewer versions
/// to go back to, and the newest of them is what the user is after.
pub fn freedom(requirement: &Requirement) -> u8 {
    let Some(VersionOrUrl::VersionSpecifier(specifiers)) = &requirement.version_or_url else {
        return 2;
    };
    if specifiers.iter().any(specifier::bounds_above) {
        0
    } else if specifiers.is_empty() {
        2
    } else {
        1
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn upper_bounds() {
        let freedom = |text: &str| freedom(&text.parse().unwrap());
        for bounded in ["a<2", "a<=2", "a~=1.0", "a==1.*", "a==1.0", "a>1,<2", "a===1"] {
            assert_eq!(freedom(bounded), 0, "{bounded}");
        }
        assert_eq!(freedom("a>=1"), 1);
        assert_eq!(freedom("a!=1"), 1);
        assert_eq!(freedom("a"), 2);
    }

    #[test]
    fn a_rejected_package_stays_rejected() {
        let mut priorities = Priorities::default();
        let name = Node::Package("lib".parse().unwrap());
        assert!(priorities.mark_culprit(&name));
        assert!(priorities.mark_rejected(&name));
        assert!(!priorities.mark_rejected(&name) && !priorities.mark_culprit(&name));
        assert_eq!(priorities.by_conflicts(&name), Some(Urgency::Rejected));
    }
}
