//! The few files of an archive that say what the source is.
//!
//! Nothing is unpacked to the disk, so paths can do no harm; and archives made to exhaust memory or patience end at fixed
//! bounds.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;

use crate::archive_kind::ArchiveKind;

/// So much of an unpacked archive is read at most: some 5 s of work. Sources with more exist, but none on an index.
const MAX_ARCHIVE_SIZE: u64 = 4 * 1024 * 1024 * 1024;

/// The longest file that is looked into. Descriptions (`PKG-INFO`) reach some hundred kilobytes.
const LONGEST_FILE: u64 = 8 * 1024 * 1024;

/// So many locks of cargo are read at most, and so many bytes of them: a source may bring all that it depends on.
const MAX_CARGO_LOCKS: usize = 2000;
const MAX_CARGO_LOCKS_SIZE: usize = 64 * 1024 * 1024;

/// The files of a project of setuptools, which may hold its name.
pub const SETUP: [&str; 2] = ["setup.cfg", "setup.py"];

/// The files with the static metadata of a source.
#[derive(Debug, Default)]
pub struct Files {
    /// Core metadata; made by the tool that made the archive, so that there is none in a tree.
    pub pkg_info: Option<Vec<u8>>,
    /// <https://packaging.python.org/en/latest/specifications/pyproject-toml/>
    pub pyproject: Option<Vec<u8>>,
    /// Those of [`SETUP`].
    pub setup: [Option<Vec<u8>>; SETUP.len()],
    /// The requirements that setuptools has written next to its `PKG-INFO`; not in a tree, where they may be of any age.
    pub requires_txt: Option<Vec<u8>>,
    /// Every `Cargo.lock`, by its path.
    pub cargo_locks: BTreeMap<String, Vec<u8>>,
}

impl Files {
    /// Reads an archive; the error says what is wrong with it.
    pub fn read(kind: ArchiveKind, content: &[u8], subdirectory: Option<&str>) -> Result<Self, String> {
        let files = match kind {
            ArchiveKind::Tar => of_tar(content, subdirectory),
            ArchiveKind::TarGz => of_tar(MultiGzDecoder::new(content), subdirectory),
            ArchiveKind::TarBz2 => of_tar(MultiBzDecoder::new(content), subdirectory),
            ArchiveKind::Zip => of_zip(content, subdirectory),
        };
        files.map_err(|error| error.to_string())
    }

    /// Keeps a file of this member.
    fn keep(&mut self, member: Member, content: Vec<u8>) -> io::Result<()> {
        match member {
            Member::PkgInfo => self.pkg_info = Some(content),
            Member::Pyproject => self.pyproject = Some(content),
            Member::Setup(which) => self.setup[which] = Some(content),
            Member::RequiresTxt => self.requires_txt = Some(content),
            Member::CargoLock(path) => {
                self.cargo_locks.insert(path, content);
                let length: usize = self.cargo_locks.values().map(Vec::len).sum();
                if self.cargo_locks.len() > MAX_CARGO_LOCKS || length > MAX_CARGO_LOCKS_SIZE {
                    return Err(io::Error::other(
                        "there is too much in it that is called Cargo.lock",
                    ));
                }
            }
        }
        Ok(())
    }
}

/// A file that is looked into.
enum Member {
    PkgInfo,
    Pyproject,
    /// One of [`SETUP`].
    Setup(usize),
    /// `NAME.egg-info/requires.txt`, in the folder of the project or in `src`.
    RequiresTxt,
    /// With its path in the folder that the archive holds.
    CargoLock(String),
}

impl Member {
    /// The kind of the file at this path, if it is one of these: `FOLDER/PKG-INFO`.
    fn of(path: &[u8], subdirectory: Option<&str>) -> Option<Self> {
        let path = std::str::from_utf8(path).ok()?;
        let (_, path) = path.strip_prefix("./").unwrap_or(path).split_once('/')?;
        if path == "Cargo.lock" || path.ends_with("/Cargo.lock") {
            return Some(Self::CargoLock(path.to_owned()));
        }
        let name = match subdirectory {
            None => path,
            Some(folder) => path.strip_prefix(folder.trim_matches('/'))?.strip_prefix('/')?,
        };
        match name {
            "PKG-INFO" => Some(Self::PkgInfo),
            "pyproject.toml" => Some(Self::Pyproject),
            _ if is_requires_txt(name) => Some(Self::RequiresTxt),
            _ => SETUP.iter().position(|setup| *setup == name).map(Self::Setup),
        }
    }
}

fn is_requires_txt(path: &str) -> bool {
    let folder = path.strip_suffix("/requires.txt");
    let folder = folder.map(|folder| folder.strip_prefix("src/").unwrap_or(folder));
    folder.is_some_and(|folder| folder.ends_with(".egg-info") && !folder.contains('/'))
}

fn of_tar(content: impl Read, subdirectory: Option<&str>) -> io::Result<Files> {
    let mut files = Files::default();
    let mut bounded = content.take(MAX_ARCHIVE_SIZE);
    let mut archive = tar::Archive::new(&mut bounded);
    // Raw: the extensions for long names would be read into memory whatever their size, and ours are short.
    for entry in archive.entries()?.raw(true) {
        let entry = entry?;
        if entry.header().entry_type().is_file()
            && let Some(member) = Member::of(&entry.path_bytes(), subdirectory)
        {
            files.keep(member, whole(entry)?)?;
        }
    }
    if bounded.limit() == 0 {
        return Err(io::Error::other(format!(
            "it unpacks to more than {} GiB",
            MAX_ARCHIVE_SIZE >> 30
        )));
    }
    Ok(files)
}

fn of_zip(content: &[u8], subdirectory: Option<&str>) -> io::Result<Files> {
    let mut files = Files::default();
    let mut archive = zip::ZipArchive::new(Cursor::new(content))?;
    for at in 0..archive.len() {
        let name = archive.by_index_raw(at)?.name_raw().to_vec();
        if let Some(member) = Member::of(&name, subdirectory) {
            files.keep(member, whole(archive.by_index(at)?)?)?;
        }
    }
    Ok(files)
}

fn whole(file: impl Read) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    file.take(LONGEST_FILE + 1).read_to_end(&mut content)?;
    if content.len() as u64 > LONGEST_FILE {
        return Err(io::Error::other("a file with its metadata is too long to be one"));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (path, content) in members {
            let mut header = tar::Header::new_ustar();
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            archive.append_data(&mut header, path, *content).unwrap();
        }
        archive.into_inner().unwrap()
    }

    fn gz(content: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn bz2(content: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in members {
            archive
                .start_file(*path, zip::write::SimpleFileOptions::default())
                .unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[test]
    fn finds_the_files_in_every_kind_of_archive() {
        let members: &[(&str, &[u8])] = &[
            ("demo-1.0/PKG-INFO", b"info"),
            ("demo-1.0/src/demo.egg-info/PKG-INFO", b"another"),
            ("demo-1.0/src/demo.egg-info/requires.txt", b"click"),
            ("demo-1.0/tests/other.egg-info/requires.txt", b"other"),
            ("demo-1.0/pyproject.toml", b"toml"),
            ("demo-1.0/sub/pyproject.toml", b"below"),
            ("demo-1.0/sub/setup.py", b"code"),
            ("demo-1.0/sub/rust/Cargo.lock", b"crates"),
        ];
        let plain = tar(members);
        for (name, content) in [
            ("demo-1.0.tar.gz", gz(&plain)),
            ("demo-1.0.tar.bz2", bz2(&plain)),
            ("demo-1.0.zip", zip(members)),
            ("demo-1.0.tar", plain),
        ] {
            let kind = ArchiveKind::of(name).unwrap();
            let files = Files::read(kind, &content, None).unwrap();
            assert_eq!(files.pkg_info.as_deref(), Some(&b"info"[..]), "{name}");
            assert_eq!(files.pyproject.as_deref(), Some(&b"toml"[..]), "{name}");
            assert_eq!(files.requires_txt.as_deref(), Some(&b"click"[..]), "{name}");
            let files = Files::read(kind, &content, Some("sub")).unwrap();
            assert_eq!(files.pkg_info, None, "{name}");
            assert_eq!(files.pyproject.as_deref(), Some(&b"below"[..]), "{name}");
            assert_eq!(files.setup, [None, Some(b"code".to_vec())], "{name}");
            assert_eq!(files.cargo_locks["sub/rust/Cargo.lock"], b"crates", "{name}");
        }
        assert_eq!(ArchiveKind::of("demo-1.0.exe"), None);
    }

    #[test]
    fn what_is_no_archive_is_refused() {
        for (kind, content) in [
            (ArchiveKind::TarGz, &b"<html>"[..]),
            (ArchiveKind::Zip, b"PK"),
            (ArchiveKind::TarBz2, b"BZh9"),
        ] {
            assert!(Files::read(kind, content, None).is_err(), "{kind:?}");
        }
    }

    #[test]
    fn bombs_end_at_the_bounds() {
        let zeros = vec![0; usize::try_from(LONGEST_FILE).unwrap() + 1];
        let bomb = gz(&tar(&[("demo-1.0/PKG-INFO", &zeros)]));
        assert!(bomb.len() < 100_000);
        let error = Files::read(ArchiveKind::TarGz, &bomb, None).unwrap_err();
        assert_eq!(error, "a file with its metadata is too long to be one");

        let lock = vec![0; MAX_CARGO_LOCKS_SIZE / 8];
        let paths: Vec<String> = (0..9).map(|at| format!("demo-1.0/{at}/Cargo.lock")).collect();
        let members: Vec<(&str, &[u8])> = paths.iter().map(|path| (&**path, &*lock)).collect();
        let error = Files::read(ArchiveKind::TarGz, &gz(&tar(&members)), None).unwrap_err();
        assert_eq!(error, "there is too much in it that is called Cargo.lock");

        // A header that announces more than there can be, and an endless stream behind it.
        let mut header = tar::Header::new_ustar();
        header.set_path("demo-1.0/data").unwrap();
        header.set_size(u64::MAX >> 4);
        header.set_cksum();
        let endless = Cursor::new(header.as_bytes().to_vec()).chain(io::repeat(0).take(MAX_ARCHIVE_SIZE));
        assert!(of_tar(endless, None).is_err());
    }
}
