//! `--no-binary` and `--only-binary`.

use std::collections::BTreeSet;
use std::str::FromStr;

use mach_nix_model::{PackageName, Provider, ProviderPreference, Providers};

/// The allowed kinds of files, by package.
///
/// Each option takes package names separated by commas, `:all:` or `:none:`; a later option overrides an earlier one for
/// the same package, as in pip.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormatControl {
    no_binary: Packages,
    only_binary: Packages,
}

/// A provider list without any allowed provider.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the files' --no-binary and --only-binary leave no provider {}`{providers}`", of_package(package.as_ref()))]
pub struct NoProviderLeft {
    /// The package; `None` for the list of all packages without their own.
    pub package: Option<PackageName>,
    /// The list.
    pub providers: ProviderPreference,
}

fn of_package(package: Option<&PackageName>) -> String {
    package.map_or_else(|| "of ".to_owned(), |name| format!("for `{name}` of "))
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Packages {
    all: bool,
    named: BTreeSet<PackageName>,
}

impl FormatControl {
    /// Whether everything is allowed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Adds the value of a `--no-binary`; the error is the invalid package name.
    pub(crate) fn no_binary(&mut self, value: &str) -> Result<(), String> {
        update(value, &mut self.no_binary, &mut self.only_binary)
    }

    /// Adds the value of an `--only-binary`; the error is the invalid package name.
    pub(crate) fn only_binary(&mut self, value: &str) -> Result<(), String> {
        update(value, &mut self.only_binary, &mut self.no_binary)
    }

    /// Disallows the wheels of a package, or of all packages.
    pub(crate) fn forbid_binary(&mut self, name: Option<PackageName>) {
        self.no_binary.add(name);
    }

    /// Disallows the source distributions of a package, or of all packages.
    pub(crate) fn forbid_source(&mut self, name: Option<PackageName>) {
        self.only_binary.add(name);
    }

    /// Adds the options of a later file.
    pub(crate) fn append(&mut self, other: &Self) {
        merge(&other.no_binary, &mut self.no_binary, &mut self.only_binary);
        merge(&other.only_binary, &mut self.only_binary, &mut self.no_binary);
    }

    /// Whether a provider may serve the package. Only wheels and source distributions can be disallowed.
    #[must_use]
    pub fn allows(&self, name: &PackageName, provider: &Provider) -> bool {
        let (wheel, sdist) = if self.only_binary.named.contains(name) {
            (true, false)
        } else if self.no_binary.named.contains(name) {
            (false, true)
        } else {
            self.default_allows()
        };
        Self::serves(provider, wheel, sdist)
    }

    fn default_allows(&self) -> (bool, bool) {
        if self.only_binary.all {
            (true, false)
        } else {
            (!self.no_binary.all, true)
        }
    }

    fn serves(provider: &Provider, wheel: bool, sdist: bool) -> bool {
        match provider {
            Provider::Wheel => wheel,
            Provider::Sdist => sdist,
            Provider::Nixpkgs | Provider::Conda(_) => true,
        }
    }

    /// Removes the disallowed kinds from the provider lists.
    ///
    /// # Errors
    /// If a list would be empty.
    pub fn restrict(&self, providers: &mut Providers) -> Result<(), NoProviderLeft> {
        let named = self.no_binary.named.iter().chain(&self.only_binary.named);
        let named: BTreeSet<_> = named.chain(providers.packages.keys()).cloned().collect();
        self.restrict_of(providers, named, true)
    }

    /// Removes the disallowed kinds from the provider lists that no option sets: options override settings.
    ///
    /// # Errors
    /// If a list would be empty.
    pub fn restrict_defaults(
        &self,
        providers: &mut Providers,
        is_default_given: bool,
    ) -> Result<(), NoProviderLeft> {
        let named = self.no_binary.named.iter().chain(&self.only_binary.named);
        let named: BTreeSet<_> = named
            .filter(|name| !providers.packages.contains_key(*name))
            .cloned()
            .collect();
        self.restrict_of(providers, named, !is_default_given)
    }

    fn restrict_of(
        &self,
        providers: &mut Providers,
        named: BTreeSet<PackageName>,
        also_default: bool,
    ) -> Result<(), NoProviderLeft> {
        if self.is_empty() {
            return Ok(());
        }
        for name in named {
            let list = providers
                .of(&name)
                .filtered(|provider| self.allows(&name, provider));
            let list = list.ok_or_else(|| NoProviderLeft {
                package: Some(name.clone()),
                providers: providers.of(&name).clone(),
            })?;
            providers.packages.insert(name, list);
        }
        if !also_default {
            return Ok(());
        }
        let (wheel, sdist) = self.default_allows();
        let list = providers
            .default
            .filtered(|provider| Self::serves(provider, wheel, sdist));
        providers.default = list.ok_or_else(|| NoProviderLeft {
            package: None,
            providers: providers.default.clone(),
        })?;
        Ok(())
    }
}

impl Packages {
    fn add(&mut self, name: Option<PackageName>) {
        match name {
            Some(name) => {
                self.named.insert(name);
            }
            None => self.all = true,
        }
    }
}

fn merge(later: &Packages, target: &mut Packages, opposite: &mut Packages) {
    if later.all {
        *opposite = Packages::default();
        target.all = true;
    }
    for name in &later.named {
        opposite.named.remove(name);
        target.named.insert(name.clone());
    }
}

fn update(value: &str, target: &mut Packages, opposite: &mut Packages) -> Result<(), String> {
    let mut words: Vec<&str> = value.split(',').collect();
    while let Some(all) = words.iter().position(|word| *word == ":all:") {
        *opposite = Packages::default();
        *target = Packages {
            all: true,
            ..Packages::default()
        };
        words.drain(..=all);
        // Names after `:all:` have no effect, unless a `:none:` is among them.
        if !words.contains(&":none:") {
            return Ok(());
        }
    }
    for word in words {
        if word == ":none:" {
            *target = Packages::default();
            continue;
        }
        let name = PackageName::from_str(word.trim()).map_err(|_| word.to_owned())?;
        opposite.named.remove(&name);
        target.named.insert(name);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lists(control: &FormatControl, default: &str) -> Result<String, String> {
        let mut providers = Providers {
            default: default.parse().unwrap(),
            packages: [("own".parse().unwrap(), "sdist|wheel".parse().unwrap())].into(),
        };
        control
            .restrict(&mut providers)
            .map_err(|error| error.to_string())?;
        let packages = providers
            .packages
            .iter()
            .map(|(name, list)| format!(" {name}={list}"));
        Ok(providers.default.to_string() + &packages.collect::<String>())
    }

    #[test]
    fn restricts_providers() {
        let mut control = FormatControl::default();
        assert_eq!(
            lists(&control, "wheel,sdist").unwrap(),
            "wheel,sdist own=sdist|wheel"
        );
        control.only_binary(":all:").unwrap();
        assert_eq!(
            lists(&control, "wheel|sdist,nixpkgs").unwrap(),
            "wheel,nixpkgs own=wheel"
        );
        control.no_binary("A_b,own").unwrap();
        assert_eq!(
            lists(&control, "wheel,sdist").unwrap(),
            "wheel a-b=sdist own=sdist"
        );
        assert!(
            lists(&control, "wheel")
                .unwrap_err()
                .ends_with("leave no provider for `a-b` of `wheel`")
        );
        control.no_binary(":all:").unwrap();
        assert!(
            lists(&control, "wheel")
                .unwrap_err()
                .contains("leave no provider")
        );
        control.no_binary(":none:").unwrap();
        assert!(control.is_empty());
        assert_eq!(control.no_binary("a b"), Err("a b".to_owned()));
    }

    #[test]
    fn the_last_option_wins() {
        let mut control = FormatControl::default();
        control.no_binary("x,:all:,y,:none:,z").unwrap();
        let mut same = FormatControl::default();
        same.no_binary("z").unwrap();
        assert_eq!(control, same);
    }
}
