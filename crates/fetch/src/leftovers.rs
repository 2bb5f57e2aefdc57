//! Temporary files that say which process they belong to, so that another run can remove those of a killed one.

use std::ffi::OsStr;
use std::path::Path;
use std::time::Duration;
use std::{fs, process};

/// The start of the names of temporary files; the number of the process follows.
const PREFIX: &str = ".mach-nix-";

/// The age from which on a file is left over, on systems that do not list their processes.
const MAX_AGE: Duration = Duration::from_hours(24);

/// The start of the name of a temporary file of this process.
#[must_use]
pub fn temporary_prefix() -> String {
    format!("{PREFIX}{}-", process::id())
}

/// Removes the temporary files in a folder whose processes are gone. Failures do not matter.
pub fn remove_leftovers(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_left_over(&entry.file_name(), &entry.path()) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn is_left_over(name: &OsStr, path: &Path) -> bool {
    let Some(rest) = name.to_str().and_then(|name| name.strip_prefix(PREFIX)) else {
        return false;
    };
    let owner = rest.split_once('-').and_then(|(id, _)| id.parse::<u32>().ok());
    let Some(owner) = owner else { return false };
    if Path::new("/proc/self").exists() {
        return !Path::new(&format!("/proc/{owner}")).exists();
    }
    let modified = fs::symlink_metadata(path).and_then(|metadata| metadata.modified());
    modified.is_ok_and(|time| time.elapsed().is_ok_and(|age| age > MAX_AGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_of_processes_that_are_gone_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let own = format!("{}x", temporary_prefix());
        let gone = format!("{PREFIX}{}-x", u32::MAX);
        let others = [
            own.as_str(),
            ".mach-nix-notes",
            ".mach-nix-lock-1",
            "mach-nix.lock",
        ];
        for name in others.iter().chain([&gone.as_str()]) {
            fs::write(folder.path().join(name), "").unwrap();
        }
        remove_leftovers(folder.path());
        assert!(!folder.path().join(gone).exists());
        assert!(others.iter().all(|name| folder.path().join(name).exists()));
    }
}
