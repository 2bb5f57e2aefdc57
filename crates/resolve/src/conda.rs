//! The conda channels of a problem (docs/decisions/0059).
//!
//! A conda package is a node of its own, `conda:NAME`, or it owns a Python project, and its records are candidates of that
//! project. The interpreter and virtual packages are not nodes: a spec about them is true or false for the target, and a record with a false one is unusable.

mod edges;
mod listing;
mod properties;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use mach_nix_conda::{Channel, CondaName, CondaRecord, CondaSpec, Subdir, owners};
use mach_nix_model::{IndexError, PackageIndex, PackageName, Provider, Timestamp};
use rustc_hash::FxHashMap;

pub use listing::CondaListing;
pub use properties::Properties;

use crate::node::Node;
use crate::problem::Problem;
use crate::slots::{Slot, SlotSet};

/// The conda channels of a problem.
pub struct Conda<'a> {
    index: &'a dyn PackageIndex,
    channels: Vec<Arc<Channel>>,
    /// The folders whose packages can be installed on the target.
    subdirs: [Subdir; 2],
    /// The properties of the target.
    pub properties: Arc<Properties>,
    listings: RefCell<FxHashMap<CondaName, Rc<CondaListing>>>,
    nodes: RefCell<FxHashMap<CondaName, Node>>,
    matching: RefCell<FxHashMap<(CondaName, String), SlotSet>>,
}

/// The records of a project that a provider serves.
pub struct OwnedRecords {
    pub provider: Provider,
    /// Worst first.
    pub records: Vec<Arc<CondaRecord>>,
}

impl<'a> Conda<'a> {
    /// The channels of a problem; `None` where it has none.
    pub fn new(
        problem: &'a Problem<'a>,
        index: &'a dyn PackageIndex,
        properties: Option<&Arc<Properties>>,
    ) -> Option<Self> {
        let properties = properties?.clone();
        let policy = &problem.policy.conda;
        let system = problem.target.system;
        Some(Self {
            index,
            channels: policy.channels.iter().cloned().map(Arc::new).collect(),
            subdirs: [Subdir::of(system), Subdir::Noarch],
            properties,
            listings: RefCell::default(),
            nodes: RefCell::default(),
            matching: RefCell::default(),
        })
    }

    /// The names of the channels, in order.
    pub fn channel_names(&self) -> Vec<String> {
        self.channels
            .iter()
            .map(|channel| channel.name().to_owned())
            .collect()
    }

    /// What the channels have under a name.
    pub fn listing(&self, name: &CondaName) -> Result<Rc<CondaListing>, IndexError> {
        if let Some(known) = self.listings.borrow().get(name) {
            return Ok(known.clone());
        }
        let mut channels = Vec::new();
        for channel in &self.channels {
            let mut folders = Vec::new();
            for subdir in self.subdirs {
                folders.push(self.index.conda_records(channel, subdir, name)?);
            }
            channels.push((channel.clone(), folders));
        }
        let listing = Rc::new(CondaListing::new(channels));
        self.listings.borrow_mut().insert(name.clone(), listing.clone());
        Ok(listing)
    }

    /// Announces the names in specs, so that the index fetches their records together.
    pub fn announce(&self, specs: &[Arc<CondaSpec>]) {
        let known = self.listings.borrow();
        let is_new = |name: &&CondaName| !Properties::has(name) && !known.contains_key(*name);
        let names = specs.iter().map(|spec| spec.name()).filter(is_new);
        let names: Vec<CondaName> = names.cloned().collect();
        if names.is_empty() {
            return;
        }
        for channel in &self.channels {
            for subdir in self.subdirs {
                self.index.prefetch_conda_records(channel, subdir, &names);
            }
        }
    }

    /// The node of a conda package.
    pub fn node(&self, name: &CondaName) -> Result<Node, IndexError> {
        if let Some(known) = self.nodes.borrow().get(name) {
            return Ok(known.clone());
        }
        let failed = RefCell::new(None);
        let project = owners::project(name, |other| self.is_python(other, &failed));
        if let Some(error) = failed.take() {
            return Err(error);
        }
        let project = project.and_then(|project| project.parse::<PackageName>().ok());
        let node = project.map_or_else(|| Node::Conda(name.clone()), Node::Package);
        self.nodes.borrow_mut().insert(name.clone(), node.clone());
        Ok(node)
    }

    /// Whether the channels have a Python package of this name.
    fn is_python(&self, name: &str, failed: &RefCell<Option<IndexError>>) -> bool {
        let Ok(name) = name.parse::<CondaName>() else {
            return false;
        };
        match self.listing(&name) {
            Ok(listing) => listing.is_python(),
            Err(error) => {
                failed.replace(Some(error));
                false
            }
        }
    }

    /// The conda package that owns a project.
    pub fn owner(&self, project: &PackageName) -> Result<Option<CondaName>, IndexError> {
        let failed = RefCell::new(None);
        let owner = owners::owner(project.as_ref(), |name| self.is_python(name, &failed));
        failed.take().map_or(Ok(owner), Err)
    }

    /// The records of a project, by those of its providers that are channels.
    pub fn owned<'p>(
        &self,
        project: &PackageName,
        providers: impl Iterator<Item = &'p Provider>,
    ) -> Result<Vec<OwnedRecords>, IndexError> {
        let channels: Vec<(&Provider, &str)> = providers
            .filter_map(|provider| match provider {
                Provider::Conda(channel) => Some((provider, &**channel)),
                _ => None,
            })
            .collect();
        if channels.is_empty() {
            return Ok(Vec::new());
        }
        let Some(owner) = self.owner(project)? else {
            return Ok(Vec::new());
        };
        let listing = self.listing(&owner)?;
        let of_channels = channels.into_iter().map(|(provider, channel)| OwnedRecords {
            provider: provider.clone(),
            records: listing.of_channel(channel).cloned().collect(),
        });
        Ok(of_channels.collect())
    }

    /// Why the record in a slot is unusable for the target, if it is.
    pub fn unusable(&self, listing: &CondaListing, slot: Slot, limit: Option<Timestamp>) -> Option<String> {
        listing.verdict(slot, |record| self.properties.unusable(record, limit))
    }

    /// The slots of a `conda:` node that meet a spec. Without a channel in the spec, those of the first channel that has
    /// the name.
    pub fn matching(&self, name: &CondaName, spec: &CondaSpec) -> Result<SlotSet, IndexError> {
        let key = (name.clone(), spec.to_string());
        if let Some(known) = self.matching.borrow().get(&key) {
            return Ok(known.clone());
        }
        let set = self.listing(name)?.matching(spec);
        self.matching.borrow_mut().insert(key, set.clone());
        Ok(set)
    }
}
