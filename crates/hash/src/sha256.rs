use std::fmt;
use std::str::FromStr;

use data_encoding::{BASE64, Encoding, HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;

use crate::error::Fault;
use crate::{ParseSha256Error, nix_base32};

const SRI_PREFIX: &str = "sha256-";

/// A SHA-256 digest.
///
/// Ordered by bytes. `Display` and serde format SRI (serde in binary formats: the bytes); serde parses only SRI, so
/// that a stored digest has one spelling. [`FromStr`] accepts all notations, for user input.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The digest of `bytes`. For a stream, see [`Sha256Hasher`](crate::Sha256Hasher).
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }

    /// The bytes of the digest.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Parses 64 hexadecimal digits in either case, as on Python indexes.
    ///
    /// # Errors
    ///
    /// If the length or a character is wrong.
    pub fn from_hex(text: &str) -> Result<Self, ParseSha256Error> {
        if text.len() != 64 {
            let found = text.chars().count();
            return Err(ParseSha256Error::new(text, Fault::HexLength { found }));
        }
        decode(&HEXLOWER_PERMISSIVE, text).ok_or_else(|| ParseSha256Error::new(text, Fault::HexDigit))
    }

    /// Parses the 52 digits of nix-base32.
    ///
    /// # Errors
    ///
    /// If the length or a character is wrong, or the number exceeds 256 bits.
    pub fn from_nix_base32(text: &str) -> Result<Self, ParseSha256Error> {
        if text.len() != nix_base32::LEN {
            let found = text.chars().count();
            return Err(ParseSha256Error::new(text, Fault::NixBase32Length { found }));
        }
        nix_base32::decode(text)
            .map(Self)
            .ok_or_else(|| ParseSha256Error::new(text, Fault::NixBase32Digit))
    }

    /// Parses `sha256-<base64>`.
    ///
    /// # Errors
    ///
    /// If it has another algorithm, missing padding, several hashes, or trailing bits that are not zero.
    pub fn from_sri(text: &str) -> Result<Self, ParseSha256Error> {
        let Some(base64) = text.strip_prefix(SRI_PREFIX) else {
            let fault = other_algorithm(text, '-').unwrap_or(Fault::SriPrefix);
            return Err(ParseSha256Error::new(text, fault));
        };
        decode(&BASE64, base64).ok_or_else(|| ParseSha256Error::new(text, Fault::SriBase64))
    }

    /// 64 lower-case hexadecimal digits.
    #[must_use]
    pub fn to_hex(&self) -> String {
        HEXLOWER.encode(&self.0)
    }

    /// 52 digits of nix-base32.
    #[must_use]
    pub fn to_nix_base32(&self) -> String {
        nix_base32::encode(&self.0)
    }

    /// `sha256-` and 44 characters of base64.
    #[must_use]
    pub fn to_sri(&self) -> String {
        self.to_string()
    }
}

/// Decodes exactly 32 bytes. `data_encoding` is strict: padding and unused bits must be canonical.
fn decode(encoding: &Encoding, text: &str) -> Option<Sha256> {
    encoding.decode(text.as_bytes()).ok()?.try_into().ok().map(Sha256)
}

/// The algorithm in `text` before `separator`, if it is known and not sha256.
fn other_algorithm(text: &str, separator: char) -> Option<Fault> {
    let (algorithm, _) = text.split_once(separator)?;
    ["md5", "sha1", "sha224", "sha384", "sha512", "blake2b", "blake3"]
        .contains(&algorithm)
        .then(|| Fault::Algorithm {
            algorithm: algorithm.to_owned(),
        })
}

impl From<[u8; 32]> for Sha256 {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

/// Parses the notations of Nix: SRI, or hex or nix-base32 with or without a prefix `sha256:`.
///
/// The length distinguishes the notations, as in Nix.
impl FromStr for Sha256 {
    type Err = ParseSha256Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.starts_with(SRI_PREFIX) {
            return Self::from_sri(text);
        }
        if let Some(fault) = other_algorithm(text, '-').or_else(|| other_algorithm(text, ':')) {
            return Err(ParseSha256Error::new(text, fault));
        }
        let digits = text.strip_prefix("sha256:").unwrap_or(text);
        match digits.chars().count() {
            nix_base32::LEN => Self::from_nix_base32(digits),
            // Lengths of other algorithms end up here too, for the hint in the message.
            32 | 40 | 64 | 96 | 128 => Self::from_hex(digits),
            found => Err(ParseSha256Error::new(text, Fault::Notation { found })),
        }
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SRI_PREFIX}{}", BASE64.encode_display(&self.0))
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Sha256 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_bytes(&self.0)
        }
    }
}

impl<'de> Deserialize<'de> for Sha256 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if !deserializer.is_human_readable() {
            return serde_bytes::ByteArray::deserialize(deserializer).map(|bytes| Self(bytes.into_array()));
        }
        // Owned, because `serde_json::from_reader` cannot lend text.
        let text = String::deserialize(deserializer)?;
        Self::from_sri(&text).map_err(serde::de::Error::custom)
    }
}
