//! Unpacking within limits.

use std::io::{self, Read, Write};

use mach_nix_conda::{RepodataError, RepodataScanner, RepodataTable};

use crate::limits::MAX_REPODATA;

/// The size of the pieces that are read at once.
const PIECE: usize = 128 * 1024;

/// Repodata that was not unpacked.
#[derive(Debug, thiserror::Error)]
pub enum UnpackError {
    /// It is not repodata.
    #[error(transparent)]
    Repodata(#[from] RepodataError),
    /// It cannot be decompressed.
    #[error("it cannot be decompressed: {0}")]
    Compression(io::Error),
    /// It is larger than what is unpacked.
    #[error("it unpacks to more than {} MiB, which is the limit for it", .0 >> 20)]
    TooLarge(u64),
    /// It cannot be stored.
    #[error("it cannot be stored: {0}")]
    Storage(io::Error),
}

/// Copies a `repodata.json`, and finds its records on the way.
pub fn scan(packed: impl Read, is_zstd: bool, to: &mut impl Write) -> Result<RepodataTable, UnpackError> {
    if is_zstd {
        scan_plain(zstd::Decoder::new(packed).map_err(UnpackError::Compression)?, to)
    } else {
        scan_plain(packed, to)
    }
}

fn scan_plain(mut content: impl Read, to: &mut impl Write) -> Result<RepodataTable, UnpackError> {
    let mut scanner = RepodataScanner::default();
    let mut piece = vec![0; PIECE];
    let mut size = 0;
    loop {
        let read = match content.read(&mut piece) {
            Ok(0) => return Ok(scanner.finish()?),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(UnpackError::Compression(error)),
        };
        size += read as u64;
        if size > MAX_REPODATA {
            return Err(UnpackError::TooLarge(MAX_REPODATA));
        }
        scanner.add(&piece[..read])?;
        to.write_all(&piece[..read]).map_err(UnpackError::Storage)?;
    }
}

/// Decompresses something that is small enough for the memory.
pub fn decompress(packed: &[u8], limit: u64) -> Result<Vec<u8>, UnpackError> {
    let decoder = zstd::Decoder::new(packed).map_err(UnpackError::Compression)?;
    let mut content = Vec::new();
    decoder
        .take(limit + 1)
        .read_to_end(&mut content)
        .map_err(UnpackError::Compression)?;
    if content.len() as u64 > limit {
        return Err(UnpackError::TooLarge(limit));
    }
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::{UnpackError, decompress, scan};

    #[test]
    fn rejects_an_oversized_archive() {
        let bomb = zstd::encode_all(std::io::repeat(b' ').take_exactly(1 << 20), 1).unwrap();
        assert!(bomb.len() < 1000);
        assert_eq!(decompress(&bomb, 1 << 20).unwrap().len(), 1 << 20);
        assert!(matches!(
            decompress(&bomb, 1 << 19),
            Err(UnpackError::TooLarge(_))
        ));
    }

    #[test]
    fn both_forms_have_the_same_table() {
        let json = br#"{"packages": {"a-1-0.tar.bz2": {"name": "a"}}}"#;
        let packed = zstd::encode_all(&json[..], 1).unwrap();
        for (content, is_zstd) in [(&json[..], false), (&packed, true)] {
            let mut copy = Vec::new();
            let table = scan(content, is_zstd, &mut copy).unwrap();
            assert_eq!((table.len(), &*copy), (1, &json[..]));
        }
        assert!(matches!(
            scan(&packed[..20], true, &mut Vec::new()),
            Err(UnpackError::Compression(_))
        ));
        assert!(matches!(
            scan(&json[..20], false, &mut Vec::new()),
            Err(UnpackError::Repodata(_))
        ));
    }

    trait TakeExactly: std::io::Read + Sized {
        fn take_exactly(self, length: u64) -> std::io::Take<Self> {
            self.take(length)
        }
    }

    impl TakeExactly for std::io::Repeat {}
}
