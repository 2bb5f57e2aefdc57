//! The files of `nixlib`, which are part of the binary, so that an installed one needs nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The names and contents of the files of `nixlib`. Made by `build.rs`.
pub const LIBRARY: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// The library in a temporary folder, which is deleted with this value. Derivations do not depend on the path of the
/// folder, because their files are copied to the store first.
pub struct Library(TempDir);

impl Library {
    pub fn write() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("mach-nix-").tempdir()?;
        for (name, content) in LIBRARY {
            let path = folder.path().join("nixlib").join(name);
            fs::create_dir_all(path.parent().unwrap_or(&path))?;
            fs::write(path, content)?;
        }
        Ok(Self(folder))
    }

    /// A file of the library, such as `command/metadata.nix`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.path().join("nixlib").join(name)
    }

    /// The folder, for files next to the library.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }
}
