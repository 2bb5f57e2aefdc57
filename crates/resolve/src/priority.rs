//! The order of decisions: which package is decided next.
//!
//! The package that is decided first gets its newest possible version, and later packages adapt. So the order
//! determines which package yields in a conflict, by these rules (docs/decisions/0042):
//!
//! 1. A requirement that pins a version costs nothing: it is decided at once.
//! 2. A package that was rejected repeatedly is decided before those that caused the rejections, and these before the
//! rest: see [`Conflicts`](crate::conflicts::Conflicts).
//! 3. Other packages are decided in the order of discovery: the user's requirements precede those of dependencies.
//! Among the user's requirements those with an upper bound come first, then those with other bounds, then by name.
//! 4. An old release that may need a build for its metadata comes last, so that nothing is built if the rest excludes
//! it.
//!
//! Nothing here depends on the order of the user's lines or on the speed of an index.

use std::cmp::Reverse;

use mach_nix_model::{PackageName, Requirement, VersionOrUrl, specifier};
use rustc_hash::FxHashMap;

/// The class of a package in the order of decisions; later variants are decided first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// The best remaining release is an old one, and may need a build for its metadata.
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
    /// The order of discovery of packages.
    met: FxHashMap<PackageName, usize>,
    /// Packages with many conflicts: [`Urgency::Culprit`] or [`Urgency::Rejected`].
    conflicting: FxHashMap<PackageName, Urgency>,
}

impl Priorities {
    /// Records that a package is needed; repetitions are ignored.
    pub fn meet(&mut self, name: &PackageName) {
        let next = self.met.len();
        self.met.entry(name.clone()).or_insert(next);
    }

    /// The position of a package in the order of discovery.
    pub fn order(&self, name: &PackageName) -> Reverse<usize> {
        Reverse(self.met.get(name).copied().unwrap_or(usize::MAX))
    }

    /// The class of a package due to conflicts.
    pub fn by_conflicts(&self, name: &PackageName) -> Option<Urgency> {
        self.conflicting.get(name).copied()
    }

    /// Prioritizes a package that was often rejected; returns whether this is a change.
    pub fn mark_rejected(&mut self, name: &PackageName) -> bool {
        self.conflicting.insert(name.clone(), Urgency::Rejected) != Some(Urgency::Rejected)
    }

    /// Prioritizes a package that often caused rejections, below the rejected ones; returns whether this is a change. A
    /// rejected package keeps its class, so that two packages cannot alternate.
    pub fn mark_culprit(&mut self, name: &PackageName) -> bool {
        if self.conflicting.contains_key(name) {
            return false;
        }
        self.conflicting.insert(name.clone(), Urgency::Culprit);
        true
    }
}

/// How little a requirement of the user limits versions; lower values are discovered first. A package with an upper
/// bound has fewer versions for backtracking, and the user wants the newest of them.
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
        let name: PackageName = "lib".parse().unwrap();
        assert!(priorities.mark_culprit(&name));
        assert!(priorities.mark_rejected(&name));
        assert!(!priorities.mark_rejected(&name) && !priorities.mark_culprit(&name));
        assert_eq!(priorities.by_conflicts(&name), Some(Urgency::Rejected));
    }
}
