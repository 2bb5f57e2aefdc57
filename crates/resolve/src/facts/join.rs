//! Merging of facts that differ only in versions.

use crate::fact::Fact;

/// Adds a fact, or merges it into an equivalent one about other versions.
pub fn add(facts: &mut Vec<Fact>, new: Fact) {
    for known in facts.iter_mut() {
        if joined(known, &new) {
            return;
        }
    }
    facts.push(new);
}

fn joined(known: &mut Fact, new: &Fact) -> bool {
    match (known, new) {
        (
            Fact::Asked {
                package,
                requirements,
                impossible,
            },
            Fact::Asked {
                package: same,
                requirements: more,
                impossible: also,
            },
        ) if package == same => {
            *impossible = impossible.take().or_else(|| also.clone());
            for root in more {
                if !requirements.contains(root) {
                    requirements.push(root.clone());
                }
            }
            true
        }
        (
            Fact::Needs {
                dependent,
                extra,
                versions,
                package,
                requirements,
            },
            Fact::Needs {
                dependent: same_dependent,
                extra: same_extra,
                versions: more,
                package: same_package,
                requirements: same,
            },
        ) if (&*dependent, &*extra, &*package, &*requirements)
            == (same_dependent, same_extra, same_package, same) =>
        {
            unite(versions, more);
            true
        }
        (
            Fact::NoneUsable {
                package, versions, ..
            },
            Fact::NoneUsable {
                package: same,
                versions: more,
                ..
            },
        ) if package == same => {
            unite(versions, more);
            true
        }
        (
            Fact::Broken {
                package,
                versions,
                reason,
            },
            Fact::Broken {
                package: same,
                versions: more,
                reason: same_reason,
            },
        ) if package == same && reason == same_reason => {
            unite(versions, more);
            true
        }
        (known, new) => known == new,
    }
}

fn unite<T: Ord + Clone>(versions: &mut Vec<T>, more: &[T]) {
    versions.extend_from_slice(more);
    versions.sort();
    versions.dedup();
}
