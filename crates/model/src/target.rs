//! Targets and their marker environments.

use std::fmt;

use mach_nix_tags::{NixSystem, PythonVersion};
use pep508_rs::{MarkerEnvironment, MarkerEnvironmentBuilder};
use serde::{Deserialize, Serialize};

/// A target: a CPython version on a Nix system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Target {
    /// The Python version; without a patch number it covers the whole minor version.
    pub python: PythonVersion,
    /// The machine and operating system.
    pub system: NixSystem,
}

impl Target {
    /// The environment for evaluating markers (PEP 508, "Environment Markers").
    ///
    /// A Python version without a patch number is treated as its `.0`: the chosen packages must run on every patch
    /// release, and a dependency for old patch releases (`python_full_version < "3.11.3"`) does no harm on newer ones.
    /// The kernel's release and version are empty, because no lock could hold for all kernels.
    #[must_use]
    pub fn marker_environment(&self) -> MarkerEnvironment {
        let minor = self.python.without_patch().to_string();
        let full = format!("{minor}.{}", self.python.patch().unwrap_or(0));
        let (platform_system, sys_platform) = if self.system.is_darwin() {
            ("Darwin", "darwin")
        } else {
            ("Linux", "linux")
        };
        MarkerEnvironmentBuilder {
            implementation_name: "cpython",
            implementation_version: &full,
            os_name: "posix",
            platform_machine: self.system.machine(),
            platform_python_implementation: "CPython",
            platform_release: "",
            platform_system,
            platform_version: "",
            python_full_version: &full,
            python_version: &minor,
            sys_platform,
        }
        .try_into()
        .expect("two numbers joined by dots are a version")
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Python {} on {}", self.python, self.system)
    }
}
