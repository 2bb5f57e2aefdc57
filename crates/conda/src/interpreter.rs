//! The Python of the environment, as conda packages see it.

use mach_nix_tags::PythonVersion;

use crate::{CondaName, CondaSpec, VirtualPackage};

/// The first minor version whose builds are named after their ABI: before it, they end in `_cpython`.
const NAMED_AFTER_THE_ABI: u8 = 13;

/// The conda packages that are parts or marks of an interpreter.
const NAMES: [&str; 7] = [
    "python",
    "python_abi",
    "cpython",
    "pypy",
    "python-gil",
    "python-freethreading",
    "_python_abi3_support",
];

/// The Python of the environment, as conda packages see it.
///
/// The interpreter comes from nixpkgs, so conda's packages of it are never installed. What depends on them gets these
/// answers: the version of the interpreter, CPython with its global lock, and no other implementation.
///
/// ```
/// use mach_nix_conda::Interpreter;
///
/// let interpreter = Interpreter::of("3.11.9".parse()?);
/// let answer = |text: &str| interpreter.meets(&text.parse().unwrap());
/// assert_eq!(answer("python >=3.11,<3.12.0a0"), Some(true));
/// assert_eq!(answer("python_abi 3.11.* *_cp311"), Some(true));
/// assert_eq!(answer("python_abi 3.11.* *_pypy311_pp73"), Some(false));
/// assert_eq!(answer("numpy"), None, "another package");
/// # Ok::<(), mach_nix_tags::ParsePythonVersionError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Interpreter(Vec<VirtualPackage>);

impl Interpreter {
    /// That of a target. A version without its patch number counts as the first one of its minor version, as it does for
    /// environment markers.
    #[must_use]
    pub fn of(python: PythonVersion) -> Self {
        let short = python.without_patch().to_string();
        let full = format!("{short}.{}", python.patch().unwrap_or(0));
        let abi = format!("cp{}{}", python.major(), python.minor());
        let build = if python.minor() < NAMED_AFTER_THE_ABI {
            "0_cpython".to_owned()
        } else {
            format!("0_{abi}")
        };
        Self(vec![
            VirtualPackage::known("python", &full, &build),
            VirtualPackage::known("python_abi", &short, &format!("0_{abi}")),
            VirtualPackage::known("cpython", &full, &format!("0_{abi}")),
            VirtualPackage::known("python-gil", &full, "0"),
            VirtualPackage::known("_python_abi3_support", "1.0", "0"),
        ])
    }

    /// Whether a conda package is a part of an interpreter, and so never installed: `python`, `python_abi`, `pypy3.9` and
    /// the like.
    #[must_use]
    pub fn owns(name: &CondaName) -> bool {
        let is_a_pypy = |rest: &str| rest.starts_with(|c: char| c.is_ascii_digit());
        NAMES.contains(&name.as_str()) || name.as_str().strip_prefix("pypy").is_some_and(is_a_pypy)
    }

    /// The package of this name; `None` also for what another interpreter would have.
    #[must_use]
    pub fn get(&self, name: &CondaName) -> Option<&VirtualPackage> {
        self.0.iter().find(|package| package.name == *name)
    }

    /// Whether the interpreter meets a spec; `None` for a spec about something else.
    #[must_use]
    pub fn meets(&self, spec: &CondaSpec) -> Option<bool> {
        if !Self::owns(spec.name()) {
            return None;
        }
        Some(self.get(spec.name()).is_some_and(|package| package.meets(spec)))
    }
}

#[cfg(test)]
mod tests {
    use super::Interpreter;

    #[test]
    fn specs_on_python_decide_which_builds_fit() {
        let cases = [
            ("3.11.9", "python >=3.11,<3.12.0a0", Some(true)),
            ("3.11.9", "python * *_cpython", Some(true)),
            ("3.11.9", "python >=3.10,<3.11.0a0 *_cpython", Some(false)),
            ("3.11.9", "python_abi 3.10.* *_cp310", Some(false)),
            ("3.11.9", "python >=3.11.10", Some(false)),
            ("3.11", "python >=3.11.1", Some(false)),
            ("3.14.2", "python 3.14.* *_cp314", Some(true)),
            ("3.14.2", "python 3.14.* *_cp314t", Some(false)),
            ("3.13.1", "python_abi 3.13.* *_cp313t", Some(false)),
            ("3.12.1", "cpython >=3.9", Some(true)),
            ("3.12.1", "_python_abi3_support 1.*", Some(true)),
            ("3.12.1", "python-gil", Some(true)),
            ("3.12.1", "python-freethreading", Some(false)),
            ("3.9.1", "pypy3.9 >=7.3.9", Some(false)),
            ("3.9.1", "pypy", Some(false)),
            ("3.9.1", "pypyodbc", None),
            ("3.9.1", "python-dateutil", None),
        ];
        for (python, spec, expected) in cases {
            let interpreter = Interpreter::of(python.parse().unwrap());
            assert_eq!(
                interpreter.meets(&spec.parse().unwrap()),
                expected,
                "Python {python}, {spec}"
            );
        }
    }
}
