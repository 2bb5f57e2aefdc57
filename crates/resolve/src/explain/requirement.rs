//! The text of requirements.

use mach_nix_model::Requirement;

use crate::problem::RootRequirement;

/// A requirement of the user with its location.
pub fn placed(root: &RootRequirement) -> String {
    format!("{} ({})", without_marker(&root.requirement), root.origin)
}

/// A requirement without its marker, which is true for the target.
pub fn without_marker(requirement: &Requirement) -> String {
    let text = requirement.to_string();
    text.split_once(" ; ")
        .map_or(text.clone(), |(before, _)| before.to_owned())
}
