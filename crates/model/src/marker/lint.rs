//! Lints of markers: comparisons with a constant result.
//!
//! `packaging` evaluates them silently, and so always drops or always includes the requirement.

use std::str::FromStr;

use pep440_rs::Version;

use super::expression::{Comparison, Expression, Marker, Operator, Variable};

/// Common wrong values, and the values of real environments. Lower case matches any case.
const MISSPELLED: [(Variable, &[&str], &str); 13] = [
    (
        Variable::SysPlatform,
        &["windows", "win64", "win", "nt", "win32"],
        "win32",
    ),
    (
        Variable::SysPlatform,
        &["macos", "mac", "osx", "macosx", "darwin"],
        "darwin",
    ),
    (Variable::SysPlatform, &["linux", "linux64", "posix"], "linux"),
    (
        Variable::PlatformSystem,
        &["windows", "win32", "win64", "win", "nt"],
        "Windows",
    ),
    (
        Variable::PlatformSystem,
        &["macos", "mac", "osx", "macosx", "darwin"],
        "Darwin",
    ),
    (Variable::PlatformSystem, &["linux", "linux64", "posix"], "Linux"),
    (
        Variable::OsName,
        &["windows", "win32", "win64", "win", "nt"],
        "nt",
    ),
    (
        Variable::OsName,
        &["posix", "linux", "unix", "darwin", "macos"],
        "posix",
    ),
    (Variable::PlatformPythonImplementation, &["cpython"], "CPython"),
    (Variable::PlatformPythonImplementation, &["pypy"], "PyPy"),
    (Variable::ImplementationName, &["cpython"], "cpython"),
    (Variable::ImplementationName, &["pypy"], "pypy"),
    (Variable::PlatformMachine, &["x86-64", "x64"], "x86_64"),
];

impl Marker {
    /// Warnings about comparisons with constant results, one sentence each.
    #[must_use]
    pub fn lints(&self) -> Vec<String> {
        let mut lints = Vec::new();
        self.0.lints(&mut lints);
        lints
    }
}

impl Expression {
    fn lints(&self, lints: &mut Vec<String>) {
        match self {
            Self::And(parts) | Self::Or(parts) => parts.iter().for_each(|part| part.lints(lints)),
            Self::Comparison(comparison) => lints.extend(comparison.lint()),
        }
    }
}

impl Comparison {
    fn lint(&self) -> Option<String> {
        let outcome = match self.operator {
            Operator::In | Operator::NotIn => return None,
            Operator::NotEqual => "always holds",
            _ => "never holds",
        };
        let remedy = if self.variable == Variable::Extra {
            (!self.literal.is_empty())
                .then(|| "write the extra after the name, as in `name[extra]`".to_owned())
        } else if self.variable.is_version() {
            self.lint_version()
        } else {
            self.lint_text()
        };
        Some(format!("`{self}` {outcome}: {}", remedy?))
    }

    fn with(&self, variable: Variable, literal: &str) -> String {
        let other = Self {
            variable,
            literal: literal.into(),
            ..self.clone()
        };
        format!("write `{other}`")
    }

    fn lint_version(&self) -> Option<String> {
        // The release of a kernel is an arbitrary string.
        if self.variable == Variable::PlatformRelease {
            return None;
        }
        let is_equality = matches!(self.operator, Operator::Equal | Operator::NotEqual);
        if let Some(start) = self.literal.strip_suffix(".*") {
            let is_pattern = is_equality && !self.reversed;
            return (!is_pattern && Version::from_str(start).is_ok())
                .then(|| self.with(self.variable, start));
        }
        let Ok(version) = Version::from_str(&self.literal) else {
            return Some(format!("`{}` is not a version", self.literal));
        };
        if self.variable != Variable::PythonVersion || !is_equality || self.reversed {
            return None;
        }
        match version.release() {
            [only] => Some(self.with(self.variable, &format!("{only}.*"))),
            [_, _, rest @ ..] if rest.iter().any(|number| *number != 0) => {
                Some(self.with(Variable::PythonFullVersion, &self.literal))
            }
            _ => None,
        }
    }

    fn lint_text(&self) -> Option<String> {
        if !matches!(self.operator, Operator::Equal | Operator::NotEqual) {
            return None;
        }
        let lower = self.literal.to_ascii_lowercase();
        let mut known = MISSPELLED
            .iter()
            .filter(|(variable, ..)| *variable == self.variable);
        let (.., meant) = known.find(|(_, written, _)| written.contains(&lower.as_str()))?;
        (*self.literal != **meant).then(|| self.with(self.variable, meant))
    }
}

#[cfg(test)]
mod tests {
    use crate::Marker;

    #[test]
    fn comparisons_with_constant_results_are_named() {
        for (marker, lint) in [
            (
                "python_version >= '3.6.*'",
                "`python_version >= '3.6.*'` never holds: write `python_version >= '3.6'`",
            ),
            (
                "'3.6.*' <= python_version",
                "`'3.6.*' <= python_version` never holds: write `'3.6' <= python_version`",
            ),
            (
                "python_version < 'three'",
                "`python_version < 'three'` never holds: `three` is not a version",
            ),
            (
                "python_version == '3'",
                "`python_version == '3'` never holds: write `python_version == '3.*'`",
            ),
            (
                "python_version != '3.11.2'",
                "`python_version != '3.11.2'` always holds: write `python_full_version != '3.11.2'`",
            ),
            (
                "sys_platform == 'Windows'",
                "`sys_platform == 'Windows'` never holds: write `sys_platform == 'win32'`",
            ),
            (
                "platform_system != 'linux'",
                "`platform_system != 'linux'` always holds: write `platform_system != 'Linux'`",
            ),
            (
                "'linux' == os_name",
                "`'linux' == os_name` never holds: write `'posix' == os_name`",
            ),
            (
                "extra == 'x'",
                "`extra == 'x'` never holds: write the extra after the name, as in `name[extra]`",
            ),
        ] {
            assert_eq!(marker.parse::<Marker>().unwrap().lints(), [lint], "{marker}");
        }
        let several = "os_name == 'nt' and (python_version > '3.x' or platform_system == 'darwin')";
        assert_eq!(several.parse::<Marker>().unwrap().lints().len(), 2);
    }

    #[test]
    fn no_lint_of_a_marker_that_is_true_somewhere() {
        for marker in [
            "python_version >= '3.6'",
            "python_version == '3.*'",
            "python_version != '3.11.*'",
            "python_version == '3.11.0'",
            "python_version in '2.7, 3.11'",
            "python_version >= '3.6.1'",
            "python_full_version == '3.11.2'",
            "sys_platform == 'win32' or sys_platform == 'freebsd14'",
            "platform_system == 'Windows' and os_name != 'nt'",
            "platform_machine == 'AMD64' or platform_machine == 'arm64'",
            "platform_release >= 'v5-x'",
        ] {
            assert_eq!(marker.parse::<Marker>().unwrap().lints(), [""; 0], "{marker}");
        }
    }
}
