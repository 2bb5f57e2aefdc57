//! The files of `nixlib`, which are part of the binary, so that an installed one needs nothing else.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// The files of `nixlib`: their names in it, and what they hold. Made by `build.rs`.
pub const LIBRARY: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/library.rs"));

/// The library in a folder of its own, which is gone with this value. What Nix builds does not depend on where the folder
/// is: what of it goes into a derivation is copied to the store first.
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

    /// The folder, for what goes next to the library.
    pub fn folder(&self) -> &Path {
        self.0.path()
    }
}
