//! Old sources are built only where nothing else rules them out.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use std::cell::RefCell;
use std::fmt::Write;
use std::sync::Arc;

use mach_nix_engine::{BackendAnswer, BackendQuery, BuildError, BuiltMetadata, SourceBuilder, lock};
use mach_nix_lock::LockedPackage;
use mach_nix_model::{
    CoreMetadata, DistributionFile, ForwardingIndex, IndexError, PackageIndex, PackageName, StaticMetadata,
    Target,
};
use mach_nix_tests::{MemoryIndex, Package, Scenario};

/// Sources that state nothing: `requires` of a package is known to its build backend, and `source."requires.txt"` has what
/// its archive says.
struct Dynamic<'a> {
    packages: &'a [Package],
    index: MemoryIndex,
    /// The releases that were built, in that order.
    built: RefCell<Vec<String>>,
}

impl Dynamic<'_> {
    fn package(&self, is_it: impl Fn(&Package) -> bool) -> &Package {
        self.packages.iter().find(|package| is_it(package)).unwrap()
    }
}

impl ForwardingIndex for Dynamic<'_> {
    fn inner(&self) -> &dyn PackageIndex {
        &self.index
    }

    fn source(&self, _: &PackageName, file: &DistributionFile) -> Result<Arc<StaticMetadata>, IndexError> {
        let package = self.package(|package| package.files().contains(&file.filename.to_string()));
        let likely = package.source.get("requires.txt").map(String::as_str);
        let likely = likely.unwrap_or_default().lines();
        Ok(Arc::new(StaticMetadata {
            likely_requires: likely.map(|line| line.parse().unwrap()).collect(),
            ..StaticMetadata::default()
        }))
    }
}

impl SourceBuilder for Dynamic<'_> {
    fn query(
        &self,
        source: &LockedPackage,
        query: BackendQuery,
        _: Target,
    ) -> Result<BackendAnswer, BuildError> {
        let release = format!("{}=={}", source.name, source.version);
        let package = self.package(|package| package.release == release);
        let metadata = (query == BackendQuery::Metadata).then(|| BuiltMetadata {
            version: source.python_version().unwrap(),
            metadata: Arc::new(CoreMetadata::parse(package.metadata().as_bytes()).unwrap()),
        });
        if metadata.is_some() {
            self.built.borrow_mut().push(release);
        }
        Ok(BackendAnswer {
            requires: Vec::new(),
            metadata,
        })
    }
}

/// The locked versions or the refusal, and the releases that were built for it.
fn answer(world: &str) -> (String, Vec<String>) {
    let scenario = Scenario::read(&format!("reason = 'old sources'\nexpect.packages = []\n{world}")).unwrap();
    let index = Dynamic {
        packages: &scenario.packages,
        index: MemoryIndex::of(&scenario),
        built: RefCell::default(),
    };
    let answer = match lock(&scenario.ask.request(), &index, Some(&index)) {
        Ok(locked) => locked.lock.to_requirements(),
        Err(error) => error.to_string(),
    };
    (answer, index.built.take())
}

fn wheel(release: &str, requires: &str) -> String {
    format!("[[package]]\nrelease = '{release}'\nrequires = [{requires}]\n")
}

/// A release that exists as a source only, with what its backend and its archive say.
fn source(release: &str, requires: &str, likely: &str) -> String {
    let wheel = wheel(release, requires);
    format!("{wheel}wheels = []\nsdist = true\nsource.'requires.txt' = '{likely}'\n")
}

#[test]
fn what_nothing_provides_rules_out_old_sources() {
    let mut world =
        "ask.requirements = ['demo']\nask.providers = 'wheel,sdist'\nask.provider = ['cffi=nixpkgs']\n"
            .to_owned();
    world += &wheel("demo==3.0", "'cffi>=2'");
    world += &wheel("cffi==2.0", "");
    for release in ["demo==0.1", "demo==0.2", "demo==0.3", "demo==0.4"] {
        world += &source(release, "'cffi'", "cffi");
    }
    let (refusal, built) = answer(&world);
    assert!(refusal.contains("nixpkgs has no `cffi`"), "{refusal}");
    assert!(
        refusal.contains("its archive says that it needs cffi, which nothing satisfies here"),
        "{refusal}"
    );
    assert_eq!(built, [""; 0]);
}

#[test]
fn a_pin_of_the_user_rules_out_old_sources() {
    let mut world = "ask.requirements = ['demo', 'lib==2.0']\nask.providers = 'wheel|sdist'\n".to_owned();
    world += &(wheel("lib==1.0", "") + &wheel("lib==2.0", ""));
    for version in 1..40 {
        world += &source(&format!("demo=={version}.0"), "'lib<2'", "lib<2");
    }
    world += &source("demo==0.1", "'lib'", "lib");
    let (locked, built) = answer(&world);
    assert_eq!(locked, "demo==0.1\nlib==2.0\n");
    // The newest of all is built whatever its archive says, and so is what is chosen.
    assert_eq!(built, ["demo==39.0", "demo==0.1"]);
}

#[test]
fn the_newest_source_wins_whatever_its_archive_says() {
    let mut world = "ask.requirements = ['demo', 'lib==2.0']\nask.providers = 'wheel|sdist'\n".to_owned();
    world += &wheel("lib==2.0", "");
    world += &source("demo==2.0", "'lib'", "lib<1");
    world += &wheel("demo==1.0", "'lib'");
    assert_eq!(
        answer(&world),
        ("demo==2.0\nlib==2.0\n".to_owned(), vec!["demo==2.0".to_owned()])
    );
}

#[test]
fn what_only_an_archive_says_rules_out_nothing() {
    let mut world = "ask.requirements = ['demo']\nask.providers = 'wheel|sdist'\n".to_owned();
    world += &wheel("demo==2.0", "'gone'");
    // Made with Python 2: with this one, nothing needs it.
    world += &source("demo==1.0", "", "enum34");
    assert_eq!(
        answer(&world),
        ("demo==1.0\n".to_owned(), vec!["demo==1.0".to_owned()])
    );
}

#[test]
fn a_source_that_is_rejected_again_and_again_is_decided_earlier() {
    let mut world = "ask.requirements = ['app', 'demo']\nask.providers = 'wheel|sdist'\n".to_owned();
    world += &(wheel("app==3.0", "'lib>=2'") + &wheel("app==2.0", "'lib'"));
    world += &(wheel("lib==1.0", "") + &wheel("lib==2.0", ""));
    for version in 1..=40 {
        write!(world, "{}", source(&format!("demo=={version}.0"), "'lib<2'", "")).unwrap();
    }
    let (locked, built) = answer(&world);
    assert_eq!(locked, "app==2.0\ndemo==40.0\nlib==1.0\n");
    assert!(built.len() <= 6, "{built:?}");
}
