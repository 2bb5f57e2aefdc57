//! Access to files and variables.

use std::fmt;
use std::io;
use std::path::Path;

/// Access to the disk and to environment variables: this crate opens no file and reads no variable by itself.
#[derive(Clone, Copy)]
pub struct ReadContext<'a> {
    /// Reads a file.
    pub read: &'a dyn Fn(&Path) -> io::Result<Vec<u8>>,
    /// Whether there is such a file or folder.
    pub exists: &'a dyn Fn(&Path) -> bool,
    /// The value of an environment variable, for `${NAME}` in requirements files.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The absolute folder that the command runs in. Relative paths of packages are relative to the file that names them,
    /// or, where nothing is there, to this folder, as in pip.
    pub folder: &'a Path,
}

impl fmt::Debug for ReadContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReadContext")
            .field("folder", &self.folder)
            .finish_non_exhaustive()
    }
}
