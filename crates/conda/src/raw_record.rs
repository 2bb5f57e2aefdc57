//! Records as they are written: JSON in `repodata.json`, MessagePack in shards, where digests are bytes
//! ([CEP 16](https://conda.org/learn/ceps/cep-0016/)).

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, IgnoredAny, SeqAccess, Visitor};

use crate::Noarch;

/// Timestamps up to this one are in seconds: in milliseconds it would be a day of 1978, before there was conda.
const LAST_SECOND: i64 = 253_402_300_799;

/// The keys of a record that are read; others are ignored.
#[derive(Deserialize)]
pub struct RawRecord {
    pub name: String,
    pub version: String,
    pub build: String,
    pub build_number: u64,
    #[serde(default)]
    pub depends: Option<Vec<String>>,
    #[serde(default)]
    pub constrains: Option<Vec<String>>,
    #[serde(default)]
    pub track_features: Features,
    #[serde(default)]
    pub noarch: RawNoarch,
    #[serde(default)]
    pub subdir: Option<String>,
    #[serde(default)]
    pub timestamp: Option<Moment>,
    #[serde(default)]
    pub indexed_timestamp: Option<Moment>,
    #[serde(default)]
    pub sha256: Option<Digest<32>>,
    #[serde(default)]
    pub md5: Option<Digest<16>>,
    #[serde(default)]
    pub size: Option<u64>,
    #[serde(default)]
    pub license: Option<String>,
    #[serde(default)]
    pub python_site_packages_path: Option<String>,
}

/// `"a b"`, `"a,b"` or `["a", "b"]`.
#[derive(Default)]
pub struct Features(pub Vec<Box<str>>);

impl<'de> Deserialize<'de> for Features {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Text(String),
            List(Vec<String>),
            Nothing(()),
        }
        let texts = match Either::deserialize(deserializer)? {
            Either::Text(text) => vec![text],
            Either::List(texts) => texts,
            Either::Nothing(()) => Vec::new(),
        };
        let words = texts.iter().flat_map(|text| text.split([',', ' ']));
        Ok(Self(
            words.filter(|word| !word.is_empty()).map(Into::into).collect(),
        ))
    }
}

/// `true`, `"generic"` or `"python"`.
#[derive(Default)]
pub struct RawNoarch(pub Option<Noarch>);

impl<'de> Deserialize<'de> for RawNoarch {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Either {
            Flag(bool),
            Text(String),
            Nothing(()),
        }
        match Either::deserialize(deserializer)? {
            Either::Flag(false) | Either::Nothing(()) => Ok(Self(None)),
            Either::Flag(true) => Ok(Self(Some(Noarch::Generic))),
            Either::Text(text) => match text.as_str() {
                "generic" => Ok(Self(Some(Noarch::Generic))),
                "python" => Ok(Self(Some(Noarch::Python))),
                other => Err(de::Error::custom(format!(
                    "`noarch` is `{}`, which is not known",
                    other.escape_debug()
                ))),
            },
        }
    }
}

/// A time in milliseconds since 1970. Older records have seconds.
#[derive(Clone, Copy)]
pub struct Moment(pub i64);

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        let is_seconds = number <= LAST_SECOND;
        let milliseconds = if is_seconds {
            number.checked_mul(1000)
        } else {
            Some(number)
        };
        milliseconds
            .map(Self)
            .ok_or_else(|| de::Error::custom("a timestamp is out of range"))
    }
}

/// A digest, in hexadecimal or as bytes.
#[derive(Clone, Copy)]
pub struct Digest<const N: usize>(pub [u8; N]);

impl<const N: usize> Digest<N> {
    fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; N];
        if text.len() != 2 * N || !text.is_ascii() {
            return None;
        }
        for (byte, digits) in bytes.iter_mut().zip(text.as_bytes().chunks(2)) {
            *byte = u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?;
        }
        Some(Self(bytes))
    }
}

impl<'de, const N: usize> Deserialize<'de> for Digest<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DigestVisitor(PhantomData))
    }
}

struct DigestVisitor<const N: usize>(PhantomData<[u8; N]>);

impl<'de, const N: usize> Visitor<'de> for DigestVisitor<N> {
    type Value = Digest<N>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "a digest of {N} bytes, or its {} hexadecimal digits", 2 * N)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Digest<N>, E> {
        Digest::from_hex(text).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Digest<N>, E> {
        let exact = bytes.try_into().map(Digest);
        exact.map_err(|_| E::invalid_length(bytes.len(), &self))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Digest<N>, A::Error> {
        let mut bytes = [0; N];
        for (index, byte) in bytes.iter_mut().enumerate() {
            let next = sequence.next_element()?;
            *byte = next.ok_or_else(|| de::Error::invalid_length(index, &self))?;
        }
        match sequence.next_element::<IgnoredAny>()? {
            None => Ok(Digest(bytes)),
            Some(_) => Err(de::Error::invalid_length(N + 1, &self)),
        }
    }
}
