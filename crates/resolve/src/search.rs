//! The search: PubGrub's questions, answered from the index.

use std::cell::{Cell, RefCell, RefMut};
use std::cmp::Reverse;
use std::rc::Rc;

use mach_nix_model::{
    CoreMetadata, IndexError, MarkerEnvironment, PackageIndex, PackageName, Provider, Requirement,
    VersionOrUrl, VersionSpecifier, VersionSpecifiers, specifier,
};
use mach_nix_tags::CompatibleTags;
use pubgrub::{
    Dependencies, DependencyConstraints, DependencyProvider, PackageResolutionStatistics, VersionSet,
};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::candidates::{Artifact, Asking, Candidates, Rules};
use crate::error::ResolveError;
use crate::node::Node;
use crate::priority::{Priorities, Priority, Urgency, freedom};
use crate::problem::{Problem, RootRequirement};
use crate::slots::{Slot, SlotSet};

/// The one version of the root.
pub const ROOT_SLOT: Slot = 0;

/// The state of one attempt.
pub struct Search<'a> {
    pub problem: &'a Problem<'a>,
    pub index: &'a dyn PackageIndex,
    pub rules: Rules,
    /// The user's requirements that say where a package is, by its name.
    references: FxHashMap<PackageName, Requirement>,
    /// The names of the user's requirements.
    own_names: FxHashSet<PackageName>,
    /// Packages of which nixpkgs is asked wherever their providers name it.
    ask_nixpkgs: FxHashSet<PackageName>,
    environment: MarkerEnvironment,
    candidates: RefCell<FxHashMap<PackageName, Rc<Candidates>>>,
    matching: RefCell<FxHashMap<(PackageName, String), SlotSet>>,
    /// What requirements that pin a version leave of a package.
    pins: RefCell<FxHashMap<PackageName, Vec<SlotSet>>>,
    priorities: RefCell<Priorities>,
    /// What releases with known metadata need, by their names.
    needed: RefCell<FxHashMap<PackageName, FxHashSet<PackageName>>>,
    met_prereleases: Cell<bool>,
    /// So many steps may be taken.
    steps: Cell<u64>,
}

impl<'a> Search<'a> {
    pub fn new(
        problem: &'a Problem<'a>,
        index: &'a dyn PackageIndex,
        prerelease_fallback: bool,
        ask_nixpkgs: FxHashSet<PackageName>,
    ) -> Result<Self, ResolveError> {
        let target = problem.target;
        let environment = target.marker_environment();
        // A line whose marker does not hold for this target says nothing.
        let own = || {
            let all = problem.requirements.iter().chain(problem.constraints);
            all.filter(|root| root.requirement.evaluate_markers(&environment, &[]))
        };
        let specifiers = || {
            own().filter_map(|root| match &root.requirement.version_or_url {
                Some(VersionOrUrl::VersionSpecifier(specifiers)) => {
                    Some((&root.requirement.name, specifiers))
                }
                _ => None,
            })
        };
        let rules = Rules {
            target,
            tags: CompatibleTags::for_target(target.python, target.system),
            python: environment.python_full_version().version.clone(),
            exclude_newer: problem.exclude_newer,
            prerelease: problem.prerelease,
            prerelease_fallback,
            hashes: problem.hashes.clone(),
            prerelease_named: specifiers()
                .filter(|(_, specifiers)| specifiers.iter().any(names_prerelease))
                .map(|(name, _)| name.clone())
                .collect(),
            pinned: specifiers()
                .flat_map(|(name, specifiers)| {
                    let exact = specifiers.iter().filter(|s| pins(s));
                    exact.map(|s| (name.clone(), s.version().clone()))
                })
                .collect(),
        };
        Ok(Self {
            problem,
            index,
            rules,
            references: references(own())?,
            own_names: problem
                .requirements
                .iter()
                .filter(|root| root.requirement.evaluate_markers(&environment, &[]))
                .map(|root| root.requirement.name.clone())
                .collect(),
            ask_nixpkgs,
            environment,
            candidates: RefCell::default(),
            matching: RefCell::default(),
            pins: RefCell::default(),
            priorities: RefCell::default(),
            needed: RefCell::default(),
            met_prereleases: Cell::new(false),
            steps: Cell::new(u64::MAX),
        })
    }

    /// The same, which gives up after so many steps.
    pub fn limited(self, steps: u64) -> Self {
        self.steps.set(steps);
        self
    }

    /// The candidates of a package; asks the index the first time.
    pub fn candidates(&self, name: &PackageName) -> Result<Rc<Candidates>, ResolveError> {
        if let Some(known) = self.candidates.borrow().get(name) {
            return Ok(known.clone());
        }
        let loaded = if let Some(reference) = self.references.get(name) {
            Candidates::direct(self.index, reference)?
        } else {
            let ranked = self.problem.providers.of(name).ranked();
            let ranked = ranked.map(|(tier, provider)| (tier, provider.clone())).collect();
            let preferred = self.problem.preferences.get(name);
            let asking = Asking {
                nixpkgs_at_once: self.ask_nixpkgs.contains(name),
                is_own: self.own_names.contains(name),
            };
            Candidates::load(self.index, name, ranked, preferred, asking, &self.rules)?
        };
        let loaded = Rc::new(loaded);
        self.candidates.borrow_mut().insert(name.clone(), loaded.clone());
        Ok(loaded)
    }

    /// Why there is no nixpkgs, where it would have been asked.
    pub fn no_nixpkgs(&self) -> Option<String> {
        let known = self.candidates.borrow();
        let mut reasons: Vec<&str> = known
            .values()
            .filter_map(|candidates| candidates.no_nixpkgs())
            .collect();
        reasons.sort_unstable();
        reasons.first().map(|reason| (*reason).to_owned())
    }

    /// The packages of which nixpkgs is asked wherever their providers name it.
    pub fn asked_of_nixpkgs(&self) -> &FxHashSet<PackageName> {
        &self.ask_nixpkgs
    }

    /// Whether nixpkgs was asked about a package already.
    pub fn is_told_of_nixpkgs(&self, name: &PackageName) -> bool {
        let known = self.candidates.borrow();
        known
            .get(name)
            .is_some_and(|candidates| candidates.is_nixpkgs_asked())
    }

    /// Whether a pre-release was passed over anywhere.
    pub fn met_prereleases(&self) -> bool {
        self.met_prereleases.get()
    }

    fn matching(
        &self,
        candidates: &Candidates,
        name: &PackageName,
        specifiers: &VersionSpecifiers,
    ) -> SlotSet {
        if specifiers.is_empty() {
            return SlotSet::full();
        }
        let key = (name.clone(), specifiers.to_string());
        if let Some(known) = self.matching.borrow().get(&key) {
            return known.clone();
        }
        let set = candidates.matching(specifiers);
        if specifiers.iter().any(pins) {
            let mut pins = self.pins.borrow_mut();
            pins.entry(name.clone()).or_default().push(set.clone());
        }
        self.matching.borrow_mut().insert(key, set.clone());
        set
    }

    /// The user's requirements that hold for the target, in the order in which they are met. It decides who gives way in a
    /// conflict (see [`crate::priority`]), so that it must not depend on the order of the user's lines.
    pub fn own_requirements(&self) -> Vec<&RootRequirement> {
        let all = self.problem.requirements.iter();
        let mut own: Vec<&RootRequirement> = all.filter(|root| self.holds(&root.requirement)).collect();
        let mut freedoms = FxHashMap::<&PackageName, u8>::default();
        for root in &own {
            let least = freedoms.entry(&root.requirement.name).or_insert(u8::MAX);
            *least = freedom(&root.requirement).min(*least);
        }
        own.sort_by_cached_key(|root| {
            let RootRequirement { requirement, origin } = root;
            let name = &requirement.name;
            (
                freedoms.get(name).copied(),
                name.clone(),
                requirement.to_string(),
                origin.clone(),
            )
        });
        own
    }

    /// Whether a requirement's marker holds for the target, without any extra.
    pub fn holds(&self, requirement: &Requirement) -> bool {
        requirement.evaluate_markers(&self.environment, &[])
    }

    /// What the user's requirements ask of the root.
    fn root_dependencies(&self) -> Result<Needs, ResolveError> {
        let active = self.own_requirements();
        let requirements: Vec<&Requirement> = active.iter().map(|root| &root.requirement).collect();
        self.announce(&requirements);
        let mut needs = Needs::default();
        for root in active {
            self.add(&mut needs, &root.requirement)?;
        }
        Ok(needs)
    }

    /// What a package in a version asks for; with an extra, what the extra adds.
    fn package_dependencies(
        &self,
        node: &Node,
        name: &PackageName,
        slot: Slot,
    ) -> Result<Result<Needs, String>, ResolveError> {
        let candidates = self.candidates(name)?;
        if let Some(reason) = self.hopeless(name, &candidates, slot)? {
            return Ok(Err(reason));
        }
        let metadata = match self.read_metadata(name, &candidates, slot)? {
            Ok(metadata) => metadata,
            Err(unusable) => return Ok(Err(unusable)),
        };
        let extras = match node {
            Node::Extra(_, extra) => std::slice::from_ref(extra),
            _ => &[],
        };
        if let Some(reason) = metadata.unreadable_with(&self.environment, extras) {
            return Ok(Err(reason.to_owned()));
        }
        let mut needs = Needs::default();
        if matches!(node, Node::Extra(..)) {
            needs.push(Node::Package(name.clone()), SlotSet::singleton(slot));
        }
        let active = self.requirements_of(node, &metadata);
        self.announce(&active);
        let mut needed = self.needed.borrow_mut();
        let names = active.iter().map(|requirement| requirement.name.clone());
        needed.entry(name.clone()).or_default().extend(names);
        drop(needed);
        for requirement in active {
            if !self.may_refer(requirement) {
                return Ok(Err(format!(
                    "it depends on an address, `{requirement}`; to trust that, add this to the requirements"
                )));
            }
            if requirement.name == *name && requirement.extras.is_empty() {
                continue;
            }
            self.add(&mut needs, requirement)?;
        }
        Ok(Ok(needs))
    }

    /// Whether a package's requirement is no direct reference, or one that the user makes too: nobody else may say where
    /// code comes from.
    fn may_refer(&self, requirement: &Requirement) -> bool {
        let own = || self.references.get(&requirement.name)?.version_or_url.as_ref();
        match &requirement.version_or_url {
            Some(VersionOrUrl::Url(_)) => requirement.version_or_url.as_ref() == own(),
            _ => true,
        }
    }

    /// The requirements of a package that hold for the target; of an extra, only those that it adds.
    pub fn requirements_of<'m>(&self, node: &Node, metadata: &'m CoreMetadata) -> Vec<&'m Requirement> {
        let all = metadata.requires_dist.iter();
        match node {
            Node::Extra(_, extra) => {
                let with = std::slice::from_ref(extra);
                all.filter(|r| r.evaluate_markers(&self.environment, with) && !self.holds(r))
                    .collect()
            }
            _ => all.filter(|r| self.holds(r)).collect(),
        }
    }

    /// The metadata of the file in a slot, or why it makes the candidate unusable.
    pub fn read_metadata(
        &self,
        name: &PackageName,
        candidates: &Candidates,
        slot: Slot,
    ) -> Result<Result<std::sync::Arc<CoreMetadata>, String>, ResolveError> {
        let metadata = match candidates.artifact(slot, &self.rules).as_deref() {
            Ok(Artifact::File(file)) => self.index.metadata(name, file)?,
            Ok(Artifact::Direct(referenced)) => self.index.metadata(name, &referenced.file)?,
            Ok(Artifact::Nixpkgs(package)) => package.metadata.clone(),
            Err(unusable) => return Ok(Err(unusable.to_string())),
        };
        if let Some(defect) = &metadata.defect {
            return Ok(Err(defect.clone()));
        }
        if let Some(demand) = &metadata.requires_python
            && !specifier::matches_all(demand, &self.rules.python)
        {
            return Ok(Err(format!("it needs Python {demand}")));
        }
        Ok(Ok(metadata))
    }

    /// Tells the index which names will be asked for next, so that they arrive together.
    fn announce(&self, requirements: &[&Requirement]) {
        let known = self.candidates.borrow();
        let names: Vec<PackageName> = requirements
            .iter()
            .map(|r| &r.name)
            .filter(|name| !known.contains_key(*name))
            .cloned()
            .collect();
        drop(known);
        let first = |name: &&PackageName| {
            let mut ranked = self.problem.providers.of(name).ranked();
            ranked.any(|(tier, provider)| tier == 0 && *provider == Provider::Nixpkgs)
        };
        let in_nixpkgs: Vec<PackageName> = names.iter().filter(first).cloned().collect();
        if !in_nixpkgs.is_empty() {
            self.index.expect_nixpkgs(&in_nixpkgs, self.problem.target);
        }
        if !names.is_empty() {
            self.index.expect_projects(&names);
        }
    }

    /// Adds the edges of one requirement.
    fn add(&self, needs: &mut Needs, requirement: &Requirement) -> Result<(), ResolveError> {
        let name = &requirement.name;
        self.priorities.borrow_mut().meet(name);
        let candidates = self.candidates(name)?;
        let mut set = match &requirement.version_or_url {
            Some(VersionOrUrl::VersionSpecifier(specifiers)) => self.matching(&candidates, name, specifiers),
            _ => SlotSet::full(),
        };
        // Constraints of the user hold wherever a package is needed.
        for constraint in self.constraints_on(name) {
            if let Some(VersionOrUrl::VersionSpecifier(specifiers)) = &constraint.requirement.version_or_url {
                set = set.intersection(&self.matching(&candidates, name, specifiers));
            }
        }
        if let Some(best) = candidates.best(&set, self.problem.preferences.get(name), &self.rules)
            && let Ok(artifact) = candidates.artifact(best, &self.rules)
            && let Some(file) = artifact.file()
        {
            self.index.expect_metadata(name, file);
        }
        let extras = requirement
            .extras
            .iter()
            .map(|extra| Node::Extra(name.clone(), extra.clone()));
        for node in std::iter::once(Node::Package(name.clone())).chain(extras) {
            needs.push(node, set.clone());
        }
        Ok(())
    }
}

impl Search<'_> {
    /// What is known about the order of decisions.
    pub fn priorities(&self) -> RefMut<'_, Priorities> {
        self.priorities.borrow_mut()
    }

    /// Logs that a version is tried, and how many are decided.
    pub fn log_decision(&self, node: &Node, slot: Slot, decided: impl FnOnce() -> usize) {
        if tracing::enabled!(tracing::Level::INFO) {
            tracing::info!(decided = decided(), "trying {}", self.shown(node, slot));
        }
    }

    /// A version of a node for people.
    pub fn shown(&self, node: &Node, slot: Slot) -> String {
        let known = self.candidates.borrow();
        match node.name().and_then(|name| known.get(name)) {
            Some(known) => format!("{node} {} ({})", known.version(slot), known.provider(slot)),
            None => node.to_string(),
        }
    }

    /// The priority of a node of which this set is left.
    pub fn priority(&self, node: &Node, set: &SlotSet) -> Priority {
        let Some(name) = node.name() else {
            return (Urgency::Root, Reverse(0));
        };
        let priorities = self.priorities.borrow();
        let pins = self.pins.borrow();
        let is_pinned = self.references.contains_key(name)
            || pins
                .get(name)
                .is_some_and(|pins| pins.iter().any(|pin| set.subset_of(pin)));
        let urgency = match priorities.by_conflicts(name) {
            _ if is_pinned => Urgency::Pinned,
            // What was rejected often is not decided last: that would go on through all of its releases.
            Some(Urgency::Rejected) => Urgency::Rejected,
            _ if self.may_need_build(name, set) => Urgency::Build,
            by_conflicts => by_conflicts.unwrap_or(Urgency::Ordinary),
        };
        (urgency, priorities.order(name))
    }
}

impl Search<'_> {
    /// Whether the metadata of the best release that is left of a package may have to be built, and it is not the package's
    /// best: then everything else is decided first, which may spare the build.
    fn may_need_build(&self, name: &PackageName, set: &SlotSet) -> bool {
        let known = self.candidates.borrow();
        let Some(candidates) = known.get(name) else {
            return false;
        };
        let preferred = self.problem.preferences.get(name);
        let best = candidates.best(set, preferred, &self.rules);
        best.is_some_and(|best| self.is_old_source(name, candidates, best))
    }

    /// Whether the user says where a package is.
    pub fn is_reference(&self, name: &PackageName) -> bool {
        self.references.contains_key(name)
    }

    /// Whether a release whose metadata is known needs a package.
    pub fn is_needed_by_others(&self, name: &PackageName, needed: &PackageName) -> bool {
        let known = self.needed.borrow();
        known.get(name).is_some_and(|names| names.contains(needed))
    }

    /// The best candidate in a set; notes where there are only pre-releases that are not allowed.
    pub fn best_of(&self, candidates: &Candidates, name: &PackageName, set: &SlotSet) -> Option<Slot> {
        let best = candidates.best(set, self.problem.preferences.get(name), &self.rules);
        if best.is_none()
            && set
                .iter(candidates.len())
                .any(|slot| candidates.version(slot).any_prerelease())
        {
            self.met_prereleases.set(true);
        }
        best
    }
}

/// Where the user says that packages are. Two requirements may name the same place, but not two places.
fn references<'r>(
    own: impl Iterator<Item = &'r RootRequirement>,
) -> Result<FxHashMap<PackageName, Requirement>, ResolveError> {
    let mut found = FxHashMap::<PackageName, &RootRequirement>::default();
    for root in own.filter(|root| matches!(root.requirement.version_or_url, Some(VersionOrUrl::Url(_)))) {
        let known = *found.entry(root.requirement.name.clone()).or_insert(root);
        if known.requirement.version_or_url != root.requirement.version_or_url {
            return Err(ResolveError::TwoPlaces {
                first: known.origin.to_string(),
                second: root.origin.to_string(),
                requirements: Box::new([known.requirement.clone(), root.requirement.clone()]),
            });
        }
    }
    let requirements = found
        .into_iter()
        .map(|(name, root)| (name, root.requirement.clone()));
    Ok(requirements.collect())
}

/// The edges out of a node, one per node they lead to, in the order they were met.
#[derive(Default)]
struct Needs(Vec<(Node, SlotSet)>);

impl Needs {
    fn push(&mut self, node: Node, set: SlotSet) {
        match self.0.iter_mut().find(|(known, _)| *known == node) {
            Some((_, known)) => *known = known.intersection(&set),
            None => self.0.push((node, set)),
        }
    }
}

impl DependencyProvider for Search<'_> {
    type P = Node;
    type V = Slot;
    type VS = SlotSet;
    type Priority = Priority;
    type M = String;
    type Err = ResolveError;

    fn should_cancel(&self) -> Result<(), ResolveError> {
        let left = self
            .steps
            .get()
            .checked_sub(1)
            .ok_or(IndexError::BudgetExhausted)?;
        self.steps.set(left);
        Ok(())
    }

    fn prioritize(&self, node: &Node, set: &SlotSet, _: &PackageResolutionStatistics) -> Priority {
        self.priority(node, set)
    }

    fn choose_version(&self, node: &Node, set: &SlotSet) -> Result<Option<Slot>, ResolveError> {
        let Some(name) = node.name() else {
            return Ok(Some(ROOT_SLOT));
        };
        let candidates = self.candidates(name)?;
        Ok(self.best_of(&candidates, name, set))
    }

    fn get_dependencies(
        &self,
        node: &Node,
        slot: &Slot,
    ) -> Result<Dependencies<Node, SlotSet, String>, ResolveError> {
        let needs = match node {
            Node::Root => Ok(self.root_dependencies()?),
            Node::Package(name) | Node::Extra(name, _) => self.package_dependencies(node, name, *slot)?,
        };
        Ok(match needs {
            Ok(needs) => {
                Dependencies::Available(needs.0.into_iter().collect::<DependencyConstraints<_, _>>())
            }
            Err(reason) => Dependencies::Unavailable(reason),
        })
    }
}

/// Whether a specifier asks for pre-releases by naming one; to exclude one is not to ask for others.
fn names_prerelease(specifier: &VersionSpecifier) -> bool {
    specifier.any_prerelease() && specifier.operator().to_string() != "!="
}

/// Whether a specifier leaves one version.
fn pins(specifier: &VersionSpecifier) -> bool {
    // `===` prints as such; pep440_rs deprecates naming its operator.
    !specifier.operator().is_star() && matches!(specifier.operator().to_string().as_str(), "==" | "===")
}
