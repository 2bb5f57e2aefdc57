//! Files of a source tree. The tree may be that of a stranger, so no link is followed out of it.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use mach_nix_model::IndexError;

use crate::limits::MAX_TREE_FILE;
use crate::local_file::unreadable;

/// The files of a source tree.
pub struct TreeFiles {
    /// The folder without links.
    root: PathBuf,
    /// The tree in messages: its folder, or the address that it comes from.
    shown: String,
}

impl TreeFiles {
    /// The files in a folder.
    pub fn new(folder: &Path, shown: String) -> Result<Self, IndexError> {
        let root = folder
            .canonicalize()
            .map_err(|error| unreadable(folder, &error))?;
        Ok(Self { root, shown })
    }

    /// The folder of the tree, without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The content of a file; `None` for a file that does not exist.
    ///
    /// # Errors
    /// When the name leads to something outside of the tree or to something other than a file, or when the file is too large
    /// or cannot be read.
    pub fn read(&self, name: &str) -> Result<Option<Vec<u8>>, IndexError> {
        let path = self.root.join(name);
        let failed = |error: io::Error| unreadable(&path, &error);
        let real = match path.canonicalize() {
            Ok(real) => real,
            Err(error) if is_absent(&error) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        if !real.starts_with(&self.root) {
            return Err(self.refused(format!(
                "its `{name}` is a link to a file outside of the source tree"
            )));
        }
        let metadata = real.metadata().map_err(failed)?;
        if !metadata.is_file() {
            return Err(self.refused(format!("its `{name}` is not a file")));
        }
        let mut content = Vec::new();
        let opened = File::open(&real).map_err(failed)?;
        opened
            .take(MAX_TREE_FILE + 1)
            .read_to_end(&mut content)
            .map_err(failed)?;
        if content.len() as u64 > MAX_TREE_FILE {
            return Err(self.refused(format!("its `{name}` is larger than {} MiB", MAX_TREE_FILE >> 20)));
        }
        Ok(Some(content))
    }

    /// An error about the tree.
    pub fn refused(&self, reason: impl Into<String>) -> IndexError {
        IndexError::invalid_reference(self.shown.clone(), reason.into())
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn no_link_leads_out_of_the_tree() {
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        fs::create_dir_all(tree.join("sub")).unwrap();
        fs::write(folder.path().join("secret"), "secret").unwrap();
        fs::write(tree.join("real"), "real").unwrap();
        for (target, link) in [
            ("real", "inside"),
            ("../real", "sub/inside"),
            ("../secret", "outside"),
            ("..", "parent"),
            ("/dev/zero", "device"),
            ("missing", "dangling"),
            ("sub", "folder"),
            ("loop", "loop"),
        ] {
            symlink(target, tree.join(link)).unwrap();
        }
        let files = TreeFiles::new(&tree, "the tree".to_owned()).unwrap();
        for name in ["real", "inside", "sub/inside"] {
            assert_eq!(
                files.read(name).unwrap().as_deref(),
                Some(b"real".as_slice()),
                "{name}"
            );
        }
        for name in ["missing", "dangling", "real/below"] {
            assert_eq!(files.read(name).unwrap(), None, "{name}");
        }
        for (name, reason) in [
            ("outside", "outside of the source tree"),
            ("parent/secret", "outside of the source tree"),
            ("../secret", "outside of the source tree"),
            ("device", "outside of the source tree"),
            ("folder", "is not a file"),
            ("loop", ""),
        ] {
            let shown = files.read(name).unwrap_err().to_string();
            assert!(shown.contains(reason), "{name}: {shown}");
        }
    }

    #[test]
    fn a_file_without_end_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let large = fs::File::create(folder.path().join("large")).unwrap();
        large.set_len(MAX_TREE_FILE + 1).unwrap();
        let files = TreeFiles::new(folder.path(), "the tree".to_owned()).unwrap();
        let shown = files.read("large").unwrap_err().to_string();
        assert!(shown.contains("its `large` is larger than 16 MiB"), "{shown}");
    }
}
