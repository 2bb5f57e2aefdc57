//! Channels of conda packages that are folders.

use std::fs;

use serde_json::{Value, json};

use crate::Workdir;

/// `NAME VERSION BUILD ; DEPENDS, … ; CONSTRAINS, …` as a record, whose build number is the end of the build string.
fn record(text: &str) -> (String, Value) {
    let mut parts = text.split(';').map(str::trim);
    let words: Vec<&str> = parts
        .next()
        .expect("a record, and a writable folder")
        .split(' ')
        .collect();
    let mut specs = || -> Vec<&str> {
        let specs = parts.next().unwrap_or_default().split(", ");
        specs.filter(|spec| !spec.is_empty()).collect()
    };
    let number = words[2]
        .rsplit('_')
        .next()
        .expect("a record, and a writable folder")
        .parse::<u64>()
        .unwrap_or(0);
    let record = json!({
        "name": words[0], "version": words[1], "build": words[2], "build_number": number,
        "depends": specs(), "constrains": specs(), "sha256": "00".repeat(32), "size": 1,
    });
    (format!("{}.conda", words.join("-")), record)
}

/// Writes a folder of a channel, whose records are texts as `NAME VERSION BUILD ; DEPENDS, … ; CONSTRAINS, …`.
///
/// # Panics
/// When a text is not a record, or the folder cannot be written.
pub fn channel(workdir: &Workdir, name: &str, subdir: &str, records: &[&str]) {
    let folder = workdir.path(name).join(subdir);
    fs::create_dir_all(&folder).expect("a record, and a writable folder");
    let records: serde_json::Map<String, Value> = records.iter().map(|text| record(text)).collect();
    let repodata = json!({"info": {"subdir": subdir}, "packages.conda": records});
    fs::write(folder.join("repodata.json"), repodata.to_string()).expect("a record, and a writable folder");
}
