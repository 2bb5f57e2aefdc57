//! A remote file that is read in parts: what a reader of ZIP archives needs, the directory at the end and one member.
//!
//! The last bytes of an archive say where its directory begins, so that a large directory takes one further request.
//! Specification: [APPNOTE](https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT), 4.3.14 and 4.3.16.

use std::io::{self, Read, Seek, SeekFrom};

use mach_nix_model::IndexError;

use crate::limits::{MAX_DIRECTORY, MAX_PARTS};
use crate::responses::Part;

/// Number of bytes at the end that contain the directory, and usually the metadata, of most wheels.
const TAIL: u64 = 64 * 1024;

/// A file on a server, by a function that fetches a range (RFC 9110 §14.1.2, without the unit) of at most a given length.
pub struct RemoteFile<F> {
    fetch: F,
    parts: Vec<Part>,
    total: u64,
    position: u64,
    /// The network error of the last read.
    pub failed: Option<IndexError>,
}

impl<F: FnMut(&str, u64) -> Result<Part, IndexError>> RemoteFile<F> {
    /// Fetches the end of the file, and the rest of its directory.
    pub fn open(mut fetch: F) -> Result<Self, IndexError> {
        let tail = fetch(&format!("-{TAIL}"), TAIL)?;
        let (start, end) = (directory_start(&tail.bytes), tail.start);
        let mut file = Self {
            total: tail.total,
            position: 0,
            failed: None,
            parts: vec![tail],
            fetch,
        };
        if let Some(start) = start
            && start < end
            && end - start <= MAX_DIRECTORY
        {
            // The metadata of most wheels is one of the last members.
            let start = start.saturating_sub(TAIL);
            let directory = (file.fetch)(&format!("{start}-{}", end - 1), end - start)?;
            file.parts.push(directory);
        }
        Ok(file)
    }

    /// The index of the part at this position, which is fetched if needed.
    fn part_at(&mut self, position: u64) -> io::Result<usize> {
        let holds = |part: &Part| (part.start..part.start + part.bytes.len() as u64).contains(&position);
        if let Some(known) = self.parts.iter().position(holds) {
            return Ok(known);
        }
        if self.parts.len() >= MAX_PARTS {
            return Err(io::Error::other("its directory or its metadata is too large"));
        }
        let last = position.saturating_add(TAIL).min(self.total) - 1;
        let part = match (self.fetch)(&format!("{position}-{last}"), last - position + 1) {
            Ok(part) => part,
            Err(error) => {
                self.failed = Some(error.clone());
                return Err(io::Error::other(error));
            }
        };
        if !holds(&part) {
            return Err(io::Error::other(
                "its server answers with another range than the requested one",
            ));
        }
        self.parts.push(part);
        Ok(self.parts.len() - 1)
    }
}

/// Where the directory of an archive begins, by the end record in its last bytes.
fn directory_start(tail: &[u8]) -> Option<u64> {
    let record = |bytes: &[u8], signature: &[u8; 4]| bytes.windows(4).rposition(|four| four == signature);
    let end = record(tail, b"PK\x05\x06")?;
    let offset = u32::from_le_bytes(tail.get(end + 16..end + 20)?.try_into().ok()?);
    if offset != u32::MAX {
        return Some(offset.into());
    }
    let end = record(&tail[..end], b"PK\x06\x06")?;
    Some(u64::from_le_bytes(tail.get(end + 48..end + 56)?.try_into().ok()?))
}

impl<F: FnMut(&str, u64) -> Result<Part, IndexError>> Read for RemoteFile<F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.total || buffer.is_empty() {
            return Ok(0);
        }
        let at = self.part_at(self.position)?;
        let part = &self.parts[at];
        let offset = usize::try_from(self.position - part.start).map_err(io::Error::other)?;
        let count = buffer.len().min(part.bytes.len() - offset);
        buffer[..count].copy_from_slice(&part.bytes[offset..offset + count]);
        self.position += count as u64;
        Ok(count)
    }
}

impl<F> Seek for RemoteFile<F> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let target = match to {
            SeekFrom::Start(offset) => Some(offset),
            SeekFrom::End(offset) => self.total.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = target.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that fails says where")]

    use std::io::Cursor;

    use zip::ZipArchive;
    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    /// An archive whose directory has so many members.
    fn archive(members: usize) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for member in 0..members {
            let name = format!("demo/a/module/with/a/long/name/that/is/numbered/{member}.py");
            archive
                .start_file(
                    name,
                    SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored),
                )
                .unwrap();
        }
        archive
            .start_file(
                "demo-1.dist-info/METADATA",
                SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored),
            )
            .unwrap();
        io::Write::write_all(&mut archive, b"Name: demo").unwrap();
        archive.finish().unwrap().into_inner()
    }

    /// The requests for reading the metadata of an archive.
    fn requests(archive: &[u8]) -> Vec<String> {
        let mut requests = Vec::new();
        let total = archive.len() as u64;
        let remote = RemoteFile::open(|range, length| {
            requests.push(range.to_owned());
            let (first, last) = range.split_once('-').unwrap();
            let (start, end) = match first {
                "" => (total.saturating_sub(last.parse().unwrap()), total),
                _ => (first.parse().unwrap(), last.parse::<u64>().unwrap() + 1),
            };
            assert!(end - start <= length);
            let bytes = archive[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()].to_vec();
            Ok(Part { start, bytes, total })
        });
        let mut archive = ZipArchive::new(remote.unwrap()).unwrap();
        let mut content = String::new();
        let mut member = archive.by_name("demo-1.dist-info/METADATA").unwrap();
        member.read_to_string(&mut content).unwrap();
        assert_eq!(content, "Name: demo");
        drop(member);
        drop(archive);
        requests
    }

    #[test]
    fn a_directory_of_any_size_takes_one_further_request() {
        assert_eq!(requests(&archive(10)).len(), 1);
        // The end, then the directory with the metadata before it.
        for members in [2_000, 20_000] {
            assert_eq!(requests(&archive(members)).len(), 2, "{members}");
        }
    }

    #[test]
    fn a_large_archive_says_in_another_record_where_its_directory_begins() {
        // More members than the first form of the end record can count.
        assert_eq!(requests(&archive(70_000)).len(), 2);
    }

    #[test]
    fn what_is_not_an_archive_has_no_directory() {
        assert_eq!(directory_start(b""), None);
        assert_eq!(directory_start(b"PK\x05\x06"), None);
        assert_eq!(directory_start(&[0; 100]), None);
    }
}
