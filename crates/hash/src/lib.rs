//! SHA-256 digests in all notations (layer 0).
//!
//! ```
//! use mach_nix_hash::Sha256;
//!
//! let digest = Sha256::of("mach-nix");
//! let hex: Sha256 = digest.to_hex().parse()?;
//! assert_eq!(hex, digest);
//! assert_eq!(Sha256::from_nix_base32(&digest.to_nix_base32())?, digest);
//! assert!(digest.to_sri().starts_with("sha256-"));
//! # Ok::<(), mach_nix_hash::ParseSha256Error>(())
//! ```
//!
//! # Goals
//!
//! 1. *One type.* A digest is a [`Sha256`], never a string: equal digests in different notations are equal, and each is
//!    formatted in the notation that its receiver needs.
//! 2. *Strict.* Every notation has exactly one spelling per digest. Other lengths, stray bits, wrong padding or unknown
//!    characters are rejected with a [`ParseSha256Error`], which contains the remedy.
//! 3. *No I/O.* Bytes come from the caller, whole ([`Sha256::of`]), as a stream ([`Sha256Hasher`]), or as the files of
//!    a folder ([`NarHasher`]).
//!
//! # Notations
//!
//! | notation | example | where it is used |
//! |---|---|---|
//! | SRI | `sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=` | the lock, Nix fetchers; `Display` and serde |
//! | hex | `e3b0c44298fc1c149afbf4c8996fb924…` | Python indexes, `--hash=sha256:…` of requirements.txt |
//! | nix-base32 | `0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73` | store paths, `nix-prefetch-url` |
//!
//! SRI is [W3C Subresource Integrity](https://www.w3.org/TR/SRI/) with a single hash and no options, as in Nix.
//! nix-base32 is specified in the [Nix manual](https://nix.dev/manual/nix/latest/protocols/nix32).
//!
//! Requirements files and locks of other tools also pin files by SHA-384 and SHA-512: a [`Digest`] is of any of the
//! three algorithms, and [`Digests`] has all three of a content. Locks of mach-nix contain only [`Sha256`].
//!
//! # Rule of the layer
//!
//! This crate has no concept of packages, indexes or locks, and depends on no other crate of the project.

mod digest;
mod error;
mod hasher;
mod nar;
mod nix_base32;
mod sha256;

pub use digest::{Digest, Digests, DigestsHasher, ParseDigestError};
pub use error::ParseSha256Error;
pub use hasher::Sha256Hasher;
pub use nar::NarHasher;
pub use sha256::Sha256;
