//! The text of remedies. The surface formats settings.

use mach_nix_model::{PackageName, Provider, Setting, Surface};

use super::requirement::{placed, without_marker};
use crate::problem::RootRequirement;
use crate::remedy::{Demand, Evidence, OtherSystems, PinReason, ProviderGain, Remedy};

/// Maximum number of demands in a list.
const MAX_NAMED: usize = 6;

/// The line of a remedy.
pub fn words(remedy: &Remedy, surface: &dyn Surface) -> String {
    match remedy {
        Remedy::Pin {
            package,
            version,
            reason,
            evidence,
        } => pin(&format!("`{package}=={version}`"), *reason, evidence),
        Remedy::Python {
            python,
            version,
            kind,
        } => format!(
            "use another Python: {version} has {} for {}",
            file_kind(kind),
            surface.spell(&Setting::Python(*python))
        ),
        Remedy::System {
            system,
            version,
            kind,
        } => format!(
            "use another system: {version} has {} for {}",
            file_kind(kind),
            surface.spell(&Setting::System(*system))
        ),
        Remedy::Providers {
            package,
            providers,
            gain,
        } => {
            let setting = Setting::Providers(package.clone(), providers.clone());
            format!("{}: {}", gain_words(gain), surface.spell(&setting))
        }
        Remedy::Prereleases => format!("allow pre-releases: {}", surface.spell(&Setting::Prereleases)),
        Remedy::ExcludeNewer { limit, package: None } => format!(
            "move the date limit: {}",
            surface.spell(&Setting::ExcludeNewer(*limit))
        ),
        Remedy::ExcludeNewer {
            limit,
            package: Some(package),
        } => format!(
            "move the date limit of {package}: {}",
            surface.spell(&Setting::ExcludeNewerPackage(package.clone(), *limit))
        ),
        Remedy::Hash {
            package,
            version,
            digest,
        } => format!(
            "hashes are checked: if you trust it, add the line `{package}=={version} --hash=sha256:{}` to the requirements",
            digest.to_hex()
        ),
        Remedy::Marker {
            root,
            package,
            systems,
        } => marker(root, package, *systems),
        Remedy::Loosen {
            demand,
            version,
            sources,
        } => format!(
            "change {} so that it allows {version}, which is compatible with the rest{}",
            demand_words(demand),
            proviso(sources)
        ),
        Remedy::Replace(demand) => format!("change {}", demand_words(demand)),
        Remedy::Drop { demands, is_enough } => drop_one(demands, *is_enough),
        Remedy::Spelling(name) => format!("did you mean `{name}`?"),
        Remedy::Index { is_own } => {
            let spelling = if *is_own { "check the spelling; " } else { "" };
            format!(
                "{spelling}a private package needs its index: {}",
                surface.spell(&Setting::ExtraIndex)
            )
        }
        Remedy::NoSnapshot => format!(
            "resolve from the index itself, {}: a snapshot has wheels only, and not all releases",
            surface.spell(&Setting::NoSnapshot)
        ),
    }
}

fn marker(root: &RootRequirement, package: &PackageName, systems: OtherSystems) -> String {
    let requirement = &root.requirement;
    let bare = without_marker(requirement);
    if requirement.to_string() != bare {
        return format!(
            "limit the marker of {} to apply {}",
            placed(root),
            systems_words(systems)
        );
    }
    let what = if requirement.name == *package {
        "it"
    } else {
        requirement.name.as_ref()
    };
    format!(
        "require {what} {}: `{bare} ; {}`",
        systems_words(systems),
        systems.marker()
    )
}

fn pin(requirement: &str, reason: PinReason, evidence: &Evidence) -> String {
    let (what, so) = match reason {
        PinReason::Withdrawn => return format!("use the yanked version anyway: {requirement}"),
        PinReason::Exists => ("a version that exists", "the newest usable here"),
        PinReason::Newer => ("a newer version", "usable here"),
        PinReason::Older => ("an older version", "usable here"),
    };
    match evidence {
        Evidence::Met(sources) => format!("require {what}: {requirement} is {so}{}", proviso(sources)),
        Evidence::Unknown => format!("require {what}, such as {requirement}"),
    }
}

/// The proviso about sources that must build, for the end of a sentence.
fn proviso(sources: &[PackageName]) -> String {
    match sources {
        [] => String::new(),
        [only] => format!(" if the source of `{only}` can be built"),
        [first, last] => format!(" if the sources of `{first}` and `{last}` can be built"),
        several => format!(" if {} sources can be built", several.len()),
    }
}

fn file_kind(kind: &Provider) -> &'static str {
    if *kind == Provider::Wheel {
        "a wheel"
    } else {
        "a source distribution"
    }
}

fn gain_words(gain: &ProviderGain) -> String {
    match gain {
        ProviderGain::Sdist => "build it from source".to_owned(),
        ProviderGain::Wheel => "take its wheel".to_owned(),
        ProviderGain::Index(None) => "take it from the package index".to_owned(),
        ProviderGain::Index(Some(version)) => {
            format!("take it from the package index, which has {version}")
        }
    }
}

fn systems_words(systems: OtherSystems) -> &'static str {
    match systems {
        OtherSystems::Windows => "on Windows only",
        OtherSystems::MacOs => "on macOS only",
        OtherSystems::Linux => "on Linux only",
        OtherSystems::NotMacOs => "everywhere but on macOS",
        OtherSystems::NotLinux => "everywhere but on Linux",
    }
}

fn demand_words(demand: &Demand) -> String {
    let placed = placed(&demand.root);
    if demand.is_constraint {
        format!("the constraint {placed}")
    } else {
        placed
    }
}

fn drop_one(demands: &[Demand], is_enough: bool) -> String {
    let mut texts: Vec<String> = demands.iter().map(demand_words).collect();
    let more = texts.len().saturating_sub(MAX_NAMED);
    if more > 0 {
        texts.truncate(MAX_NAMED);
        texts.push(format!("{more} more"));
    }
    match texts.as_slice() {
        [only] => format!("change or drop {only}"),
        several if is_enough => format!("loosen or drop one of: {}", several.join("; ")),
        several => format!(
            "first, loosen or drop one of: {}; then the other contradictions are shown",
            several.join("; ")
        ),
    }
}
