//! The text of a refusal: the headline, the reasons and the remedies.

mod because;
mod conda;
mod reasons;
mod remedies;
mod requirement;
mod wheels;

use std::fmt;

use mach_nix_model::Surface;

use crate::refusal::{Refusal, Subject};

impl Refusal {
    /// The text of a refusal, with remedies in the surface's notation. It follows `ResolutionImpossible:`.
    pub fn display<'a>(&'a self, surface: &'a dyn Surface) -> impl fmt::Display + 'a {
        Words {
            refusal: self,
            surface,
        }
    }

    /// The headline, a single line.
    #[must_use]
    pub fn headline(&self) -> String {
        headline(&self.subject, &self.target)
    }

    /// The facts, one per line, causes before consequences.
    #[must_use]
    pub fn because(&self) -> Vec<String> {
        because::because(self)
    }

    /// The remedies in the surface's notation, one per line.
    #[must_use]
    pub fn help(&self, surface: &dyn Surface) -> Vec<String> {
        let remedies = self.remedies.iter();
        remedies.map(|remedy| remedies::words(remedy, surface)).collect()
    }
}

/// The headline and the facts, without remedies, which depend on the surface.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.headline())?;
        let mut because = self.because().into_iter();
        because.try_for_each(|line| write!(f, "\n  - {line}"))
    }
}

struct Words<'a> {
    refusal: &'a Refusal,
    surface: &'a dyn Surface,
}

impl fmt::Display for Words<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.refusal.fmt(f)?;
        match self.refusal.help(self.surface).as_slice() {
            [] => Ok(()),
            [only] => write!(f, "\nhelp: {only}"),
            several => {
                f.write_str("\nhelp: any of these may do:")?;
                several.iter().try_for_each(|line| write!(f, "\n  - {line}"))
            }
        }
    }
}

/// Maximum number of packages in a headline.
const MAX_NAMES: usize = 3;

fn headline(subject: &Subject, target: &impl fmt::Display) -> String {
    match subject {
        Subject::Unknown {
            package,
            only_nixpkgs: true,
        } => format!("nixpkgs has no `{package}`"),
        Subject::Unknown { package, .. } => format!("no package index has `{package}`"),
        Subject::UnknownToConda(name) => format!("no conda channel has `{name}`"),
        Subject::Unusable(package) => format!("no usable version of `{package}` for {target}"),
        Subject::Impossible(package) => format!("no version of `{package}` satisfies the requirements"),
        Subject::Contradiction {
            packages,
            constrained,
        } => {
            let names: Vec<String> = packages.iter().map(|name| format!("`{name}`")).collect();
            contradiction(&names, *constrained)
        }
    }
}

fn contradiction(names: &[String], constrained: bool) -> String {
    let who = if constrained {
        "the requirements and the constraints"
    } else {
        "the requirements"
    };
    match names.len() {
        0 => format!("{who} cannot be met together"),
        1..=MAX_NAMES => format!("{who} contradict each other on {}", names.join(", ")),
        more => format!(
            "{who} contradict each other on {} and {} other packages",
            names[..MAX_NAMES - 1].join(", "),
            more + 1 - MAX_NAMES
        ),
    }
}
