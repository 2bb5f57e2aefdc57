//! Static metadata from the files of a source.
//!
//! The core metadata in the archive is used if the standard guarantees that a build does not change it (PEP 643);
//! otherwise the `[project]` table, as far as its fields are not dynamic (PEP 621). The build requirements are
//! `build-system.requires` (PEP 518).

use std::collections::BTreeMap;
use std::sync::Arc;

use mach_nix_model::{
    CoreMetadata, ExtraName, Marker, PackageName, Requirement, StaticMetadata, Version, lenient_specifiers,
    take_credentials,
};
use serde::Deserialize;

use super::archive::Files;
use super::cargo;
use super::likely::likely_requires;
use super::reading::{Reading, invalid};

/// The build requirements of a source without a build backend, as in pip and uv.
const DEFAULT_REQUIRES: &str = "setuptools>=40.8.0";

/// The fields of `[project]` that resolution needs, in the spelling of `dynamic`.
const NEEDED: [&str; 3] = ["dependencies", "optional-dependencies", "requires-python"];

#[derive(Deserialize)]
struct BuildSystem {
    requires: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Project {
    name: Option<String>,
    version: Option<String>,
    #[serde(default)]
    dynamic: Vec<String>,
    dependencies: Option<Vec<String>>,
    #[serde(default)]
    optional_dependencies: BTreeMap<String, Vec<String>>,
    requires_python: Option<String>,
}

/// The static metadata in these files; `folder` is that of the project in the source.
pub fn read(files: &Files, folder: &str) -> Reading {
    let pyproject = table(files.pyproject.as_deref());
    let understood = pyproject.and_then(|pyproject| Ok((build_requires(&pyproject)?, pyproject)));
    let (build_requires, pyproject) = match understood {
        Ok(understood) => understood,
        Err(reason) => {
            return Reading {
                facts: invalid(reason),
                ..Reading::default()
            };
        }
    };
    let stated = files.pkg_info.as_deref().and_then(CoreMetadata::parse_final);
    let (mut version, mut metadata) = stated.unwrap_or_default();
    let crates = cargo::crates(&files.cargo_locks, folder, &pyproject);
    let project = pyproject.get("project").cloned();
    let project = project.and_then(|project| project.try_into::<Project>().ok());
    let poetry = pyproject.get("tool").and_then(|tool| tool.get("poetry"));
    if let Some(project) = &project {
        version = version.or_else(|| project.version());
        metadata = metadata.or_else(|| project.metadata(poetry.is_some()));
    }
    let of_poetry = || Some(poetry?.get("name")?.as_str()?.to_owned());
    let name = project.and_then(|project| project.name).or_else(of_poetry);
    let name = name.and_then(|name| name.parse().ok());
    let likely_requires = if metadata.is_some() {
        Vec::new()
    } else {
        likely_requires(files)
    };
    let mut guesses = files.setup.iter().flatten();
    Reading {
        name: name.or_else(|| CoreMetadata::parse_name(files.pkg_info.as_deref()?)),
        guess: guesses.find_map(|text| name_in_setup(&String::from_utf8_lossy(text))),
        facts: StaticMetadata {
            version,
            metadata: metadata.map(Arc::new),
            likely_requires,
            build_requires,
            crates,
            defect: None,
        },
    }
}

/// Parses a `pyproject.toml`; a missing one is equivalent to an empty one.
pub fn table(content: Option<&[u8]>) -> Result<toml::Table, String> {
    let content = content.unwrap_or_default();
    let unreadable = |error: &str| format!("its pyproject.toml cannot be read: {error}");
    let text = std::str::from_utf8(content).map_err(|error| unreadable(&error.to_string()))?;
    text.parse()
        .map_err(|error: toml::de::Error| unreadable(error.message()))
}

fn build_requires(pyproject: &toml::Table) -> Result<Vec<Requirement>, String> {
    let requires = match pyproject.get("build-system") {
        None => vec![DEFAULT_REQUIRES.to_owned()],
        Some(table) => {
            let table: BuildSystem = table.clone().try_into().map_err(|error: toml::de::Error| {
                format!(
                    "its pyproject.toml does not conform to PEP 518: `build-system`: {}",
                    error.message()
                )
            })?;
            table.requires
        }
    };
    let requirement = |text: String| {
        text.parse().map_err(|error| {
            format!("its pyproject.toml has the invalid build requirement `{text}`: {error}")
        })
    };
    requires.into_iter().map(requirement).collect()
}

/// The name in a `setup.cfg`, or as a string literal in a `setup.py`: the first `name = …`, after the call of `setup`
/// if there is one (extension modules have names, too). This is a guess, which is compared with the name from the build
/// backend.
fn name_in_setup(text: &str) -> Option<PackageName> {
    let call = text.find("setup(").map(|at| &text[at..]);
    call.and_then(first_name).or_else(|| first_name(text))
}

fn first_name(text: &str) -> Option<PackageName> {
    let is_code = text.contains("setup(");
    let mut rest = text;
    while let Some(at) = rest.find("name") {
        let is_word = !rest[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        rest = &rest[at + "name".len()..];
        let Some(value) = rest.trim_start().strip_prefix('=').filter(|_| is_word) else {
            continue;
        };
        if value.starts_with('=') {
            continue;
        }
        let name = if is_code {
            only_string(value.trim_start())
        } else {
            value.lines().next().map(str::trim)
        };
        return name.and_then(|name| name.parse().ok());
    }
    None
}

/// The string literal at the start of a Python expression, unless it continues (`"a" + b`, `"a" "b"`, `"a".lower()`).
fn only_string(expression: &str) -> Option<&str> {
    let quote = expression.chars().next().filter(|c| "\"'".contains(*c))?;
    let (string, rest) = expression[1..].split_once(quote)?;
    let rest = rest.trim_start_matches([' ', '\t']);
    let ends_line = rest.is_empty() || rest.starts_with(['\n', '\r', '#', ';']);
    let goes_on = rest.trim_start().starts_with(['+', '%', '.', '"', '\'']);
    (rest.starts_with([',', ')']) || (ends_line && !goes_on)).then_some(string)
}

impl Project {
    fn is_dynamic(&self, field: &str) -> bool {
        self.dynamic.iter().any(|dynamic| dynamic == field)
    }

    fn version(&self) -> Option<Version> {
        if self.is_dynamic("version") {
            return None;
        }
        self.version.as_ref()?.parse().ok()
    }

    /// `None` if something is dynamic or invalid; then only the backend knows.
    fn metadata(&self, by_poetry: bool) -> Option<CoreMetadata> {
        // Poetry uses the dependencies in its own table if this one has none.
        if NEEDED.iter().any(|field| self.is_dynamic(field)) || (by_poetry && self.dependencies.is_none()) {
            return None;
        }
        let mut metadata = CoreMetadata {
            requires_python: match &self.requires_python {
                Some(text) => Some(lenient_specifiers(text).ok()?),
                None => None,
            },
            ..CoreMetadata::default()
        };
        for text in self.dependencies.iter().flatten() {
            let mut requirement: Requirement = text.parse().ok()?;
            take_credentials(&mut requirement);
            metadata.requires_dist.push(requirement);
        }
        for (extra, requires) in &self.optional_dependencies {
            let extra: ExtraName = extra.parse().ok()?;
            let condition: Marker = format!("extra == '{extra}'").parse().ok()?;
            for text in requires {
                let mut requirement: Requirement = text.parse().ok()?;
                take_credentials(&mut requirement);
                requirement.marker.and(condition.clone());
                metadata.requires_dist.push(requirement);
            }
            metadata.provides_extra.push(extra);
        }
        Some(metadata)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(pkg_info: Option<&str>, pyproject: Option<&str>) -> StaticMetadata {
        read(
            &Files {
                pkg_info: pkg_info.map(|text| text.as_bytes().to_vec()),
                pyproject: pyproject.map(|text| text.as_bytes().to_vec()),
                ..Files::default()
            },
            "",
        )
        .facts
    }

    fn texts(requirements: &[Requirement]) -> Vec<String> {
        requirements.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn without_pyproject_it_is_setuptools() {
        for pyproject in [None, Some(""), Some("[tool.black]\nline-length = 100\n")] {
            let facts = of(None, pyproject);
            assert_eq!(texts(&facts.build_requires), ["setuptools>=40.8.0"]);
            assert_eq!((facts.metadata, facts.defect), (None, None));
        }
    }

    #[test]
    fn old_metadata_is_no_promise() {
        let old = "Metadata-Version: 2.1\nName: demo\nVersion: 1.0\nRequires-Dist: click\n";
        assert_eq!(of(Some(old), None).metadata, None);
        let new = old.replace("2.1", "2.2");
        let facts = of(Some(&new), None);
        assert_eq!(texts(&facts.metadata.unwrap().requires_dist), ["click"]);
        assert_eq!(facts.version.unwrap().to_string(), "1.0");
    }

    #[test]
    fn dynamic_fields_are_not_static_metadata() {
        for (field, is_stated) in [
            ("Requires-Dist", false),
            ("requires-python", false),
            ("Provides-Extra", false),
            ("Summary", true),
        ] {
            let info = format!("Metadata-Version: 2.4\nName: demo\nVersion: 1.0\nDynamic: {field}\n");
            assert_eq!(of(Some(&info), None).metadata.is_some(), is_stated, "{field}");
        }
        for (field, is_stated) in [
            ("dependencies", false),
            ("optional-dependencies", false),
            ("requires-python", false),
            ("version", true),
        ] {
            let text = format!("[project]\nname = 'demo'\ndynamic = ['{field}']\n");
            assert_eq!(of(None, Some(&text)).metadata.is_some(), is_stated, "{field}");
        }
    }

    #[test]
    fn a_project_states_its_extras() {
        let facts = of(
            None,
            Some(
                "[build-system]\nrequires = ['hatchling', 'hatch-vcs>=0.3']\nbuild-backend = 'hatchling.build'\n\
                 [project]\nname = 'demo'\nversion = '1.2'\nrequires-python = '>=3.8'\ndependencies = ['click>=8']\n\
                 [project.optional-dependencies]\nCLI = [\"rich; python_version < '4' or os_name == 'nt'\"]\n",
            ),
        );
        let metadata = facts.metadata.unwrap();
        assert_eq!(
            texts(&metadata.requires_dist),
            [
                "click>=8",
                "rich ; (python_version < '4' or os_name == 'nt') and extra == 'cli'"
            ]
        );
        assert_eq!(metadata.provides_extra, ["cli".parse().unwrap()]);
        assert_eq!(metadata.requires_python.as_ref().unwrap().to_string(), ">=3.8");
        assert_eq!(facts.version.unwrap().to_string(), "1.2");
        assert_eq!(texts(&facts.build_requires), ["hatchling", "hatch-vcs>=0.3"]);
    }

    #[test]
    fn poetry_keeps_its_dependencies_elsewhere() {
        let text = "[project]\nname = 'demo'\nversion = '1'\n[tool.poetry.dependencies]\nclick = '^8'\n";
        assert_eq!(of(None, Some(text)).metadata, None);
        assert!(
            of(None, Some(&text.replace("'1'\n", "'1'\ndependencies = []\n")))
                .metadata
                .is_some()
        );
    }

    #[test]
    fn names_stand_in_setup_files() {
        let found = |text| name_in_setup(text).map(|name| name.to_string());
        assert_eq!(
            found("[metadata]\nname = My.Demo\nversion = 1\n").as_deref(),
            Some("my-demo")
        );
        assert_eq!(
            found("filename='x'\nsetup(\n  name = \"demo_b\", version='1')").as_deref(),
            Some("demo-b")
        );
        assert_eq!(found("setup(version='1', long_name='x')"), None);
        let extension = "e = Extension(name='demo.x')\nsetup(name='demo', ext_modules=[e])";
        assert_eq!(found(extension).as_deref(), Some("demo"));
        assert_eq!(
            found("name = 'demo'\nsetup(version='1')").as_deref(),
            Some("demo")
        );
        for computed in [
            "NAME",
            "'de' + 'mo'",
            "'de' 'mo'",
            "'de'\n 'mo'",
            "'Demo'.lower()",
            "f'{demo}'",
        ] {
            let text = format!("setup(name={computed}, version='1')");
            assert_eq!(name_in_setup(&text), None, "{computed}");
        }
    }

    #[test]
    fn unreadable_files_are_a_defect() {
        for (text, reason) in [
            ("[project", "its pyproject.toml cannot be read: "),
            (
                "[build-system]\n",
                "its pyproject.toml does not conform to PEP 518: `build-system`: missing field `requires`",
            ),
            (
                "[build-system]\nrequires = ['???']\n",
                "its pyproject.toml has the invalid build requirement `???`: ",
            ),
        ] {
            let defect = of(None, Some(text)).defect.unwrap();
            assert!(defect.starts_with(reason), "{defect}");
        }
    }
}
