use std::fmt;
use std::io;
use std::str::FromStr;

use data_encoding::{BASE64, HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::Digest as _;

use crate::Sha256;

/// A digest by one of the algorithms that pip considers strong: SHA-256, SHA-384 or SHA-512.
///
/// Locks contain [`Sha256`]. The two others occur in pins by users and tools, and are compared with the content.
/// `Display` formats SRI; [`FromStr`] and serde parse `ALGORITHM:HEX`.
///
/// ```
/// use mach_nix_hash::{Digest, Digests};
///
/// let digests = Digests::of("mach-nix");
/// let written = Digest::Sha512(digests.sha512).to_pip();
/// assert!(written.starts_with("sha512:"));
/// assert!(digests.contains(&written.parse()?));
/// # Ok::<(), mach_nix_hash::ParseDigestError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Digest {
    /// SHA-256.
    Sha256(Sha256),
    /// SHA-384.
    Sha384([u8; 48]),
    /// SHA-512.
    Sha512([u8; 64]),
}

/// An invalid digest.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ParseDigestError {
    /// An unknown or broken algorithm.
    #[error(
        "hashes of the kind `{0}` are not supported: use `sha256:` and 64 hexadecimal digits, `sha384:` and 96, or `sha512:` \
         and 128"
    )]
    Algorithm(String),
    /// The algorithm is missing.
    #[error("`{0}` is not a hash: write `sha256:` and 64 hexadecimal digits")]
    NoAlgorithm(String),
    /// A wrong number of digits, or digits that are not hexadecimal.
    #[error("`{text}` is not a {algorithm} hash: expected {digits} hexadecimal digits; copy the whole hash")]
    Digits {
        /// The digits.
        text: String,
        /// The algorithm.
        algorithm: &'static str,
        /// The expected number of digits.
        digits: usize,
    },
    /// An invalid SHA-256 digest.
    #[error(transparent)]
    Sha256(#[from] crate::ParseSha256Error),
}

impl Digest {
    /// The names of the algorithms.
    pub const ALGORITHMS: [&str; 3] = ["sha256", "sha384", "sha512"];

    /// The name of the algorithm.
    #[must_use]
    pub const fn algorithm(&self) -> &'static str {
        match self {
            Self::Sha256(_) => "sha256",
            Self::Sha384(_) => "sha384",
            Self::Sha512(_) => "sha512",
        }
    }

    /// The digest as SHA-256, if it is one.
    #[must_use]
    pub const fn sha256(&self) -> Option<Sha256> {
        match self {
            Self::Sha256(hash) => Some(*hash),
            Self::Sha384(_) | Self::Sha512(_) => None,
        }
    }

    /// Parses hexadecimal digits in either case.
    ///
    /// # Errors
    /// If the algorithm is unknown, or the number of digits or a digit is wrong.
    pub fn from_hex(algorithm: &str, digits: &str) -> Result<Self, ParseDigestError> {
        match algorithm {
            "sha256" => Ok(Self::Sha256(Sha256::from_hex(digits)?)),
            "sha384" => decode(digits, "sha384").map(Self::Sha384),
            "sha512" => decode(digits, "sha512").map(Self::Sha512),
            _ => Err(ParseDigestError::Algorithm(algorithm.to_owned())),
        }
    }

    fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Sha256(hash) => hash.as_bytes(),
            Self::Sha384(bytes) => bytes,
            Self::Sha512(bytes) => bytes,
        }
    }

    /// Formats `ALGORITHM:HEX`, as after `--hash=` and in locks.
    #[must_use]
    pub fn to_pip(&self) -> String {
        format!("{}:{}", self.algorithm(), HEXLOWER.encode(self.as_bytes()))
    }
}

fn decode<const N: usize>(digits: &str, algorithm: &'static str) -> Result<[u8; N], ParseDigestError> {
    let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| ParseDigestError::Digits {
            text: digits.chars().take(140).collect(),
            algorithm,
            digits: 2 * N,
        })
}

impl From<Sha256> for Digest {
    fn from(hash: Sha256) -> Self {
        Self::Sha256(hash)
    }
}

impl FromStr for Digest {
    type Err = ParseDigestError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            Some((algorithm, digits)) => Self::from_hex(algorithm, digits),
            None => Err(ParseDigestError::NoAlgorithm(text.to_owned())),
        }
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}-{}",
            self.algorithm(),
            BASE64.encode_display(self.as_bytes())
        )
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_pip())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// The digests of a content by all algorithms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digests {
    /// SHA-256.
    pub sha256: Sha256,
    /// SHA-384.
    pub sha384: [u8; 48],
    /// SHA-512.
    pub sha512: [u8; 64],
}

impl Digests {
    /// The digests of `bytes`.
    #[must_use]
    pub fn of(bytes: impl AsRef<[u8]>) -> Self {
        let mut hasher = DigestsHasher::default();
        hasher.update(bytes.as_ref());
        hasher.finish()
    }

    /// Whether the content has this digest.
    #[must_use]
    pub fn contains(&self, digest: &Digest) -> bool {
        self.by_algorithm_of(digest) == *digest
    }

    /// The digest by the algorithm of another one.
    #[must_use]
    pub fn by_algorithm_of(&self, digest: &Digest) -> Digest {
        match digest {
            Digest::Sha256(_) => Digest::Sha256(self.sha256),
            Digest::Sha384(_) => Digest::Sha384(self.sha384),
            Digest::Sha512(_) => Digest::Sha512(self.sha512),
        }
    }
}

impl Serialize for Digests {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = (
            Digest::Sha256(self.sha256),
            Digest::Sha384(self.sha384),
            Digest::Sha512(self.sha512),
        );
        all.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Digests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Deserialize::deserialize(deserializer)? {
            (Digest::Sha256(sha256), Digest::Sha384(sha384), Digest::Sha512(sha512)) => Ok(Self {
                sha256,
                sha384,
                sha512,
            }),
            _ => Err(serde::de::Error::custom("the digests are in another order")),
        }
    }
}

/// Computes the [`Digests`] of a byte stream; a target for [`io::copy`].
#[derive(Clone, Default)]
pub struct DigestsHasher {
    sha256: sha2::Sha256,
    sha384: sha2::Sha384,
    sha512: sha2::Sha512,
}

impl DigestsHasher {
    /// Adds the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.sha256.update(bytes);
        self.sha384.update(bytes);
        self.sha512.update(bytes);
    }

    /// The digests of everything added.
    #[must_use]
    pub fn finish(self) -> Digests {
        Digests {
            sha256: Sha256::from(<[u8; 32]>::from(self.sha256.finalize())),
            sha384: self.sha384.finalize().into(),
            sha512: self.sha512.finalize().into(),
        }
    }
}

impl io::Write for DigestsHasher {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for DigestsHasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestsHasher").finish_non_exhaustive()
    }
}
