//! A search whose outcome is discarded explains nothing: suggestions are tried for what is shown.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use mach_nix_engine::{EngineError, Locked, PartialInventory, WithNixpkgs, lock};
use mach_nix_model::{
    CoreMetadata, DistributionFile, ForwardingIndex, IndexError, PackageIndex, PackageName,
};
use mach_nix_tests::{MemoryIndex, Scenario};

/// `app` 2.0 needs what there is only as a pre-release or in nixpkgs; a trial with another `app` reads `app` 1.0.
const WORLD: &str = r"
    reason = 'attempts'
    ask.requirements = ['app==2.0']
    expect.packages = []
    [[package]]
    release = 'app==2.0'
    requires = ['lib>=2']
    [[package]]
    release = 'app==1.0'
    requires = ['lib']
    [[package]]
    release = 'lib==1.0'
";

const TRIED: &str = "app-1.0-py3-none-any.whl";

/// An index that notes the files whose metadata it is queried for.
struct Noting<'a> {
    index: &'a dyn PackageIndex,
    files: RefCell<BTreeSet<String>>,
}

impl<'a> Noting<'a> {
    fn new(index: &'a dyn PackageIndex) -> Self {
        Self {
            index,
            files: RefCell::default(),
        }
    }

    fn has_tried(&self) -> bool {
        self.files.borrow().contains(TRIED)
    }
}

impl ForwardingIndex for Noting<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        self.index
    }

    fn metadata(&self, name: &PackageName, file: &DistributionFile) -> Result<Arc<CoreMetadata>, IndexError> {
        self.files.borrow_mut().insert(file.filename.to_string());
        self.index.metadata(name, file)
    }
}

fn scenario(more: &str) -> Scenario {
    Scenario::read(&format!("{WORLD}\n{more}")).unwrap()
}

#[track_caller]
fn refused(locked: &Result<Locked, EngineError>) {
    assert!(
        matches!(locked, Err(EngineError::Unresolved { .. })),
        "{locked:?}"
    );
}

#[test]
fn without_prereleases_no_suggestion_is_tried() {
    let mut scenario = scenario("[[package]]\nrelease = 'lib==2.1rc1'");
    let memory = MemoryIndex::of(&scenario);
    let index = Noting::new(&memory);
    let locked = lock(&scenario.ask.request(), &index, None).unwrap();
    assert_eq!(locked.lock.to_requirements(), "app==2.0\nlib==2.1rc1\n");
    assert!(!index.has_tried());

    // The refusal that is shown has its suggestions tried.
    scenario.ask.prerelease = Some("disallow".to_owned());
    let index = Noting::new(&memory);
    refused(&lock(&scenario.ask.request(), &index, None));
    assert!(index.has_tried());
}

#[test]
fn before_nixpkgs_is_queried_no_suggestion_is_tried() {
    let mut scenario = scenario("[[nixpkgs]]\nrelease = 'lib==2.0'");
    scenario.ask.providers = "wheel,nixpkgs".to_owned();
    let memory = MemoryIndex::of(&scenario);
    let index = Noting::new(&memory);
    let locked = lock(&scenario.ask.request(), &index, None).unwrap();
    assert_eq!(locked.lock.to_requirements(), "app==2.0\nlib==2.0\n");
    assert!(!index.has_tried());
}

#[test]
fn in_rounds_no_suggestion_is_tried_before_the_last() {
    let mut scenario = scenario("");
    scenario.ask.providers = "wheel,nixpkgs".to_owned();
    let memory = MemoryIndex::of(&scenario);
    let request = scenario.ask.request();
    let index = Noting::new(&memory);

    let inventory = serde_json::from_str::<PartialInventory>("{}").unwrap();
    assert!(lock(&request, &WithNixpkgs::new(&index, &inventory), None).is_err());
    assert!(!inventory.missing().is_empty() && !index.has_tried());

    let complete = r#"{ "python311": { "app": null, "lib": null } }"#;
    let inventory = serde_json::from_str::<PartialInventory>(complete).unwrap();
    refused(&lock(&request, &WithNixpkgs::new(&index, &inventory), None));
    assert!(inventory.missing().is_empty() && index.has_tried());
}
