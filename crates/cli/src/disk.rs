//! Manifests on the disk of this machine.

use std::path::Path;
use std::{fs, io};

use mach_nix_manifest::ReadContext;

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

fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path)
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
