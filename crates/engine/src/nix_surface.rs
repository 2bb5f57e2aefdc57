//! Settings as arguments of the Nix library.

use mach_nix_model::{PackageName, Setting, Surface};

/// The Nix library: settings are arguments of its functions, or else lines of the manifest.
#[derive(Debug, Clone, Copy, Default)]
pub struct NixSurface {
    /// Whether the manifest is a project (`pyproject`) rather than a requirements file (`requirements`).
    pub is_project: bool,
}

impl Surface for NixSurface {
    fn spell(&self, setting: &Setting) -> String {
        match setting {
            Setting::Python(python) => {
                format!("`python = \"python3{}\";`", python.minor())
            }
            Setting::System(system) => {
                format!("`pkgs = import <nixpkgs> {{ system = \"{system}\"; }};` in the import of mach-nix")
            }
            Setting::Providers(package, list) => {
                format!("`providers.{} = \"{list}\";`", attribute(package))
            }
            Setting::OtherProviders(Some(package)) => format!("`providers.{} = LIST;`", attribute(package)),
            Setting::OtherProviders(None) => "`providers._default = LIST;`".to_owned(),
            Setting::Prereleases if self.is_project => {
                "`prerelease = \"allow\"` in the table `tool.uv` of pyproject.toml".to_owned()
            }
            Setting::Prereleases => "the line `--pre` in the requirements".to_owned(),
            Setting::ExcludeNewer(limit) => format!("`excludeNewer = \"{}\";`", limit.as_limit()),
            // Only a project supports such limits.
            Setting::ExcludeNewerPackage(package, limit) => format!(
                "`exclude-newer-package = {{ {package} = \"{}\" }}` in the table `tool.uv` of pyproject.toml",
                limit.as_limit()
            ),
            Setting::ExtraIndex if self.is_project => {
                "`index = [{ url = \"URL\" }]` in the table `tool.uv` of pyproject.toml".to_owned()
            }
            Setting::ExtraIndex => "the line `--extra-index-url URL` in the requirements".to_owned(),
            Setting::NoSnapshot => "with a lock file, `lock = ./mach-nix.lock;`".to_owned(),
            Setting::NoOtherIndexes => {
                "leave out the indexes, or make a lock file, which is resolved from the indexes themselves"
                    .to_owned()
            }
            Setting::LargerSnapshot { add, .. } => format!(
                "make a lock file, which is resolved from the index itself, or build a snapshot that has it with `mach-nix \
                 index build {add} -o my.snapshot` and give it as `pypiData`"
            ),
        }
    }
}

/// A package name as the name of an attribute: quoted where it begins with a digit.
fn attribute(package: &PackageName) -> String {
    let name: &str = package.as_ref();
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("\"{name}\"")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use super::*;

    #[test]
    fn settings_are_arguments() {
        let spell = |setting: Setting| NixSurface::default().spell(&setting);
        assert_eq!(
            spell(Setting::Python("3.12.1".parse().unwrap())),
            "`python = \"python312\";`"
        );
        let providers =
            |name: &str| Setting::Providers(name.parse().unwrap(), "wheel,sdist".parse().unwrap());
        assert_eq!(
            spell(providers("charset-normalizer")),
            "`providers.charset-normalizer = \"wheel,sdist\";`"
        );
        assert_eq!(
            spell(providers("2to3")),
            "`providers.\"2to3\" = \"wheel,sdist\";`"
        );
        assert_eq!(
            spell(Setting::ExcludeNewer("2026-11-01".parse().unwrap())),
            "`excludeNewer = \"2026-11-01\";`"
        );
    }
}
