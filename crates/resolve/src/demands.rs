//! All demands on a package.

use std::collections::HashSet;

use mach_nix_model::{PackageName, Requirement, Version, VersionOrUrl, specifier};

use crate::fact::Fact;
use crate::problem::RootRequirement;

/// The demands on a package in a set of facts.
#[derive(Default)]
pub struct Demands<'f> {
    /// The requirements of the user.
    pub own: Vec<&'f RootRequirement>,
    /// The user's constraints.
    pub constraints: Vec<&'f RootRequirement>,
    /// The requirements of other packages, by dependent; they differ between its versions.
    pub needs: Vec<(&'f PackageName, &'f [Requirement])>,
}

impl<'f> Demands<'f> {
    /// The demands on `name`.
    pub fn on(name: &PackageName, facts: &'f [Fact]) -> Self {
        let mut demands = Self::default();
        for fact in facts {
            match fact {
                Fact::Asked {
                    package,
                    requirements,
                    ..
                } if package == name => demands.own.extend(requirements),
                Fact::Constrained { package, constraints } if package == name => {
                    demands.constraints.extend(constraints);
                }
                Fact::Needs {
                    dependent,
                    package,
                    requirements,
                    ..
                } if package == name => demands.needs.push((dependent, requirements)),
                _ => {}
            }
        }
        demands
    }

    /// The number of distinct demands. Equal requirements of the user in several locations are one.
    pub fn count(&self) -> usize {
        distinct(self.own.iter().copied())
            + distinct(self.constraints.iter().copied())
            + self.dependents().len()
    }

    /// The dependents, without duplicates.
    fn dependents(&self) -> Vec<&'f PackageName> {
        let mut names: Vec<_> = self.needs.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn own_allow(&self, version: &Version) -> bool {
        let mut own = self.own.iter().chain(&self.constraints);
        own.all(|root| allows(&root.requirement, version))
    }

    /// Whether all demands allow a version.
    pub fn allow(&self, version: &Version) -> bool {
        self.own_allow(version) && self.others_allow(version)
    }

    /// Whether all demands of other packages, in all their versions, allow a version.
    pub fn others_allow(&self, version: &Version) -> bool {
        self.needs
            .iter()
            .all(|(_, requirements)| requirements.iter().all(|r| allows(r, version)))
    }

    /// Whether the user's demands allow a version together with at least one of the other demands, if there are any.
    pub fn allow_one(&self, version: &Version) -> bool {
        let one = |(_, requirements): &(_, &[Requirement])| requirements.iter().all(|r| allows(r, version));
        self.own_allow(version) && (self.needs.is_empty() || self.needs.iter().any(one))
    }

    /// Whether no version satisfies the user and some version of each dependent.
    pub fn clash(&self, versions: &[Version]) -> bool {
        let dependents = self.dependents();
        !versions.iter().any(|version| {
            self.own_allow(version)
                && dependents.iter().all(|dependent| {
                    let mut needs = self.needs.iter().filter(|(name, _)| name == dependent);
                    needs.any(|(_, requirements)| requirements.iter().all(|r| allows(r, version)))
                })
        })
    }
}

/// The number of roots with different requirements.
pub fn distinct<'r>(roots: impl IntoIterator<Item = &'r RootRequirement>) -> usize {
    let demands = roots.into_iter().map(|root| &root.requirement.version_or_url);
    demands.collect::<HashSet<_>>().len()
}

fn allows(requirement: &Requirement, version: &Version) -> bool {
    match &requirement.version_or_url {
        Some(VersionOrUrl::VersionSpecifier(specifiers)) => specifier::matches_all(specifiers, version),
        _ => true,
    }
}

/// Whether a requirement excludes any version.
pub fn is_limited(requirement: &Requirement) -> bool {
    matches!(&requirement.version_or_url, Some(VersionOrUrl::VersionSpecifier(specifiers)) if !specifiers.is_empty())
}

/// Whether the facts contain dependencies of usable versions of a package, which are then the problem.
pub fn needs_others(package: &PackageName, facts: &[Fact]) -> bool {
    facts
        .iter()
        .any(|fact| matches!(fact, Fact::Needs { dependent, .. } if dependent == package))
}
