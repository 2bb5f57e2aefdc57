//! Output of results.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mach_nix_model::without_passwords;

/// Prints the result, or replaces the file atomically: readers, also after an interruption, see the old or the new
/// content.
pub fn write(path: &Path, content: &str) -> io::Result<()> {
    if path == Path::new("-") {
        let mut out = io::stdout().lock();
        return match out.write_all(content.as_bytes()).and_then(|()| out.flush()) {
            // The reader (such as `head`) has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        };
    }
    replace(path, |file| file.write_all(content.as_bytes()))
}

/// Prints a message to standard error, without passwords; a closed one is not a failure.
pub fn note(text: impl Display) {
    let _ = writeln!(io::stderr(), "{}", without_passwords(&text.to_string()));
}

/// Whether the path is not a regular file, such as `/dev/stdout`: it is written to, and neither read nor replaced.
pub fn is_device(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir())
}

/// Writes a temporary file next to the path, and renames it once it is complete.
pub fn replace(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
    if is_device(path) {
        return fill(&mut File::options().write(true).open(path)?);
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Temporary files are private by default; this one becomes an ordinary file, as far as the umask permits.
    let readable = fs::Permissions::from_mode(0o666);
    let mut temporary = tempfile::Builder::new()
        .prefix(".mach-nix-")
        .permissions(readable)
        .tempfile_in(folder)?;
    fill(temporary.as_file_mut())?;
    temporary.as_file().sync_all()?;
    temporary.persist(path)?;
    Ok(())
}
