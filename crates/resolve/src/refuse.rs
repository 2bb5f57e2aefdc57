//! Conversion of PubGrub's derivation to a refusal.

use crate::derivation::Derivation;
use crate::facts::read;
use crate::refusal::Refusal;
use crate::remedies::remedies;
use crate::search::Search;
use crate::subject::subject;

/// The refusal for a derivation.
pub fn refuse(derivation: &Derivation, search: &Search<'_>) -> Refusal {
    let facts = read(derivation, search);
    Refusal {
        target: search.rules.target,
        limits: search.rules.limits.clone(),
        subject: subject(&facts, search),
        remedies: remedies(&facts, search),
        facts,
    }
}
