//! Why the requirements cannot be met, as structure.

use pubgrub::{DerivationTree, External};

use crate::candidates::Unusable;
use crate::explain::Explanation;
use crate::node::Node;
use crate::search::Search;
use crate::slots::SlotSet;

use mach_nix_model::{PackageName, Version};

/// The requirements contradict each other or what the indexes have.
#[derive(Debug, Clone)]
pub struct Refusal {
    facts: Vec<Fact>,
    explanation: Explanation,
    met_prereleases: bool,
}

/// One leaf of PubGrub's derivation: something that is so, independent of any choice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// The user asks for a package, in these words.
    Asked {
        /// What is asked for.
        package: PackageName,
        /// The requirements with their places.
        texts: Vec<String>,
        /// Whether no version at all satisfies them together.
        impossible: bool,
    },
    /// Versions of a package depend on another package.
    Needs {
        /// What depends.
        dependent: String,
        /// Its versions, ascending.
        versions: Vec<Version>,
        /// What it depends on.
        package: PackageName,
        /// The requirements.
        texts: Vec<String>,
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
    /// One version that turned out to be unusable when its metadata was read.
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
    pub(crate) fn new(tree: &DerivationTree<Node, SlotSet, String>, search: &Search<'_>) -> Self {
        let mut facts = Vec::new();
        collect(tree, &mut |external| {
            if let Some(fact) = fact_of(external, search)
                && !facts.contains(&fact)
            {
                facts.push(fact);
            }
        });
        // Who asks, what that needs, what there is: the order in which people ask, and in which PubGrub found them inside.
        facts.sort_by_key(Fact::reading_order);
        let explanation = Explanation::new(&facts, search);
        Self {
            facts,
            explanation,
            met_prereleases: search.met_prereleases(),
        }
    }

    /// The facts that contradict each other.
    #[must_use]
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// The refusal in the user's words.
    #[must_use]
    pub fn explanation(&self) -> &Explanation {
        &self.explanation
    }

    /// Whether pre-releases were passed over, so that allowing them may help.
    pub(crate) fn met_prereleases(&self) -> bool {
        self.met_prereleases
    }
}

impl Fact {
    fn reading_order(&self) -> u8 {
        match self {
            Self::Asked { .. } => 0,
            Self::Needs { .. } => 1,
            Self::Unknown { .. } | Self::NoneUsable { .. } | Self::Broken { .. } => 2,
        }
    }
}

/// Walks the derivation's leaves from left to right, each shared part once.
fn collect<'t>(
    tree: &'t DerivationTree<Node, SlotSet, String>,
    visit: &mut impl FnMut(&'t External<Node, SlotSet, String>),
) {
    let mut seen = std::collections::BTreeSet::new();
    let mut rest = vec![tree];
    while let Some(tree) = rest.pop() {
        match tree {
            DerivationTree::External(external) => visit(external),
            DerivationTree::Derived(derived) => {
                if derived.shared_id.is_none_or(|id| seen.insert(id)) {
                    rest.push(&derived.cause2);
                    rest.push(&derived.cause1);
                }
            }
        }
    }
}

fn fact_of(external: &External<Node, SlotSet, String>, search: &Search<'_>) -> Option<Fact> {
    match external {
        External::NotRoot(..) => None,
        External::FromDependencyOf(from, from_set, to, to_set) => {
            let package = to.name()?.clone();
            // An extra's edge to its own package is our construction, nothing the user should read.
            if from.name() == Some(&package) {
                return None;
            }
            let Some(name) = from.name() else {
                let texts = search.edges.texts(from, 0, to);
                return Some(Fact::Asked {
                    package,
                    texts,
                    impossible: to_set.is_empty(),
                });
            };
            let candidates = search.candidates(name).ok()?;
            let asking: Vec<_> = from_set
                .iter(candidates.len())
                .map(|slot| (slot, search.edges.texts(from, slot, to)))
                .filter(|(_, texts)| !texts.is_empty())
                .collect();
            let texts = asking.last()?.1.clone();
            let versions = asking
                .iter()
                .map(|(slot, _)| candidates.version(*slot).clone())
                .collect();
            Some(Fact::Needs {
                dependent: from.to_string(),
                versions,
                package,
                texts,
            })
        }
        External::NoVersions(node, set) => {
            let package = node.name()?.clone();
            let candidates = search.candidates(&package).ok()?;
            if candidates.project().is_none() {
                return Some(Fact::Unknown { package });
            }
            let versions = set
                .iter(candidates.len())
                .filter_map(|slot| {
                    let unusable = candidates.file(slot, &search.rules).err()?;
                    Some((candidates.version(slot).clone(), unusable))
                })
                .collect();
            Some(Fact::NoneUsable { package, versions })
        }
        External::Custom(node, set, reason) => {
            let package = node.name()?.clone();
            let candidates = search.candidates(&package).ok()?;
            let versions = set
                .iter(candidates.len())
                .map(|slot| candidates.version(slot).clone())
                .collect();
            Some(Fact::Broken {
                package,
                versions,
                reason: reason.clone(),
            })
        }
    }
}
