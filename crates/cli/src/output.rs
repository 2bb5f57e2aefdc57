//! Output of results.

use std::fmt::Display;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mach_nix_fetch::{remove_leftovers, temporary_prefix};
use mach_nix_model::without_passwords;
use tempfile::NamedTempFile;

use crate::failure::Failure;

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

/// Prints a result.
pub fn print(text: &str) -> Result<(), Failure> {
    write(Path::new("-"), text).map_err(|error| Failure::external(format!("cannot print: {error}")))
}

/// Replaces several files, or none of them: all are complete before the first is replaced, and a failure restores those
/// that were replaced already.
pub fn write_all<'p>(files: &[(&'p Path, &str)]) -> Result<(), (&'p Path, io::Error)> {
    let mut staged = Vec::new();
    for (path, content) in files {
        if *path == Path::new("-") || is_device(path) {
            write(path, content).map_err(|error| (*path, error))?;
        } else {
            let file =
                stage(path, |file| file.write_all(content.as_bytes())).map_err(|error| (*path, error))?;
            staged.push((*path, file));
        }
    }
    let mut replaced = Vec::new();
    for (path, file) in staged {
        let before = fs::read(path).ok();
        if let Err(error) = file.persist(path) {
            for (path, content) in replaced {
                restore(path, content);
            }
            return Err((path, error.error));
        }
        replaced.push((path, before));
    }
    Ok(())
}

fn restore(path: &Path, content: Option<Vec<u8>>) {
    let done = match content {
        Some(content) => replace(path, |file| file.write_all(&content)),
        None => fs::remove_file(path),
    };
    if let Err(error) = done {
        note(format_args!(
            "warning: cannot restore {}: {error}",
            path.display()
        ));
    }
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
    stage(path, fill)?.persist(path)?;
    Ok(())
}

/// A complete temporary file next to the path.
fn stage(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<NamedTempFile> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    remove_leftovers(folder);
    // Temporary files are private by default; this one becomes an ordinary file, as far as the umask permits.
    let readable = fs::Permissions::from_mode(0o666);
    let mut temporary = tempfile::Builder::new()
        .prefix(&temporary_prefix())
        .permissions(readable)
        .tempfile_in(folder)?;
    fill(temporary.as_file_mut())?;
    temporary.as_file().sync_all()?;
    Ok(temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_files_are_replaced_together() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        let (old, new, blocked) = (path("old"), path("new"), path("blocked"));
        fs::write(&old, "old").unwrap();
        // A folder is not replaced by a file.
        fs::create_dir(&blocked).unwrap();
        let failed = write_all(&[(&old, "changed"), (&new, "changed"), (&blocked, "changed")]);
        assert_eq!(failed.unwrap_err().0, blocked);
        assert_eq!(fs::read_to_string(&old).unwrap(), "old");
        assert!(!new.exists());
        write_all(&[(&old, "changed"), (&new, "changed")]).unwrap();
        assert_eq!(
            fs::read_to_string(&old).unwrap() + &fs::read_to_string(&new).unwrap(),
            "changedchanged"
        );
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3);
    }
}
