//! Where the records of a `repodata.json` are: a table that is made once and kept with the file.

use serde::{Deserialize, Serialize};

use crate::PackageFile;

/// Where the records of a `repodata.json` are in it, by name.
///
/// Made by a [`RepodataScanner`](crate::RepodataScanner). It costs some 70 bytes per record, so that the file itself can
/// stay on disk.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct RepodataTable {
    /// See [`RepodataTable::base_url`].
    base_url: Option<Box<str>>,
    /// See [`RepodataTable::subdir`].
    subdir: Option<Box<str>>,
    /// The names of all package files, one after the other.
    files: String,
    /// Sorted by name, then by file.
    entries: Vec<Entry>,
}

/// A record: the name of its file in `files`, the length of the name of its package, and where it is.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Entry {
    file: u32,
    file_length: u16,
    name_length: u16,
    length: u32,
    offset: u64,
}

/// A record of a `repodata.json`: bytes of that file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordPlace<'a> {
    /// The name of the package file.
    pub file: &'a str,
    /// Where the record begins.
    pub offset: u64,
    /// How many bytes it has.
    pub length: usize,
}

impl RepodataTable {
    /// The address of the package files, where it is not that of the folder of `repodata.json` (CEP 15). It may be relative
    /// to that folder.
    #[must_use]
    pub fn base_url(&self) -> Option<&str> {
        self.base_url.as_deref()
    }

    /// The subdir that the file itself states.
    #[must_use]
    pub fn subdir(&self) -> Option<&str> {
        self.subdir.as_deref()
    }

    /// The number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are no records.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The names of all packages, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let mut last = None;
        let names = self.entries.iter().map(|entry| self.name(*entry));
        names.filter(move |name| last.replace(*name) != Some(*name))
    }

    /// The records of a name.
    pub fn records(&self, name: &str) -> impl Iterator<Item = RecordPlace<'_>> {
        let first = self.entries.partition_point(|entry| self.name(*entry) < name);
        let found = self.entries[first..]
            .iter()
            .take_while(move |entry| self.name(**entry) == name);
        found.map(|entry| RecordPlace {
            file: self.file(*entry),
            offset: entry.offset,
            length: entry.length as usize,
        })
    }

    /// What the file states of itself.
    pub(crate) fn set_info(&mut self, base_url: Option<String>, subdir: Option<String>) {
        self.base_url = base_url.map(Into::into);
        self.subdir = subdir.map(Into::into);
    }

    /// Adds a record; `None` if there is no room for it. What is not called as a package file is not one.
    pub(crate) fn add(&mut self, file: &str, offset: u64, length: u64) -> Option<()> {
        let Ok(package) = PackageFile::parse(file) else {
            return Some(());
        };
        self.entries.push(Entry {
            file: self.files.len().try_into().ok()?,
            file_length: file.len().try_into().ok()?,
            name_length: package.name().len().try_into().ok()?,
            length: length.try_into().ok()?,
            offset,
        });
        self.files.push_str(file);
        Some(())
    }

    /// Sorts the records, without those that `is_removed` names. Of several for one file the last one stays, as in a map.
    pub(crate) fn sort(&mut self, is_removed: impl Fn(&str) -> bool) {
        let mut entries = std::mem::take(&mut self.entries);
        entries.retain(|entry| !is_removed(self.file(*entry)));
        entries.reverse();
        entries.sort_by(|a, b| (self.name(*a), self.file(*a)).cmp(&(self.name(*b), self.file(*b))));
        entries.dedup_by(|next, kept| self.file(*next) == self.file(*kept));
        entries.shrink_to_fit();
        self.entries = entries;
    }

    /// Empty where a table that was read from a damaged file leads out of the names.
    fn file(&self, entry: Entry) -> &str {
        let start = entry.file as usize;
        self.files
            .get(start..start + usize::from(entry.file_length))
            .unwrap_or_default()
    }

    fn name(&self, entry: Entry) -> &str {
        let start = entry.file as usize;
        self.files
            .get(start..start + usize::from(entry.name_length))
            .unwrap_or_default()
    }
}
