//! Digests in pages.

use mach_nix_hash::Sha256;

/// `sha256=HEX`
pub fn fragment_digest(text: &str) -> Option<Sha256> {
    digest(text.strip_prefix("sha256="))
}

pub fn digest(hex: Option<&str>) -> Option<Sha256> {
    hex.and_then(|hex| Sha256::from_hex(hex).ok())
}
