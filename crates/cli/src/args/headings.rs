//! The headings of options in help texts.

/// Files and parts of projects.
pub const INPUTS_HEADING: &str = "Inputs";

/// The Pythons and systems of a lock.
pub const TARGETS_HEADING: &str = "Targets";

/// The indexes, and the rules for choosing versions.
pub const PACKAGES_HEADING: &str = "Packages";
