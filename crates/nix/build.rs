//! Generates a list of `nixlib`'s files with their contents.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let crate_folder = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or(io::ErrorKind::NotFound)?);
    let library = crate_folder.join("../../nixlib").canonicalize()?;
    println!("cargo::rerun-if-changed={}", library.display());
    let mut files = Vec::new();
    list(&library, &mut files)?;
    files.sort();
    let mut table = "&[\n".to_owned();
    for file in files {
        let name = file.strip_prefix(&library).map_err(io::Error::other)?;
        // As Rust literals.
        let (name, file) = (name.to_string_lossy(), file.to_string_lossy());
        writeln!(table, "({name:?}, include_bytes!({file:?}).as_slice()),").map_err(io::Error::other)?;
    }
    table.push(']');
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or(io::ErrorKind::NotFound)?);
    fs::write(out.join("library.rs"), table)
}

/// The files below a folder, except for tests.
fn list(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(&path, files)?;
        } else if !path.to_string_lossy().ends_with(".test.nix") {
            files.push(path);
        }
    }
    Ok(())
}
