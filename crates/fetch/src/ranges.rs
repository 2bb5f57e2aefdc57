//! A remote file read with range requests: for a ZIP reader, its directory at the end and a single member.

use std::io::{self, Read, Seek, SeekFrom};

use mach_nix_model::IndexError;
use tokio::runtime::Handle;
use url::Url;

use crate::client::{Client, Part};
use crate::limits::MAX_PARTS;

/// Number of bytes at the end that contain the directory, and usually the metadata, of most wheels.
const TAIL: u64 = 64 * 1024;

/// A remote file. Reads block, so that it must be used on a blocking thread.
pub struct RemoteFile {
    client: Client,
    url: Url,
    runtime: Handle,
    parts: Vec<Part>,
    total: u64,
    position: u64,
    /// The network error of the last read.
    pub failed: Option<IndexError>,
}

impl RemoteFile {
    /// Requests the end of the file.
    pub fn open(client: Client, url: Url, runtime: Handle) -> Result<Self, IndexError> {
        let tail = runtime.block_on(client.part(&url, &format!("-{TAIL}"), TAIL))?;
        Ok(Self {
            total: tail.total,
            position: 0,
            failed: None,
            parts: vec![tail],
            client,
            url,
            runtime,
        })
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
        let range = format!("{position}-{last}");
        let part = self.client.part(&self.url, &range, last - position + 1);
        let part = match self.runtime.block_on(part) {
            Ok(part) => part,
            Err(error) => {
                self.failed = Some(error.clone());
                return Err(io::Error::other(error));
            }
        };
        if !holds(&part) {
            return Err(io::Error::other(format!(
                "{} returned another range than requested",
                self.url
            )));
        }
        self.parts.push(part);
        Ok(self.parts.len() - 1)
    }
}

impl Read for RemoteFile {
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

impl Seek for RemoteFile {
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
