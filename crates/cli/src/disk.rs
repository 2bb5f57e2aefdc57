//! Manifests on the disk of this machine.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use mach_nix_manifest::ReadContext;

/// Maximum size of an input: a manifest, a lock, a query.
const MAX_INPUT: u64 = 64 << 20;

/// Access to files from the current folder, and to no variable.
pub fn context(folder: &Path) -> ReadContext<'_> {
    ReadContext {
        read: &read,
        exists: &exists,
        folders: &folders,
        variable: &no_variable,
        folder,
    }
}

/// Reads an input; a device, or a file that is none, would never end.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    fs::File::open(path)?
        .take(MAX_INPUT + 1)
        .read_to_end(&mut content)?;
    if content.len() as u64 > MAX_INPUT {
        return Err(io::Error::other(format!(
            "it is larger than {} MiB, the limit for an input",
            MAX_INPUT >> 20
        )));
    }
    Ok(content)
}

/// Reads an input that is a text.
pub fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn exists(path: &Path) -> bool {
    path.exists()
}

fn no_variable(_: &str) -> Option<String> {
    None
}

/// The names of the folders in a folder, sorted, without hidden ones.
fn folders(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let names = folders.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
    names.sort();
    names
}
