//! Wheels made on the spot: real archives with one module that knows its version.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;

use crate::Package;

/// The bytes of a wheel; the same for the same package.
///
/// # Panics
/// Never: writing to memory does not fail.
#[must_use]
pub fn build(package: &Package) -> Vec<u8> {
    let (name, version) = package.name_and_version();
    let module = name.replace('-', "_");
    let info = format!("{module}-{version}.dist-info");
    let members = [
        (format!("{module}.py"), format!("__version__ = \"{version}\"\n")),
        (format!("{info}/METADATA"), package.metadata()),
        (
            format!("{info}/WHEEL"),
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n".to_owned(),
        ),
        (
            format!("{info}/RECORD"),
            format!("{module}.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n"),
        ),
    ];
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in members {
        archive
            .start_file(path, SimpleFileOptions::default())
            .expect("in memory");
        archive.write_all(content.as_bytes()).expect("in memory");
    }
    archive.finish().expect("in memory").into_inner()
}
