//! Why the requirements cannot be met, as structure.

mod facts;
mod order;

use mach_nix_model::{ExtraName, PackageName, Requirement, Version};
use pubgrub::DerivationTree;

use crate::candidates::Unusable;
use crate::explain::Explanation;
use crate::node::Node;
use crate::problem::RootRequirement;
use crate::search::Search;
use crate::slots::SlotSet;

/// The requirements contradict each other or what the indexes have.
#[derive(Debug, Clone)]
pub struct Refusal {
    facts: Vec<Fact>,
    explanation: Explanation,
}

/// One leaf of PubGrub's derivation: something that is so, independent of any choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The user asks for a package.
    Asked {
        /// What is asked for.
        package: PackageName,
        /// The requirements with their places.
        requirements: Vec<RootRequirement>,
        /// Whether no version at all satisfies them together.
        impossible: bool,
    },
    /// The user's constraints leave out versions that would otherwise do.
    Constrained {
        /// What they limit.
        package: PackageName,
        /// The constraints with their places.
        constraints: Vec<RootRequirement>,
    },
    /// Versions of a package depend on another package.
    Needs {
        /// What depends.
        dependent: PackageName,
        /// The extra that adds the dependency.
        extra: Option<ExtraName>,
        /// The versions that depend, ascending.
        versions: Vec<Version>,
        /// What they depend on.
        package: PackageName,
        /// The requirements of the newest of them; those of the others mean the same.
        requirements: Vec<Requirement>,
    },
    /// No index knows the name.
    Unknown {
        /// The name.
        package: PackageName,
    },
    /// Versions that would satisfy, but cannot be used. Empty when there are none that would.
    NoneUsable {
        /// The package.
        package: PackageName,
        /// The versions, ascending, with the reason for each.
        versions: Vec<(Version, Unusable)>,
    },
    /// What nixpkgs has, which is not what is asked for.
    InNixpkgs {
        /// The package.
        package: PackageName,
        /// Its version there.
        version: Option<Version>,
    },
    /// Nixpkgs is no help.
    NotInNixpkgs {
        /// Why, as a sentence.
        reason: String,
    },
    /// Versions that turned out to be unusable when their metadata was read.
    Broken {
        /// The package.
        package: PackageName,
        /// The versions, ascending.
        versions: Vec<Version>,
        /// Why.
        reason: String,
    },
}

impl Refusal {
    /// The nodes that a derivation speaks of, each as often as it does.
    pub(crate) fn nodes(tree: &DerivationTree<Node, SlotSet, String>) -> Vec<&Node> {
        facts::nodes(tree)
    }

    pub(crate) fn new(tree: &DerivationTree<Node, SlotSet, String>, search: &Search<'_>) -> Self {
        let facts = order::from_the_top(facts::read(tree, search));
        let explanation = Explanation::new(&facts, search);
        Self { facts, explanation }
    }

    /// The facts that contradict each other: what the user asks for and allows, then what that needs, from the top down,
    /// then what there is not.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The refusal in the user's words.
    #[must_use]
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }
}
