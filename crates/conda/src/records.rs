//! The usable records of a name.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::raw_record::RawRecord;
use crate::{Channel, CondaRecord, CondaSpec, PackageFile, Subdir};

/// Where records were read: what they themselves do not say.
#[derive(Debug, Clone)]
pub struct RecordSource {
    /// The channel.
    pub channel: Arc<Channel>,
    /// The folder of the channel.
    pub subdir: Subdir,
    /// The address of the package files, to which their names are added. Without credentials, with a slash at its end.
    pub base_url: Arc<str>,
}

/// What a folder of a channel has under a name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CondaRecords {
    /// Usable records, in the order of [`CondaRecord::preference`], worst first.
    pub usable: Vec<Arc<CondaRecord>>,
    /// The others.
    pub skipped: Vec<SkippedRecord>,
}

/// A record that is not usable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SkippedRecord {
    /// The name of the file.
    pub file: Box<str>,
    /// Why.
    pub reason: String,
}

/// Collects records. A broken one is skipped, and the others stay usable.
pub struct RecordReader {
    source: RecordSource,
    /// Most specs of a package are in many of its records.
    specs: HashMap<String, Result<Arc<CondaSpec>, String>>,
    /// By name of the file without its extension: `.conda` replaces `.tar.bz2`.
    usable: BTreeMap<Box<str>, CondaRecord>,
    skipped: Vec<SkippedRecord>,
}

impl RecordReader {
    /// A reader of records of one name.
    #[must_use]
    pub fn new(source: RecordSource) -> Self {
        Self {
            source,
            specs: HashMap::new(),
            usable: BTreeMap::new(),
            skipped: Vec::new(),
        }
    }

    /// Adds a record in JSON.
    pub fn add_json(&mut self, file: &str, json: &[u8]) {
        let raw = serde_json::from_slice(json).map_err(|error| error.to_string());
        self.add(file, raw);
    }

    /// Adds a record in `MessagePack`.
    pub(crate) fn add_msgpack(&mut self, file: &str, bytes: &[u8]) {
        let raw = rmp_serde::from_slice(bytes).map_err(|error| error.to_string());
        self.add(file, raw);
    }

    /// Notes a file that is not usable.
    pub fn skip(&mut self, file: &str, reason: String) {
        self.skipped.push(SkippedRecord {
            file: file.into(),
            reason,
        });
    }

    fn add(&mut self, file: &str, raw: Result<RawRecord, String>) {
        match raw.and_then(|raw| self.record(file, raw)) {
            Err(reason) => self.skip(file, reason),
            Ok((package, record)) => {
                let known = self.usable.get(package.stem());
                if known.is_none_or(|known| !known.file.ends_with(PackageFile::CONDA)) {
                    self.usable.insert(package.stem().into(), record);
                }
            }
        }
    }

    fn record<'f>(
        &mut self,
        file: &'f str,
        raw: RawRecord,
    ) -> Result<(PackageFile<'f>, CondaRecord), String> {
        let package = PackageFile::parse(file).map_err(|error| error.to_string())?;
        let name: crate::CondaName = raw
            .name
            .parse()
            .map_err(|error: crate::CondaNameError| error.to_string())?;
        if name.as_str() != package.name() {
            return Err(format!(
                "the record is of `{name}`, and the file of `{}`",
                package.name().escape_debug()
            ));
        }
        let subdir = self.source.subdir;
        if let Some(own) = raw.subdir.as_deref().filter(|own| *own != subdir.as_str()) {
            return Err(format!(
                "it is of the subdir {}, and {subdir} lists it",
                own.escape_debug()
            ));
        }
        let version = raw
            .version
            .parse()
            .map_err(|error: crate::CondaVersionError| error.to_string())?;
        let record = CondaRecord {
            name,
            version,
            build: raw.build.into(),
            build_number: raw.build_number,
            channel: Arc::clone(&self.source.channel),
            subdir,
            file: file.into(),
            url: format!("{}{}", self.source.base_url, package.in_address()).into(),
            depends: self.specs(raw.depends)?,
            constrains: self.specs(raw.constrains)?,
            track_features: raw.track_features.0,
            noarch: raw.noarch.0,
            timestamp: raw.timestamp.map(|moment| moment.0),
            indexed_timestamp: raw.indexed_timestamp.map(|moment| moment.0),
            sha256: raw.sha256.map(|digest| digest.0.into()),
            md5: raw.md5.map(|digest| digest.0.into()),
            size: raw.size,
            license: raw.license.map(Into::into),
            python_site_packages_path: raw.python_site_packages_path.map(Into::into),
        };
        Ok((package, record))
    }

    fn specs(&mut self, texts: Option<Vec<String>>) -> Result<Vec<Arc<CondaSpec>>, String> {
        let texts = texts.unwrap_or_default().into_iter();
        texts.map(|text| self.spec(text)).collect()
    }

    fn spec(&mut self, text: String) -> Result<Arc<CondaSpec>, String> {
        if let Some(known) = self.specs.get(&text) {
            return known.clone();
        }
        let read: Result<CondaSpec, crate::CondaSpecError> = text.parse();
        let read = read.map(Arc::new).map_err(|error| error.to_string());
        self.specs.insert(text, read.clone());
        read
    }

    /// The records, best last.
    #[must_use]
    pub fn finish(self) -> CondaRecords {
        let mut usable: Vec<Arc<CondaRecord>> = self.usable.into_values().map(Arc::new).collect();
        usable.sort_by(|a, b| a.preference(b));
        CondaRecords {
            usable,
            skipped: self.skipped,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::{RecordReader, RecordSource};
    use crate::{Channel, CondaRecords, Subdir};

    fn read(records: &[(&str, Value)]) -> CondaRecords {
        let mut reader = RecordReader::new(RecordSource {
            channel: Arc::new(Channel::public("x")),
            subdir: Subdir::Linux64,
            base_url: "https://conda.example.org/x/linux-64/".into(),
        });
        for (file, record) in records {
            reader.add_json(file, record.to_string().as_bytes());
        }
        reader.finish()
    }

    fn record(version: &str, build: &str, number: u64, more: Value) -> (String, Value) {
        let mut record = json!({"name": "a", "version": version, "build": build, "build_number": number});
        let Value::Object(more) = more else {
            panic!("an object")
        };
        record.as_object_mut().unwrap().extend(more);
        (format!("a-{version}-{build}.conda"), record)
    }

    #[test]
    fn records_are_in_the_order_of_preference() {
        let records = [
            record("2.0", "tracked_9", 9, json!({"track_features": "debug"})),
            record("1.9", "h_5", 5, json!({})),
            record("2.0", "h_1", 1, json!({"timestamp": 1_600_000_000_000_i64})),
            record("2.0", "h_0", 0, json!({"timestamp": 1_700_000_000_000_i64})),
            record("2.0", "g_1", 1, json!({"timestamp": 1_600_000_001})),
            record("2.0", "a_1", 1, json!({"timestamp": 1_600_000_000_000_i64})),
            record("1.10", "h_0", 0, json!({})),
        ];
        let records: Vec<_> = records
            .iter()
            .map(|(file, record)| (file.as_str(), record.clone()))
            .collect();
        let read = read(&records);
        let order: Vec<String> = read
            .usable
            .iter()
            .map(|record| format!("{} {}", record.version, record.build))
            .collect();
        assert_eq!(
            order,
            [
                "2.0 tracked_9",
                "1.9 h_5",
                "1.10 h_0",
                "2.0 h_0",
                "2.0 a_1",
                "2.0 h_1",
                "2.0 g_1"
            ]
        );
    }

    #[test]
    fn a_broken_record_is_skipped_with_its_reason() {
        let (file, good) = record("1", "0", 0, json!({}));
        let cases = [
            (
                "version",
                json!("a b"),
                "`a b` is not the version of a conda package",
            ),
            ("depends", json!(["b >>1"]), "`b >>1` is not a usable match spec"),
            ("depends", json!("b"), "invalid type"),
            (
                "constrains",
                json!(["b[when=\"__win\"]"]),
                "a condition (`when`, CEP 43) is not supported",
            ),
            ("sha256", json!("12"), "64 hexadecimal digits"),
            (
                "subdir",
                json!("noarch"),
                "it is of the subdir noarch, and linux-64 lists it",
            ),
            ("name", json!("b"), "the record is of `b`, and the file of `a`"),
            ("build_number", json!("x"), "invalid type"),
            ("noarch", json!("ruby"), "`noarch` is `ruby`"),
        ];
        for (key, value, expected) in cases {
            let mut broken = good.clone();
            broken[key] = value;
            let read = read(&[(&file, good.clone()), ("a-2-0.conda", broken)]);
            assert_eq!((read.usable.len(), read.skipped.len()), (1, 1), "{key}");
            assert!(
                read.skipped[0].reason.contains(expected),
                "{key}: {}",
                read.skipped[0].reason
            );
        }
        let read = read(&[("../a-1-0.conda", good.clone()), ("a-1-0.zip", good)]);
        assert_eq!((read.usable.len(), read.skipped.len()), (0, 2));
    }

    #[test]
    fn what_is_not_known_is_ignored() {
        let more = json!({"features": "mkl", "arch": null, "depends": null, "new": {"a": 1}, "noarch": true, "track_features": ["x", "y"]});
        let (file, record) = record("1", "0", 0, more);
        let read = read(&[(&file, record)]);
        assert_eq!(read.skipped, []);
        assert_eq!(read.usable[0].track_features, ["x".into(), "y".into()]);
    }

    #[test]
    fn the_newer_format_replaces_the_older_one() {
        let (new, record) = record("1", "0", 0, json!({}));
        let old = new.replace(".conda", ".tar.bz2");
        for files in [[&new, &old], [&old, &new]] {
            let read = read(&files.map(|file| (file.as_str(), record.clone())));
            assert_eq!(read.usable.len(), 1);
            assert_eq!(*read.usable[0].file, *new);
        }
        assert_eq!(read(&[(&old, record)]).usable.len(), 1);
    }

    #[test]
    fn what_needs_python_looks_like_python() {
        let cases = [
            (json!({"noarch": "python"}), true),
            (json!({"noarch": "generic"}), false),
            (json!({"depends": ["python >=3.11,<3.12.0a0"]}), true),
            (json!({"depends": ["python_abi 3.11.* *_cp311"]}), true),
            (json!({"depends": ["libpython 3.11.*", "libgcc"]}), false),
        ];
        for (more, expected) in cases {
            let (file, record) = record("1", "0", 0, more.clone());
            assert_eq!(
                read(&[(&file, record)]).usable[0].looks_like_python(),
                expected,
                "{more}"
            );
        }
    }
}
