//! The selected parts of a project.

use std::collections::BTreeSet;

use mach_nix_model::{ExtraName, Marker, MarkerTree, Requirement};
use pep508_rs::{ExtraOperator, MarkerExpression, MarkerValueExtra};

/// The selected extras and dependency groups. Like extras, groups are compared in PEP 503 normal form (PEP 735).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// `--extra`
    pub extras: BTreeSet<ExtraName>,
    /// `--group`
    pub groups: BTreeSet<ExtraName>,
}

impl Selection {
    /// Whether only the project itself is selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.extras.is_empty() && self.groups.is_empty()
    }
}

/// The marker with its extras evaluated: those not in `extras` are not selected.
pub fn without_extras(marker: &MarkerTree, extras: &BTreeSet<ExtraName>) -> MarkerTree {
    let mut whole = MarkerTree::FALSE;
    for conjunction in marker.to_dnf() {
        let mut part = MarkerTree::TRUE;
        for expression in conjunction {
            part.and(match &expression {
                MarkerExpression::Extra { operator, name } => {
                    let selected = matches!(name, MarkerValueExtra::Extra(name) if extras.contains(name));
                    if selected == (*operator == ExtraOperator::Equal) {
                        MarkerTree::TRUE
                    } else {
                        MarkerTree::FALSE
                    }
                }
                _ => MarkerTree::expression(expression),
            });
        }
        whole.or(part);
    }
    // A marker that is always true has no parts.
    if marker.is_true() { MarkerTree::TRUE } else { whole }
}

/// The requirement with an additional condition.
pub fn conditional(requirement: &Requirement, condition: &Marker) -> Requirement {
    let mut requirement = requirement.clone();
    requirement.marker.and(condition.clone());
    requirement
}

/// The available names, for messages: ``there are `a`, `b` ``.
#[must_use]
pub fn known<T: ToString>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names
        .into_iter()
        .map(|name| format!("`{}`", name.to_string()))
        .collect();
    if names.is_empty() {
        "none available".to_owned()
    } else {
        format!("there are {}", names.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extras_are_decided() {
        let selected = BTreeSet::from(["a".parse().unwrap()]);
        for (marker, left) in [
            ("extra == 'a'", None),
            ("extra == 'b' or os_name == 'nt'", Some("os_name == 'nt'")),
            ("extra == 'a' and os_name == 'nt'", Some("os_name == 'nt'")),
            ("extra != 'b'", None),
            ("os_name == 'nt'", Some("os_name == 'nt'")),
        ] {
            let marker = crate::specifier::marker_tree(marker).unwrap();
            assert_eq!(
                without_extras(&marker, &selected).try_to_string().as_deref(),
                left
            );
        }
        let b = crate::specifier::marker_tree("extra == 'b'").unwrap();
        assert!(without_extras(&b, &selected).is_false());
    }
}
