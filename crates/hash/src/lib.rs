//! SHA-256 digests, in every notation that mach-nix meets (layer 0).
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
//! 1. *One type.* A digest is a [`Sha256`], never a string: whichever notation it came in, equal digests are
//!    equal, and it leaves in the one notation that the receiver asks for.
//! 2. *Strict.* Every notation has exactly one spelling per digest. What has another length, stray bits,
//!    wrong padding or an unknown character is refused by [`ParseSha256Error`], which says what to write
//!    instead.
//! 3. *No I/O.* Bytes come from the caller, whole ([`Sha256::of`]), in pieces ([`Sha256Hasher`]), or as the files of a folder ([`NarHasher`]).
//!
//! # Notations
//!
//! | notation | example | where it is used |
//! |---|---|---|
//! | SRI | `sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=` | the lock, Nix fetchers; `Display` and serde |
//! | hex | `e3b0c44298fc1c149afbf4c8996fb924…` | Python indexes, `--hash=sha256:…` of requirements.txt |
//! | nix-base32 | `0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73` | store paths, `nix-prefetch-url` |
//!
//! SRI is [W3C Subresource Integrity](https://www.w3.org/TR/SRI/) with a single hash and no options, as Nix
//! takes it. nix-base32 is specified in the [Nix manual](https://nix.dev/manual/nix/latest/protocols/nix32).
//!
//! Files are also pinned by SHA-384 and SHA-512, in requirements files and in locks of other tools: a [`Digest`] is of any of the
//! three algorithms, and [`Digests`] are those of a content. What is locked is always a [`Sha256`].
//!
//! # Rule of the layer
//!
//! This crate knows nothing of packages, indexes or locks, and depends on no other crate of the project.

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
