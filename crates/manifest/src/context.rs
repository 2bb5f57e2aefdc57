//! Access to files and variables.

use std::fmt;
use std::io;
use std::path::Path;

/// Access to files and environment variables: this crate does no I/O itself.
#[derive(Clone, Copy)]
pub struct ReadContext<'a> {
    /// Reads a file.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    /// Whether a file or folder exists.
    pub exists: &'a dyn Fn(&Path) -> bool,
    /// The names of the folders in a folder, for workspaces.
    pub folders: &'a dyn Fn(&Path) -> Vec<String>,
    /// The value of an environment variable, for `${NAME}` in requirements files.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The absolute path of the current folder. As in pip, relative paths of packages are relative to the file that
    /// contains them, or else to this folder if they do not exist there.
    pub folder: &'a Path,
}

impl fmt::Debug for ReadContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadContext")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}
