//! All solutions of a small world, found by trying everything: an oracle for the resolver that shares no search with it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use mach_nix_model::{
    ExtraName, MarkerEnvironment, PackageName, Prerelease, Provider, Providers, Requirement, Version,
    VersionOrUrl, VersionSpecifier, specifier,
};

use crate::{RUNS_HERE, Scenario};

/// One version for each package that is needed.
pub type Solution = BTreeMap<PackageName, Version>;

/// The bounds of the search for a solution: pre-releases are allowed only when a specifier names one or nothing else can satisfy
/// (docs/decisions/0004).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resort {
    /// Pre-releases only where a requirement of the user names one, or where a package has nothing else.
    First,
    /// Pre-releases everywhere.
    Last,
}

/// A world prepared for being tried.
pub struct Exhaustive {
    rule: Prerelease,
    projects: Vec<Project>,
    roots: Vec<Need>,
    /// For each project, the places of the releases that the constraints leave.
    constrained: Vec<u64>,
}

struct Project {
    name: PackageName,
    releases: Vec<Release>,
    prerelease_named: bool,
    preferred: Option<Version>,
}

struct Release {
    version: Version,
    /// The place of its provider's tier in the package's list; `None` where the list does not name the provider.
    tier: Option<usize>,
    usable: bool,
    needs: Vec<Need>,
    extra_needs: BTreeMap<ExtraName, Vec<Need>>,
}

#[derive(Clone)]
struct Need {
    /// The place of the project; `None` when the world does not have it.
    project: Option<usize>,
    allowed: u64,
    extras: Vec<ExtraName>,
}

#[derive(Clone)]
struct State {
    allowed: Vec<u64>,
    extras: Vec<BTreeSet<ExtraName>>,
    needed: Vec<bool>,
    chosen: Vec<Option<usize>>,
}

impl Exhaustive {
    /// Prepares a world. The providers must be `wheel` and `nixpkgs`, which have no version in common, and the target that
    /// of [`RUNS_HERE`].
    ///
    /// # Panics
    /// When the world is not well-formed or not small.
    #[must_use]
    pub fn new(scenario: &Scenario) -> Self {
        let request = scenario.ask.request();
        let environment = request.targets[0].marker_environment();
        let own: Vec<&Requirement> = request
            .requirements
            .iter()
            .chain(&request.constraints)
            .map(|root| &root.requirement)
            .filter(|requirement| requirement.evaluate_markers(&environment, &[]))
            .collect();
        let mut found: Vec<(PackageName, Release)> = Vec::new();
        for package in &scenario.packages {
            let (name, version) = package.name_and_version();
            let name: PackageName = name.parse().expect("a name");
            let version: Version = version.parse().expect("a version");
            let runs = package.wheels.iter().any(|tag| RUNS_HERE.contains(&tag.as_str()));
            let python = package.requires_python.as_deref().is_none_or(|demand| {
                specifier::matches_all(
                    &demand.parse().expect("specifiers"),
                    environment.python_full_version(),
                )
            });
            let standing = package.yanked.is_none() || specifiers(&own, &name).any(|s| pins(s, &version));
            let release = Release {
                version,
                tier: tier(&request.policy.providers, &name, &Provider::Wheel),
                usable: runs && python && standing,
                needs: Vec::new(),
                extra_needs: BTreeMap::new(),
            };
            found.push((name, release));
        }
        for attribute in &scenario.nixpkgs {
            let (name, version) = attribute.name_and_version();
            let name: PackageName = name.parse().expect("a name");
            let release = Release {
                version: version.parse().expect("a version"),
                tier: tier(&request.policy.providers, &name, &Provider::Nixpkgs),
                usable: attribute.defect.is_none(),
                needs: Vec::new(),
                extra_needs: BTreeMap::new(),
            };
            found.push((name, release));
        }
        let mut projects: Vec<Project> = Vec::new();
        for (name, release) in found {
            // What a list does not name is not looked at, not even to see whether all are pre-releases.
            if release.tier.is_none() {
                continue;
            }
            match projects.iter_mut().find(|project| project.name == name) {
                Some(project) => project.releases.push(release),
                None => projects.push(Project {
                    prerelease_named: specifiers(&own, &name).any(asks_for_prerelease),
                    preferred: request.preferences.get(&name).cloned(),
                    releases: vec![release],
                    name: name.clone(),
                }),
            }
        }
        let mut world = Self {
            rule: request.policy.prerelease,
            constrained: vec![u64::MAX; projects.len()],
            projects,
            roots: Vec::new(),
        };
        let packages = scenario
            .packages
            .iter()
            .map(|p| (p.name_and_version(), &p.requires));
        let attributes = scenario
            .nixpkgs
            .iter()
            .map(|p| (p.name_and_version(), &p.requires));
        for ((name, version), requires) in packages.chain(attributes) {
            let (needs, extra_needs) = world.needs(requires, &environment);
            let project = world.projects.iter_mut().find(|p| p.name.as_ref() == name);
            let mut releases = project.into_iter().flat_map(|project| &mut project.releases);
            if let Some(release) = releases.find(|r| r.version.to_string() == version) {
                (release.needs, release.extra_needs) = (needs, extra_needs);
            }
        }
        world.roots = world.needs(&scenario.ask.requirements, &environment).0;
        for need in world.needs(&scenario.ask.constraints, &environment).0 {
            if let Some(at) = need.project {
                world.constrained[at] &= need.allowed;
            }
        }
        world
    }

    /// The dependencies without extras, and those of each of the two extras of generated worlds.
    fn needs(
        &self,
        texts: &[String],
        environment: &MarkerEnvironment,
    ) -> (Vec<Need>, BTreeMap<ExtraName, Vec<Need>>) {
        let requirements: Vec<Requirement> = texts
            .iter()
            .map(|text| text.parse().expect("a requirement"))
            .collect();
        let (always, other): (Vec<_>, Vec<_>) = requirements
            .into_iter()
            .partition(|r| r.evaluate_markers(environment, &[]));
        let with = |extra: &str| {
            let extra: ExtraName = extra.parse().expect("an extra");
            let asked = std::slice::from_ref(&extra);
            let added = other.iter().filter(|r| r.evaluate_markers(environment, asked));
            (extra.clone(), added.map(|r| self.need(r)).collect())
        };
        let extra_needs = ["x", "y"].map(with).into_iter().collect();
        (always.iter().map(|r| self.need(r)).collect(), extra_needs)
    }

    fn need(&self, requirement: &Requirement) -> Need {
        let project = self.projects.iter().position(|p| p.name == requirement.name);
        let releases = project.map_or(&[][..], |at| &self.projects[at].releases);
        let matches = |release: &Release| match &requirement.version_or_url {
            None => true,
            Some(VersionOrUrl::VersionSpecifier(set)) => specifier::matches_all(set, &release.version),
            Some(VersionOrUrl::Url(_)) => panic!("URLs are not searched"),
        };
        let places = releases
            .iter()
            .enumerate()
            .filter(|(_, release)| matches(release));
        Need {
            project,
            allowed: places.fold(0, |mask, (at, _)| mask | 1 << at),
            extras: requirement.extras.clone(),
        }
    }

    /// Every solution.
    #[must_use]
    pub fn solutions(&self, resort: Resort) -> Vec<Solution> {
        let count = self.projects.len();
        let mut state = State {
            allowed: self.constrained.clone(),
            extras: vec![BTreeSet::new(); count],
            needed: vec![false; count],
            chosen: vec![None; count],
        };
        let mut found = Vec::new();
        if self.roots.iter().all(|need| self.demand(&mut state, need)) {
            self.branch(&state, resort, &mut found);
        }
        found
    }

    fn branch(&self, state: &State, resort: Resort, found: &mut Vec<Solution>) {
        let open = (0..self.projects.len()).find(|at| state.needed[*at] && state.chosen[*at].is_none());
        let Some(at) = open else {
            let chosen = self.projects.iter().zip(&state.chosen);
            let versions = chosen.filter_map(|(project, place)| {
                Some((project.name.clone(), project.releases[(*place)?].version.clone()))
            });
            found.push(versions.collect());
            return;
        };
        for (place, release) in self.projects[at].releases.iter().enumerate() {
            if state.allowed[at] & 1 << place == 0 || !self.usable(at, place, resort) {
                continue;
            }
            let mut next = state.clone();
            next.chosen[at] = Some(place);
            let extras = next.extras[at].clone();
            let added = extras.iter().filter_map(|extra| release.extra_needs.get(extra));
            let mut needs = release.needs.iter().chain(added.flatten());
            if needs.all(|need| self.demand(&mut next, need)) {
                self.branch(&next, resort, found);
            }
        }
    }

    /// Takes a demand into the state; `false` when it contradicts what is chosen.
    fn demand(&self, state: &mut State, need: &Need) -> bool {
        let Some(at) = need.project else { return false };
        state.needed[at] = true;
        state.allowed[at] &= need.allowed;
        if state.chosen[at].is_some_and(|place| state.allowed[at] & 1 << place == 0) {
            return false;
        }
        need.extras.iter().all(|extra| {
            let new = state.extras[at].insert(extra.clone());
            let added = state.chosen[at].filter(|_| new).map(|place| {
                let release = &self.projects[at].releases[place];
                release.extra_needs.get(extra).map_or(&[][..], Vec::as_slice)
            });
            added.is_none_or(|needs| needs.iter().all(|need| self.demand(state, need)))
        })
    }

    fn usable(&self, at: usize, place: usize, resort: Resort) -> bool {
        let release = &self.projects[at].releases[place];
        release.usable
            && (!release.version.any_prerelease()
                || self.prerelease_welcome(at)
                || (resort == Resort::Last && self.rule == Prerelease::IfNecessaryOrExplicit))
    }

    /// Whether pre-releases of a package are versions like any other.
    fn prerelease_welcome(&self, at: usize) -> bool {
        let project = &self.projects[at];
        match self.rule {
            Prerelease::Allow => true,
            Prerelease::Disallow => false,
            Prerelease::IfNecessaryOrExplicit => {
                project.prerelease_named || project.releases.iter().all(|r| r.version.any_prerelease())
            }
        }
    }

    /// Whether what comes before nixpkgs in a package's list leaves nothing to choose: then nixpkgs has to be asked.
    #[must_use]
    pub fn needs_nixpkgs(&self, name: &PackageName, providers: &Providers) -> bool {
        let Some(nixpkgs) = tier(providers, name, &Provider::Nixpkgs) else {
            return false;
        };
        let project = self.projects.iter().find(|project| project.name == *name);
        !project.is_some_and(|project| {
            project.releases.iter().any(|release| {
                let welcome = project.prerelease_named || self.rule == Prerelease::Allow;
                release.usable
                    && release.tier < Some(nixpkgs)
                    && (!release.version.any_prerelease() || (welcome && self.rule != Prerelease::Disallow))
                    && project
                        .preferred
                        .as_ref()
                        .is_none_or(|preferred| release.version == *preferred)
            })
        })
    }

    /// How much a version is wanted: what an existing lock has first, then final releases, then those of the first
    /// providers, then the newest.
    fn rank<'v>(
        &self,
        name: &PackageName,
        version: &'v Version,
    ) -> (bool, bool, Reverse<Option<usize>>, &'v Version) {
        let at = self.projects.iter().position(|p| p.name == *name);
        let at = at.expect("solutions are made of the world's packages");
        let release = self.projects[at].releases.iter().find(|r| r.version == *version);
        (
            self.projects[at].preferred.as_ref() == Some(version),
            !version.any_prerelease() || self.prerelease_welcome(at),
            Reverse(release.and_then(|release| release.tier)),
            version,
        )
    }

    /// Whether a solution is one that the rules prefer.
    ///
    /// The rules: packages are decided one after the other, each only once something decided needs it, and each gets
    /// the most wanted version with which there still is a solution. In what order is left open here, because the order
    /// is a matter of speed. Whatever it is, this holds: the most wanted version of everything is taken where that is a
    /// solution, and no single package could have a more wanted version with all others as they are.
    #[must_use]
    pub fn prefers(&self, solution: &Solution, solutions: &[Solution]) -> bool {
        let mut rest: Vec<&Solution> = solutions.iter().collect();
        let mut open: Vec<&PackageName> = solution.keys().collect();
        // Deciding a package only leaves fewer alternatives to the others, so that any that can be decided may be next.
        while !open.is_empty() {
            let decided = open.iter().position(|name| {
                let chosen = self.rank(name, &solution[*name]);
                let among =
                    |other: &&Solution| other.get(*name).is_some_and(|v| self.rank(name, v) <= chosen);
                rest.iter().all(among)
            });
            let Some(at) = decided else { return false };
            let name = open.swap_remove(at);
            rest.retain(|other| other.get(name) == Some(&solution[name]));
        }
        rest.contains(&solution)
    }
}

/// The tier of a provider in a package's list.
fn tier(providers: &Providers, name: &PackageName, provider: &Provider) -> Option<usize> {
    let mut ranked = providers.of(name).ranked();
    ranked
        .find(|(_, ranked)| *ranked == provider)
        .map(|(tier, _)| tier)
}

fn specifiers<'r>(
    own: &'r [&Requirement],
    name: &'r PackageName,
) -> impl Iterator<Item = &'r VersionSpecifier> {
    let sets = own
        .iter()
        .filter(move |r| r.name == *name)
        .filter_map(|r| match &r.version_or_url {
            Some(VersionOrUrl::VersionSpecifier(set)) => Some(set.iter()),
            _ => None,
        });
    sets.flatten()
}

/// Whether a specifier is an exact pin (PEP 592) to a version.
fn pins(specifier: &VersionSpecifier, version: &Version) -> bool {
    let operator = specifier.operator().to_string();
    matches!(operator.as_str(), "==" | "===")
        && !specifier.operator().is_star()
        && specifier.version() == version
}

/// Excluding a pre-release does not ask for others.
fn asks_for_prerelease(specifier: &VersionSpecifier) -> bool {
    specifier.any_prerelease() && !specifier.to_string().starts_with('!')
}
