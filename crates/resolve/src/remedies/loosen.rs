//! Changes to the user's demands: allowing another version if that suffices, or else removal.

use super::Finder;
use crate::demands::is_limited;
use crate::fact::Fact;
use crate::remedy::{Demand, Remedy};
use crate::trial::{Change, Outcome};

impl Finder<'_, '_> {
    /// The demands of the user that can be changed.
    pub fn loosen(&self) -> Vec<Remedy> {
        let mut own: Vec<Demand> = Vec::new();
        for fact in self.facts {
            let (roots, is_constraint) = match fact {
                Fact::Asked { requirements, .. } => (requirements, false),
                Fact::Constrained { constraints, .. } => (constraints, true),
                _ => continue,
            };
            own.extend(roots.iter().map(|root| Demand {
                root: root.clone(),
                is_constraint,
            }));
        }
        let changed: Vec<Remedy> = own.iter().filter_map(|demand| self.opened(demand)).collect();
        if changed.is_empty() {
            self.dropped(own).into_iter().collect()
        } else {
            changed
        }
    }

    /// The version that is compatible with the rest if one demand leaves it open.
    fn opened(&self, demand: &Demand) -> Option<Remedy> {
        let root = &demand.root;
        if !is_limited(&root.requirement) {
            return None;
        }
        let Outcome::Met(chosen) = self.trials.outcome(&Change::Open(root)) else {
            return None;
        };
        Some(Remedy::Loosen {
            demand: demand.clone(),
            version: chosen.version(&root.requirement.name)?.clone(),
            sources: chosen.sources,
        })
    }

    /// The demands whose removal suffices. If there are none, there are more contradictions than in the facts.
    fn dropped(&self, mut own: Vec<Demand>) -> Option<Remedy> {
        let problem = self.search.problem;
        let mut is_enough = true;
        if own.len() > 1 {
            let alone: Vec<bool> = own
                .iter()
                .map(|demand| self.trials.may_help(&Change::Drop(&demand.root)))
                .collect();
            if alone.contains(&true) {
                let mut alone = alone.into_iter();
                own.retain(|_| alone.next().unwrap_or(true));
            } else {
                is_enough = false;
            }
        }
        // Without its only requirement, there is no problem.
        let is_only = problem.requirements.len() + problem.constraints.len() == 1;
        match own.len() {
            0 => None,
            1 if is_only => own.pop().map(Remedy::Replace),
            _ => Some(Remedy::Drop {
                demands: own,
                is_enough,
            }),
        }
    }
}
