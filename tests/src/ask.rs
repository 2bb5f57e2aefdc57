//! From a question as data to a request.

use std::collections::{BTreeMap, BTreeSet};

use mach_nix_engine::{Request, Sources};
use mach_nix_model::{AllowedHashes, CondaPolicy, Policy, Prerelease, Providers, Target};
use mach_nix_resolve::{Origin, RootRequirement};

use crate::{Ask, Scenario};

impl Ask {
    /// The request, as the command line would make it.
    ///
    /// # Panics
    /// When a text is not well-formed: questions are written by us.
    #[must_use]
    pub fn request(&self) -> Request {
        let roots = |texts: &[String]| -> Vec<RootRequirement> {
            let root = |text: &String| RootRequirement {
                requirement: text.parse().expect("a requirement"),
                origin: Origin::CommandLine,
            };
            texts.iter().map(root).collect()
        };
        let preference = |text: &String| {
            let (name, version) = text.split_once("==").expect("NAME==VERSION");
            (name.parse().expect("a name"), version.parse().expect("a version"))
        };
        let list = |text: &String| {
            let (name, list) = text.split_once('=').expect("PACKAGE=LIST");
            (
                name.parse().expect("a name"),
                list.parse().expect("a provider list"),
            )
        };
        Request {
            requirements: roots(&self.requirements),
            constraints: roots(&self.constraints),
            conda: Vec::new(),
            conda_preferences: BTreeSet::new(),
            variables: BTreeMap::new(),
            lines: self.requirements.join("\n"),
            targets: vec![Target {
                python: self.python.parse().expect("a Python version"),
                system: self.system.parse().expect("a system"),
            }],
            policy: Policy {
                providers: Providers {
                    default: self.providers.parse().expect("a provider list"),
                    packages: self.provider.iter().map(list).collect::<BTreeMap<_, _>>(),
                },
                prerelease: self
                    .prerelease
                    .as_deref()
                    .map_or(Prerelease::default(), |rule| rule.parse().expect("a rule")),
                limits: self
                    .exclude_newer
                    .as_deref()
                    .map(|date| date.parse().expect("a date"))
                    .into(),
                hashes: AllowedHashes::default(),
                conda: CondaPolicy::default(),
            },
            sources: Sources {
                indexes: vec!["https://index.test/simple".to_owned()],
                ..Sources::default()
            },
            project: None,
            parts: None,
            build_preferences: BTreeMap::new(),
            folder: None,
            preferences: self.preferences.iter().map(preference).collect(),
        }
    }
}

impl Scenario {
    /// The scenario as a file under `fixtures/scenarios`, so that what a generator found can be kept.
    ///
    /// # Panics
    /// Never: all of it is strings.
    #[must_use]
    pub fn write(&self) -> String {
        toml::to_string(self).expect("strings and lists of strings")
    }

    /// Leaves out of the scenario what is not needed for `wrong` to hold.
    #[must_use]
    pub fn pruned(mut self, wrong: impl Fn(&Self) -> bool) -> Self {
        loop {
            let smaller = self.with_one_thing_less().into_iter().find(&wrong);
            match smaller {
                Some(smaller) => self = smaller,
                None => return self,
            }
        }
    }

    fn with_one_thing_less(&self) -> Vec<Self> {
        fn without<T: Clone>(all: &[T], at: usize) -> Vec<T> {
            let kept = all.iter().enumerate().filter(|(other, _)| *other != at);
            kept.map(|(_, item)| item.clone()).collect()
        }
        let mut less = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self)| {
            let mut scenario = self.clone();
            change(&mut scenario);
            less.push(scenario);
        };
        for at in 0..self.packages.len() {
            add(&|s| s.packages = without(&s.packages, at));
            for line in 0..self.packages[at].requires.len() {
                add(&|s| s.packages[at].requires = without(&s.packages[at].requires, line));
            }
            for extra in 0..self.packages[at].extras.len() {
                add(&|s| s.packages[at].extras = without(&s.packages[at].extras, extra));
            }
        }
        for at in 0..self.nixpkgs.len() {
            add(&|s| s.nixpkgs = without(&s.nixpkgs, at));
            for line in 0..self.nixpkgs[at].requires.len() {
                add(&|s| s.nixpkgs[at].requires = without(&s.nixpkgs[at].requires, line));
            }
        }
        for at in 0..self.ask.requirements.len() {
            add(&|s| s.ask.requirements = without(&s.ask.requirements, at));
        }
        for at in 0..self.ask.constraints.len() {
            add(&|s| s.ask.constraints = without(&s.ask.constraints, at));
        }
        for at in 0..self.ask.preferences.len() {
            add(&|s| s.ask.preferences = without(&s.ask.preferences, at));
        }
        less
    }
}
