//! The state of a search: candidates, sets of versions and priorities, which are loaded from the index on demand.

use std::cell::{Cell, RefCell, RefMut};
use std::cmp::Reverse;
use std::rc::Rc;
use std::sync::Arc;

use mach_nix_conda::CondaSpec;
use mach_nix_model::{
    CoreMetadata, IndexError, MarkerEnvironment, PackageIndex, PackageName, Provider, Requirement,
    VersionSpecifiers, specifier,
};
use pubgrub::VersionSet;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::ahead::Ahead;
use crate::artifact::Artifact;
use crate::candidates::{Candidates, NixpkgsRules};
use crate::conda::{Conda, OwnedRecords};
use crate::error::ResolveError;
use crate::node::Node;
use crate::priority::{Priorities, Priority, Urgency, freedom};
use crate::problem::{Problem, RootRequirement};
use crate::references::references;
use crate::rules::Rules;
use crate::slots::{ABSENT, Slot, SlotSet};

/// The only version of the root.
pub const ROOT_SLOT: Slot = 0;

/// The state of an attempt.
pub struct Search<'a> {
    pub problem: &'a Problem<'a>,
    pub index: &'a dyn PackageIndex,
    pub rules: Arc<Rules>,
    /// The conda channels, where there are any.
    pub conda: Option<Conda<'a>>,
    /// The user's requirements that say where a package is, by its name.
    references: FxHashMap<PackageName, Requirement>,
    /// The names in the user's requirements.
    own_names: FxHashSet<PackageName>,
    /// Packages for which nixpkgs is queried whenever their providers include it.
    nixpkgs_names: FxHashSet<PackageName>,
    /// The marker environment of the target.
    pub environment: MarkerEnvironment,
    candidates: RefCell<FxHashMap<PackageName, Rc<Candidates>>>,
    matching: RefCell<FxHashMap<(PackageName, String), SlotSet>>,
    /// The versions of a package that satisfy pinning requirements.
    pins: RefCell<FxHashMap<PackageName, Vec<SlotSet>>>,
    priorities: RefCell<Priorities>,
    /// The dependencies of releases with known metadata, by name.
    needed: RefCell<FxHashMap<PackageName, FxHashSet<PackageName>>>,
    ahead: RefCell<Ahead>,
    met_prereleases: Cell<bool>,
    /// The number of remaining steps.
    steps: Cell<u64>,
}

impl<'a> Search<'a> {
    /// A new search.
    pub fn new(
        problem: &'a Problem<'a>,
        index: &'a dyn PackageIndex,
        prerelease_fallback: bool,
        nixpkgs_names: FxHashSet<PackageName>,
    ) -> Result<Self, ResolveError> {
        let environment = problem.target.marker_environment();
        // A line whose marker is false for this target is ignored.
        let holds = |root: &&RootRequirement| root.requirement.evaluate_markers(&environment, &[]);
        let own = problem.requirements.iter().filter(holds);
        let constraints = problem.constraints.iter().filter(holds);
        let rules = Arc::new(Rules::new(problem, &environment, prerelease_fallback));
        Ok(Self {
            problem,
            index,
            conda: Conda::new(problem, index, rules.properties.as_ref()),
            rules,
            references: references(own.clone().chain(constraints))?,
            own_names: own.map(|root| root.requirement.name.clone()).collect(),
            nixpkgs_names,
            environment,
            candidates: RefCell::default(),
            matching: RefCell::default(),
            pins: RefCell::default(),
            priorities: RefCell::default(),
            needed: RefCell::default(),
            ahead: RefCell::default(),
            met_prereleases: Cell::new(false),
            steps: Cell::new(u64::MAX),
        })
    }

    /// Limits the number of steps.
    pub fn limited(self, steps: u64) -> Self {
        self.steps.set(steps);
        self
    }

    /// Counts a step.
    pub fn take_step(&self) -> Result<(), IndexError> {
        let left = self.steps.get().checked_sub(1);
        self.steps.set(left.ok_or(IndexError::BudgetExhausted)?);
        Ok(())
    }

    /// The candidates of a package, which are loaded from the index on first use.
    pub fn candidates(&self, name: &PackageName) -> Result<Rc<Candidates>, ResolveError> {
        if let Some(known) = self.candidates.borrow().get(name) {
            return Ok(known.clone());
        }
        let loaded = if let Some(reference) = self.references.get(name) {
            Candidates::direct(self.index, reference, &self.rules)?
        } else {
            let ranked = self.problem.policy.providers.of(name).ranked();
            let ranked = ranked.map(|(tier, provider)| (tier, provider.clone())).collect();
            let preferred = self.problem.preferences.get(name);
            let conda = self.owned_records(name)?;
            let rules_of_nixpkgs = NixpkgsRules {
                nixpkgs_at_once: self.nixpkgs_names.contains(name),
                is_own: self.own_names.contains(name),
            };
            Candidates::load(
                self.index,
                name,
                ranked,
                preferred,
                rules_of_nixpkgs,
                &self.rules,
                &conda,
            )?
        };
        let loaded = Rc::new(loaded);
        self.candidates.borrow_mut().insert(name.clone(), loaded.clone());
        Ok(loaded)
    }

    /// The conda packages that are candidates of a project.
    fn owned_records(&self, name: &PackageName) -> Result<Vec<OwnedRecords>, IndexError> {
        let Some(conda) = &self.conda else {
            return Ok(Vec::new());
        };
        let ranked = self.problem.policy.providers.of(name).ranked();
        conda.owned(name, ranked.map(|(_, provider)| provider))
    }

    /// The slots of a project that meet a match spec.
    pub fn meeting_spec(&self, candidates: &Candidates, name: &PackageName, spec: &CondaSpec) -> SlotSet {
        let key = (name.clone(), format!("conda:{spec}"));
        if let Some(known) = self.matching.borrow().get(&key) {
            return known.clone();
        }
        let set = candidates.meeting(spec);
        self.matching.borrow_mut().insert(key, set.clone());
        set
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

    /// The packages for which nixpkgs is queried whenever their providers include it.
    pub fn nixpkgs_names(&self) -> &FxHashSet<PackageName> {
        &self.nixpkgs_names
    }

    /// Whether nixpkgs was queried about a package already.
    pub fn has_queried_nixpkgs(&self, name: &PackageName) -> bool {
        let known = self.candidates.borrow();
        known
            .get(name)
            .is_some_and(|candidates| candidates.has_queried_nixpkgs())
    }

    /// Records that a pre-release was skipped.
    pub fn note_prereleases(&self) {
        self.met_prereleases.set(true);
    }

    /// Whether any pre-release was skipped.
    pub fn met_prereleases(&self) -> bool {
        self.met_prereleases.get()
    }

    /// The slots of a package whose versions satisfy a specifier.
    pub fn matching(
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
        if specifiers.iter().any(specifier::pins) {
            let mut pins = self.pins.borrow_mut();
            pins.entry(name.clone()).or_default().push(set.clone());
        }
        self.matching.borrow_mut().insert(key, set.clone());
        set
    }

    /// The user's requirements that apply to the target, in the order of discovery. The order determines which package
    /// yields in a conflict (see [`crate::priority`]), so that it must not depend on the order of the user's lines.
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

    /// Whether a requirement's marker is true for the target, without any extra.
    pub fn holds(&self, requirement: &Requirement) -> bool {
        requirement.evaluate_markers(&self.environment, &[])
    }

    /// The requirements of a package that apply to the target; for an extra, only the additional ones.
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

    /// The metadata of the file in a slot, or the reason why it makes the candidate unusable.
    pub fn read_metadata(
        &self,
        name: &PackageName,
        candidates: &Candidates,
        slot: Slot,
    ) -> Result<Result<Arc<CoreMetadata>, String>, ResolveError> {
        let metadata = match candidates.artifact(slot).as_deref() {
            Ok(Artifact::File(file)) => self.index.metadata(name, file)?,
            Ok(Artifact::Direct(referenced)) => self.index.metadata(name, &referenced.file)?,
            Ok(Artifact::Nixpkgs(package)) => package.metadata.clone(),
            // A channel states dependencies in another language: see `conda::edges`.
            Ok(Artifact::Conda(_)) => Arc::default(),
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

    /// The user's direct reference for a package.
    pub fn reference(&self, name: &PackageName) -> Option<&Requirement> {
        self.references.get(name)
    }

    /// Whether nixpkgs is the only provider of a package.
    pub fn only_nixpkgs(&self, name: &PackageName) -> bool {
        let mut ranked = self.problem.policy.providers.of(name).ranked();
        ranked.all(|(_, provider)| *provider == Provider::Nixpkgs)
    }

    /// Whether the candidates of a package are known.
    pub fn is_loaded(&self, name: &PackageName) -> bool {
        self.candidates.borrow().contains_key(name)
    }
}

impl Search<'_> {
    /// The priorities known so far.
    pub fn priorities(&self) -> RefMut<'_, Priorities> {
        self.priorities.borrow_mut()
    }

    /// What was announced to the index.
    pub fn ahead(&self) -> RefMut<'_, Ahead> {
        self.ahead.borrow_mut()
    }

    /// Logs that a version is tried, and how many are decided.
    pub fn log_decision(&self, node: &Node, slot: Slot, decided: impl FnOnce() -> usize) {
        if tracing::enabled!(tracing::Level::INFO) {
            tracing::info!(decided = decided(), "trying {}", self.shown(node, slot));
        }
    }

    /// A version of a node for messages.
    pub fn shown(&self, node: &Node, slot: Slot) -> String {
        if slot == ABSENT {
            return format!("{node}, which is not needed");
        }
        if let (Some(conda), Node::Conda(name)) = (&self.conda, node)
            && let Ok(listing) = conda.listing(name)
        {
            return listing.record(slot).to_string();
        }
        let known = self.candidates.borrow();
        match node.name().and_then(|name| known.get(name)) {
            Some(known) => format!("{node} {} ({})", known.version(slot), known.provider(slot)),
            None => node.to_string(),
        }
    }

    /// The priority of a node with this set of remaining versions.
    pub fn priority(&self, node: &Node, set: &SlotSet) -> Priority {
        if self.conda.is_some() && *node != Node::Root && set.may_be_absent() {
            return (Urgency::Limited, self.priorities.borrow().order(node));
        }
        let Some(name) = node.name() else {
            return self.priority_outside(node);
        };
        let may_need_build = self.announce_best(node, name, set);
        let priorities = self.priorities.borrow();
        let pins = self.pins.borrow();
        let pins = pins.get(name);
        let is_pinned = self.references.contains_key(name)
            || pins.is_some_and(|pins| pins.iter().any(|pin| set.subset_of(pin)));
        let urgency = match priorities.by_conflicts(node) {
            _ if is_pinned => Urgency::Pinned,
            // A package that was often rejected is not decided last, which would iterate over all of its releases.
            Some(Urgency::Rejected) => Urgency::Rejected,
            _ if may_need_build => Urgency::Build,
            by_conflicts => by_conflicts.unwrap_or(Urgency::Ordinary),
        };
        (urgency, priorities.order(node))
    }

    /// The priority of a node that is not a Python project.
    fn priority_outside(&self, node: &Node) -> Priority {
        if !matches!(node, Node::Conda(_)) {
            return (Urgency::Root, Reverse(0));
        }
        let priorities = self.priorities.borrow();
        let urgency = priorities.by_conflicts(node).unwrap_or(Urgency::Ordinary);
        (urgency, priorities.order(node))
    }
}

impl Search<'_> {
    /// Announces the best release that is left of a package. Whether its metadata may have to be built, and it is not the
    /// package's best: then everything else is decided first, which may spare the build.
    fn announce_best(&self, node: &Node, name: &PackageName, set: &SlotSet) -> bool {
        let known = self.candidates.borrow();
        let Some(candidates) = known.get(name) else {
            return false;
        };
        let preferred = self.problem.preferences.get(name);
        let Some(best) = candidates.best(set, preferred) else {
            return false;
        };
        if matches!(node, Node::Package(_)) {
            self.announce_candidate(name, candidates, best);
        }
        self.is_old_source(name, candidates, best)
    }

    /// Records the dependencies of a release with known metadata.
    pub fn note_needed(&self, name: &PackageName, needed: &[&Requirement]) {
        let mut known = self.needed.borrow_mut();
        let names = needed.iter().map(|requirement| requirement.name.clone());
        known.entry(name.clone()).or_default().extend(names);
    }

    /// Whether a release with known metadata needs a package.
    pub fn is_needed_by_others(&self, name: &PackageName, needed: &PackageName) -> bool {
        let known = self.needed.borrow();
        known.get(name).is_some_and(|names| names.contains(needed))
    }
}
