//! Settings as options of the command.

use mach_nix_model::{Setting, Surface, file_name_in_store};

/// The command: settings are options.
pub struct CommandSurface;

impl Surface for CommandSurface {
    fn spell(&self, setting: &Setting) -> String {
        match setting {
            Setting::Python(python) => format!("`--python {python}`"),
            Setting::System(system) => format!("`--system {system}`"),
            Setting::Providers(package, list) => format!("`--provider {package}={list}`"),
            Setting::OtherProviders(Some(package)) => format!("`--provider {package}=LIST`"),
            Setting::OtherProviders(None) => "`--providers LIST`".to_owned(),
            Setting::Prereleases => "`--prerelease allow`".to_owned(),
            Setting::ExcludeNewer(limit) => format!("`--exclude-newer {}`", limit.as_limit()),
            Setting::ExcludeNewerPackage(package, limit) => {
                format!("`--exclude-newer-package {package}={}`", limit.as_limit())
            }
            Setting::ExtraIndex => "`--extra-index-url URL`".to_owned(),
            Setting::NoSnapshot => "without `--pypi-data`".to_owned(),
            Setting::NoOtherIndexes => "leave out --index-url and the like, or --pypi-data".to_owned(),
            // Nothing is added to what lies in a Nix store.
            Setting::LargerSnapshot { snapshot, add } if file_name_in_store(snapshot).is_some() => format!(
                "build a snapshot that has it with `mach-nix index build {add} -o my.snapshot` and give it as `--pypi-data \
                 my.snapshot`, or lock from the index itself, without a snapshot"
            ),
            Setting::LargerSnapshot { snapshot, add } => format!(
                "add it with `mach-nix index add {snapshot} {add}`, or lock from the index itself, without a snapshot"
            ),
        }
    }
}
