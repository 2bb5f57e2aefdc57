//! The state of a source folder, as a key for what a build of it has returned.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs::{self, DirEntry, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use mach_nix_hash::Sha256;

/// Maximum number of files. In larger folders Nix decides whether anything has changed.
const MAX_FILES: usize = 20_000;

/// Folders that are not part of a source: the list of `nixlib/project/sourceFolder.nix`, and version control.
const SKIPPED_FOLDERS: [&str; 12] = [
    ".direnv",
    ".eggs",
    ".git",
    ".hg",
    ".mypy_cache",
    ".nox",
    ".pytest_cache",
    ".ruff_cache",
    ".svn",
    ".tox",
    ".venv",
    "__pycache__",
];

/// The lock of the project is written after the build, and no backend reads it.
const LOCK: &str = "mach-nix.lock";

/// A digest of the names, sizes and times of all files, as in build tools that look for changes; `None` if the folder
/// cannot be read, or is too large. The time of the last change of an inode (`ctime`) cannot be set, so that an edit does
/// not stay unnoticed.
pub fn folder_state(folder: &Path) -> Option<String> {
    let mut state = String::new();
    let mut left = MAX_FILES;
    add(folder, &mut state, &mut left).ok()?;
    Some(Sha256::of(state).to_hex())
}

fn add(folder: &Path, state: &mut String, left: &mut usize) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<DirEntry>>>()?;
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        *left = left.checked_sub(1).ok_or(io::ErrorKind::FileTooLarge)?;
        let name = entry.file_name();
        let metadata = entry.metadata()?;
        if metadata.is_dir() {
            if SKIPPED_FOLDERS.iter().any(|skipped| name == *skipped) {
                continue;
            }
            let _ = writeln!(state, "{} {{", escaped(&name));
            add(&entry.path(), state, left)?;
            state.push_str("}\n");
        } else if name != LOCK {
            add_file(&entry, &metadata, state)?;
        }
    }
    Ok(())
}

fn add_file(entry: &DirEntry, metadata: &Metadata, state: &mut String) -> io::Result<()> {
    let (name, mode) = (escaped(&entry.file_name()), metadata.mode());
    // Writing to a string does not fail.
    let _ = if metadata.is_symlink() {
        let target = escaped(fs::read_link(entry.path())?.as_os_str());
        writeln!(state, "{name} {mode} {target}")
    } else {
        let (size, inode) = (metadata.size(), metadata.ino());
        let changed = (metadata.ctime(), metadata.ctime_nsec());
        writeln!(state, "{name} {mode} {size} {inode} {changed:?}")
    };
    Ok(())
}

/// A name without spaces and line breaks.
fn escaped(name: &OsStr) -> String {
    name.as_encoded_bytes()
        .escape_ascii()
        .to_string()
        .replace(' ', "\\x20")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use std::time::Duration;

    use super::*;

    #[test]
    fn every_change_of_the_source_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::create_dir(path.join("demo")).unwrap();
        fs::write(path.join("demo/main.py"), "one").unwrap();
        let mut known = vec![folder_state(path).unwrap()];
        let mut is_new = |what: &str| {
            let state = folder_state(path).unwrap();
            assert!(!known.contains(&state), "{what}");
            known.push(state);
        };

        // Longer than the resolution of a file system's clock.
        std::thread::sleep(Duration::from_millis(20));
        let written = fs::metadata(path.join("demo/main.py"))
            .unwrap()
            .modified()
            .unwrap();
        fs::write(path.join("demo/main.py"), "two").unwrap();
        let file = fs::File::options()
            .append(true)
            .open(path.join("demo/main.py"))
            .unwrap();
        file.set_modified(written).unwrap();
        is_new("an edit with the old size and time");
        fs::write(path.join("more.py"), "").unwrap();
        is_new("a new file");
        fs::rename(path.join("more.py"), path.join("other.py")).unwrap();
        is_new("another name");
        std::os::unix::fs::symlink("main.py", path.join("demo/link.py")).unwrap();
        is_new("a new link");
        fs::create_dir(path.join("empty")).unwrap();
        is_new("a new folder");
        fs::remove_file(path.join("other.py")).unwrap();
        is_new("a file that is gone");
    }

    #[test]
    fn what_is_no_part_of_the_source_does_not_matter() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        fs::write(path.join("main.py"), "one").unwrap();
        let before = folder_state(path);
        assert!(before.is_some());
        fs::write(path.join(LOCK), "{}").unwrap();
        for skipped in SKIPPED_FOLDERS {
            fs::create_dir(path.join(skipped)).unwrap();
            fs::write(path.join(skipped).join("file"), "").unwrap();
        }
        assert_eq!(folder_state(path), before);
        assert_eq!(folder_state(&path.join("absent")), None);
    }

    #[test]
    fn the_skipped_folders_are_no_part_of_a_source_in_nix() {
        let filter = fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../nixlib/project/sourceFolder.nix"),
        )
        .unwrap();
        // What `lib.cleanSourceFilter` leaves out.
        let version_control = [".git", ".hg", ".svn"];
        for folder in SKIPPED_FOLDERS {
            let is_listed = filter.contains(&format!("\"{folder}\"\n"));
            assert!(is_listed || version_control.contains(&folder), "{folder}");
        }
    }
}
