//! `mach-nix index info`, `verify` and `diff`.

use std::fmt::Write;

use mach_nix_snapshot::{Change, Snapshot, VERSION, difference};
use serde_json::json;

use crate::args::index::{DiffOptions, InfoFormat, InfoOptions, VerifyOptions};
use crate::failure::Failure;
use crate::output;
use crate::snapshot::{failure, open};

pub fn info(options: &InfoOptions) -> Result<(), Failure> {
    let snapshot = open(&options.snapshot)?;
    print(&match options.format {
        InfoFormat::Text => text(&snapshot),
        InfoFormat::Json => json(&snapshot),
    })
}

pub fn verify(options: &VerifyOptions) -> Result<(), Failure> {
    let snapshot = open(&options.snapshot)?;
    snapshot.verify().map_err(failure)?;
    print(&format!("{}: whole, {}\n", snapshot.name(), snapshot.digest()))
}

pub fn diff(options: &DiffOptions) -> Result<(), Failure> {
    let (before, after) = (open(&options.before)?, open(&options.after)?);
    let mut lines = String::new();
    difference(&before, &after, |change| lines += &line(&change)).map_err(failure)?;
    print(&lines)
}

fn line(change: &Change) -> String {
    match change {
        Change::ProjectAdded(name) => format!("+ {name}\n"),
        Change::ProjectRemoved(name) => format!("- {name}\n"),
        Change::Added(name, version) => format!("+ {name} {version}\n"),
        Change::Removed(name, version) => format!("- {name} {version}\n"),
        Change::Changed(name, version) => format!("~ {name} {version}\n"),
    }
}

fn print(text: &str) -> Result<(), Failure> {
    output::print(text)
}

fn text(snapshot: &Snapshot) -> String {
    let (origin, counts) = (snapshot.origin(), snapshot.counts());
    let date =
        |time: Option<mach_nix_model::Timestamp>| time.map_or("none".to_owned(), |time| time.to_string());
    let targets: Vec<String> = origin.targets.iter().map(ToString::to_string).collect();
    let rows = [
        ("format", VERSION.to_string()),
        ("size", format!("{} bytes", snapshot.size())),
        ("digest", snapshot.digest().to_string()),
        ("projects", counts.projects.to_string()),
        ("releases", counts.releases.to_string()),
        ("files", counts.files.to_string()),
        ("newest file", date(counts.newest)),
        ("date limit", date(origin.exclude_newer)),
        ("indexes", origin.indexes.join(", ")),
        (
            "releases kept",
            if origin.is_whole() {
                "all".to_owned()
            } else {
                format!("{} or more of each project", origin.releases)
            },
        ),
        ("targets", targets.join(", ")),
        (
            "requirements",
            if origin.is_whole() {
                "all that the index lists".to_owned()
            } else {
                origin.requirements.join(", ")
            },
        ),
    ];
    let mut text = format!("{}\n", snapshot.name());
    for (what, value) in rows {
        let _ = writeln!(text, "  {what:<14} {value}");
    }
    text
}

fn json(snapshot: &Snapshot) -> String {
    let (origin, counts) = (snapshot.origin(), snapshot.counts());
    let value = json!({
        "format": VERSION,
        "size": snapshot.size(),
        "digest": snapshot.digest().to_string(),
        "counts": counts,
        "origin": origin,
    });
    format!("{value:#}\n")
}
