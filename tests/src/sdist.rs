//! Source distributions made on the spot.

use std::collections::BTreeMap;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::Package;

/// The bytes of a source distribution; the same for the same package. Its `PKG-INFO` is of a version that promises nothing
/// (PEP 643), unless the package brings another.
///
/// # Panics
/// Never: writing to memory does not fail.
#[must_use]
pub fn build(package: &Package) -> Vec<u8> {
    let (name, version) = package.name_and_version();
    let root = format!("{}-{version}", name.replace('-', "_"));
    let mut files = BTreeMap::from([("PKG-INFO".to_owned(), package.metadata())]);
    files.extend(package.source.clone());
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::default()));
    for (path, content) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, format!("{root}/{path}"), content.as_bytes())
            .expect("in memory");
    }
    let encoder = archive.into_inner().expect("in memory");
    encoder.finish().expect("in memory")
}
