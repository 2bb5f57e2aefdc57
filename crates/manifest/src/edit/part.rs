//! Parts of a project.

use mach_nix_model::ExtraName;

/// The part of a project that a requirement belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The dependencies of the project.
    Project,
    /// An extra.
    Extra(ExtraName),
    /// A dependency group.
    Group(ExtraName),
}
