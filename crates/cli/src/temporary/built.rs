//! The result of a build.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

/// An environment that was built.
pub struct Environment {
    /// The output of its derivation.
    pub path: PathBuf,
    /// The variables that an environment file states.
    pub variables: BTreeMap<String, String>,
}

impl Environment {
    /// The folders of programs: of the environment, and of packages that are not projects of Python, such as conda's.
    pub fn programs(&self) -> Vec<PathBuf> {
        let more = fs::read_to_string(self.path.join("nix-support/mach-nix-programs")).unwrap_or_default();
        let own = std::iter::once(self.path.join("bin"));
        own.chain(more.lines().map(PathBuf::from)).collect()
    }
}
