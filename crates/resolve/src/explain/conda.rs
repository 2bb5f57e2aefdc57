//! Facts about conda packages, in words.

use crate::conda_fact::{CondaFact, CondaListed};
use crate::problem::CondaRoot;

/// Maximum number of records, reasons or files in a line.
const MAX_SHOWN: usize = 3;

/// A fact, one a line.
pub fn sentences(fact: &CondaFact) -> Vec<String> {
    match fact {
        CondaFact::Asked { root, impossible, .. } => {
            let mut lines = vec![format!("you require {}", placed(root))];
            lines.extend(impossible.as_ref().map(what_there_is));
            lines
        }
        CondaFact::Property { root, state } => vec![format!("you require {}, and {state}", placed(root))],
        CondaFact::Needs {
            records,
            spec,
            is_limit,
            impossible,
            ..
        } => {
            let verb = match (is_limit, records.len()) {
                (true, 1) => "goes with",
                (true, _) => "go with",
                (false, 1) => "needs",
                (false, _) => "need",
            };
            let only = if *is_limit { " only" } else { "" };
            let mut lines = vec![format!("conda's {} {verb} `{spec}`{only}", some(records))];
            lines.extend(impossible.as_ref().map(what_there_is));
            lines
        }
        CondaFact::NoneUsable { records, .. } => reasons(records),
    }
}

/// Why records are unusable: those with one reason in one line.
fn reasons(records: &[(String, String)]) -> Vec<String> {
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for (record, reason) in records {
        match groups.iter_mut().find(|(known, _)| known == reason) {
            Some((_, records)) => records.push(record.clone()),
            None => groups.push((reason, vec![record.clone()])),
        }
    }
    let lines = groups.into_iter();
    lines
        .map(|(reason, records)| format!("conda's {} cannot be used: {reason}", some(&records)))
        .collect()
}

fn placed(root: &CondaRoot) -> String {
    format!("`{}` ({})", root.requirement.spec, root.origin)
}

/// The best of some records, and how many others there are.
fn some(records: &[String]) -> String {
    match records {
        [] => String::new(),
        [only] => only.clone(),
        [best, others @ ..] if others.len() == 1 => format!("{best} and one other build"),
        [best, others @ ..] => format!("{best} and {} other builds", others.len()),
    }
}

/// What channels have under a name.
fn what_there_is(listed: &CondaListed) -> String {
    match listed {
        CondaListed::Unknown { name, channels } => match channels.as_slice() {
            [only] => format!("the conda channel {only} has no `{name}`"),
            several => format!("none of the conda channels {} has `{name}`", several.join(", ")),
        },
        CondaListed::Skipped { name, channel, files } => {
            format!(
                "all that {channel} has of `{name}` is skipped: {}",
                shown(files, "; ")
            )
        }
        CondaListed::Records {
            name,
            channel,
            records,
        } => {
            format!("{channel} has `{name}` as {}", shown(records, ", "))
        }
    }
}

fn shown(texts: &[String], separator: &str) -> String {
    let first = texts
        .iter()
        .take(MAX_SHOWN)
        .cloned()
        .collect::<Vec<_>>()
        .join(separator);
    match texts.len().saturating_sub(MAX_SHOWN) {
        0 => first,
        more => format!("{first}{separator}and {more} more"),
    }
}
