//! The digest of a folder, as in Nix.

use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mach_nix_hash::{NarHasher, Sha256};

/// The digest of the NAR serialization of a folder, without `.git`.
pub fn nar_hash(folder: &Path) -> io::Result<Sha256> {
    let mut nar = NarHasher::new();
    add(&mut nar, folder)?;
    Ok(nar.finish())
}

fn add(nar: &mut NarHasher, path: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        nar.symlink(fs::read_link(path)?.as_os_str().as_bytes());
        return Ok(());
    }
    if metadata.is_file() {
        let is_executable = metadata.permissions().mode() & 0o100 != 0;
        return nar.file(is_executable, metadata.len(), File::open(path)?);
    }
    if !metadata.is_dir() {
        return Err(io::Error::other(format!(
            "{} is neither a file nor a folder",
            path.display()
        )));
    }
    let mut names = fs::read_dir(path)?
        .map(|entry| Ok(entry?.file_name().into_vec()))
        .collect::<io::Result<Vec<_>>>()?;
    names.retain(|name| name != b".git");
    names.sort();
    nar.begin_folder();
    for name in names {
        nar.begin_entry(&name);
        add(nar, &path.join(std::ffi::OsStr::from_bytes(&name)))?;
        nar.end_entry();
    }
    nar.end_folder();
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    /// Nix is the oracle.
    #[test]
    fn the_digest_is_that_of_nix() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("tree");
        fs::create_dir_all(root.join("a/empty")).unwrap();
        for (name, size) in [("a/x", 0), ("a.b", 1), ("B", 7), ("a/ü", 8), ("z", 100_001)] {
            fs::write(root.join(name), vec![b'x'; size]).unwrap();
        }
        fs::set_permissions(root.join("B"), fs::Permissions::from_mode(0o755)).unwrap();
        symlink("../nowhere", root.join("a/link")).unwrap();
        let output = Command::new("nix-hash")
            .args(["--type", "sha256"])
            .arg(&root)
            .output()
            .unwrap();
        let expected = String::from_utf8(output.stdout).unwrap();
        assert_eq!(nar_hash(&root).unwrap().to_hex(), expected.trim());

        // The contents of `.git` are ignored.
        fs::create_dir(root.join("a/.git")).unwrap();
        fs::write(root.join("a/.git/config"), "").unwrap();
        assert_eq!(nar_hash(&root).unwrap().to_hex(), expected.trim());
    }
}
