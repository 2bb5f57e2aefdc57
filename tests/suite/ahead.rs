//! What is fetched ahead of the search: enough that it does not wait for one file after the other, and nothing that known
//! requirements exclude.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use mach_nix_engine::lock;
use mach_nix_model::{
    CoreMetadata, DistributionFile, ForwardingIndex, IndexError, PackageIndex, PackageName,
};
use mach_nix_tests::{Manners, MemoryIndex, Scenario, Workdir};

/// An index whose answers about files come one round after they were announced or queried.
struct Distant<'a> {
    index: &'a dyn PackageIndex,
    /// Number of rounds that the search has waited.
    now: Cell<usize>,
    /// The round in which the answer about a file is there.
    ready: RefCell<BTreeMap<String, usize>>,
    queried: RefCell<BTreeSet<String>>,
}

impl Distant<'_> {
    fn send(&self, file: &DistributionFile) -> usize {
        let mut ready = self.ready.borrow_mut();
        let next = self.now.get() + 1;
        *ready.entry(file.filename.to_string()).or_insert(next)
    }
}

impl ForwardingIndex for Distant<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.index
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        self.now.set(self.send(file).max(self.now.get()));
        self.queried.borrow_mut().insert(file.filename.to_string());
        self.index.metadata(name, file)
    }

    fn prefetch_metadata(&self, _: &PackageName, file: &DistributionFile) {
        self.send(file);
    }
}

/// 200 releases of `app`, each with its own release of `core`, of which the user wants an old one.
fn walk_back() -> Scenario {
    let mut text =
        String::from("reason = 'ahead'\nask.requirements = ['app', 'core<20']\nexpect.packages = []\n");
    for version in 1..=200 {
        write!(
            text,
            "[[package]]\nrelease = 'app=={version}.0'\nrequires = ['core=={version}.0']\n\
             [[package]]\nrelease = 'core=={version}.0'\n"
        )
        .unwrap();
    }
    Scenario::read(&text).unwrap()
}

#[test]
fn versions_that_are_rejected_in_turn_are_announced_in_growing_batches() {
    let scenario = walk_back();
    let memory = MemoryIndex::of(&scenario);
    let index = Distant {
        index: &memory,
        now: Cell::new(0),
        ready: RefCell::default(),
        queried: RefCell::default(),
    };
    lock(&scenario.ask.request(), &index, None).unwrap();
    let (queried, sent) = (index.queried.borrow(), index.ready.borrow());
    // `app` from 200 down to 19, and one `core`.
    assert_eq!(queried.len(), 183);
    let rounds = index.now.get();
    assert!(rounds <= 15, "{rounds} rounds");
    // Releases below 19 are announced in vain. A `core` that the user excludes never is.
    let in_vain: Vec<&String> = sent.keys().filter(|file| !queried.contains(*file)).collect();
    assert!(in_vain.iter().all(|file| file.starts_with("app-")), "{in_vain:?}");
}

/// A page and a metadata file for each package, and nothing else: following dependencies ahead makes no request twice.
#[test]
fn a_tree_costs_two_requests_a_package() {
    let mut text = String::from("reason = 'ahead'\nask.requirements = []\nexpect.packages = []\n");
    for number in 0..40 {
        let children = (3 * number + 1..3 * number + 4).filter(|child| *child < 40);
        let requires: Vec<String> = children.map(|child| format!("'tree-{child}>=1'")).collect();
        let requires = requires.join(", ");
        write!(
            text,
            "[[package]]\nrelease = 'tree-{number}==1.0'\nrequires = [{requires}]\n\
             [[package]]\nrelease = 'tree-{number}==1.1'\nrequires = [{requires}]\n"
        )
        .unwrap();
    }
    let scenario = Scenario::read(&text).unwrap();
    let folder = Workdir::new(&scenario.packages, Manners::default());
    let ran = folder.lock("tree-0 --providers wheel");
    ran.ends(0);
    assert_eq!(folder.index.requests(), 80);
}
