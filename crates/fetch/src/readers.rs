//! The readers of what servers, archives and other programs say, by name, for fuzzing.

use std::io::Cursor;

use mach_nix_model::PackageName;
use url::Url;

use crate::archive_kind::ArchiveKind;
use crate::headers::content_range;
use crate::json_api;
use crate::metadata::of_wheel;
use crate::ranges::RemoteFile;
use crate::responses::Part;
use crate::simple::{parse_project_page, parse_root};
use crate::source::{Files, read_static, revision_in};

/// A reader; what it returns does not matter.
pub type Reader = fn(&[u8]);

/// All readers of this crate that have no interface of their own.
pub const READERS: [(&str, Reader); 10] = [
    ("simple-page", page),
    ("simple-root", |input| {
        let _ = parse_root(input, &address());
    }),
    ("json-api", |input| {
        let mut files = parse_project_page(PAGE, &address(), &name()).unwrap_or_default();
        let _ = json_api::complete(&mut files, input);
    }),
    ("wheel", |input| {
        let _ = of_wheel(&name(), Cursor::new(input));
    }),
    ("wheel-in-parts", in_parts),
    ("sdist-tar", |input| archive(ArchiveKind::Tar, input)),
    ("sdist-tar-gz", |input| archive(ArchiveKind::TarGz, input)),
    ("sdist-zip", |input| archive(ArchiveKind::Zip, input)),
    ("content-range", |input| {
        let _ = content_range(&String::from_utf8_lossy(input));
    }),
    ("git-references", |input| {
        let _ = revision_in(&String::from_utf8_lossy(input), "main");
    }),
];

/// A page with one file.
const PAGE: &[u8] =
    br#"{"name": "app", "files": [{"filename": "app-1.tar.gz", "url": "app-1.tar.gz", "hashes": {}}]}"#;

fn name() -> PackageName {
    "app".parse().expect("a name")
}

fn address() -> Url {
    "https://index.test/simple/app/".parse().expect("an address")
}

fn page(input: &[u8]) {
    let _ = parse_project_page(input, &address(), &name());
}

fn archive(kind: ArchiveKind, input: &[u8]) {
    if let Ok(files) = Files::read(kind, input, None) {
        let _ = read_static(&files);
    }
}

/// A server that answers ranges with parts of the input.
fn in_parts(input: &[u8]) {
    let total = input.len() as u64;
    let remote = RemoteFile::open(|range: &str, length| {
        let (first, last) = range.split_once('-').unwrap_or_default();
        let start = match first.parse::<u64>() {
            Ok(start) => start.min(total),
            Err(_) => total.saturating_sub(last.parse().unwrap_or(0)),
        };
        let end = start.saturating_add(length).min(total);
        let part = usize::try_from(start).unwrap_or(0)..usize::try_from(end).unwrap_or(0);
        let bytes = input[part].to_vec();
        Ok(Part { start, bytes, total })
    });
    if let Ok(remote) = remote {
        let _ = of_wheel(&name(), remote);
    }
}
