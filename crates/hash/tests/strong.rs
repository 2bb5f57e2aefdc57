//! Digests by the other algorithms that pip accepts.

#![allow(clippy::unwrap_used, reason = "a test that fails says where")]

use mach_nix_hash::{Digest, Digests, Sha256};

/// Of the empty text, from FIPS 180-4's examples.
const SHA384: &str =
    "sha384:38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b";
const SHA512: &str = "sha512:cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e";

#[test]
fn a_digest_is_read_as_pip_writes_it() {
    let content = Digests::of("");
    for text in [SHA384, SHA512] {
        let digest: Digest = text.parse().unwrap();
        assert!(content.contains(&digest) && !Digests::of("x").contains(&digest));
        assert_eq!(digest.to_pip(), text);
        assert_eq!(digest, text.to_uppercase().replace("SHA", "sha").parse().unwrap());
        assert_eq!(
            serde_json::from_str::<Digest>(&serde_json::to_string(&digest).unwrap()).unwrap(),
            digest
        );
        assert_eq!(digest.sha256(), None);
    }
    let sha256: Digest = Sha256::of("").into();
    assert_eq!(format!("sha256:{}", Sha256::of("").to_hex()).parse(), Ok(sha256));
    assert!(content.contains(&sha256));
    assert!(
        content
            .by_algorithm_of(&SHA512.parse().unwrap())
            .to_string()
            .starts_with("sha512-z4PhNX7vuL3")
    );
}

#[test]
fn errors_name_the_supported_algorithms() {
    let reason = |text: &str| text.parse::<Digest>().unwrap_err().to_string();
    assert!(reason("md5:d41d8cd98f00b204e9800998ecf8427e").contains("use `sha256:`"));
    assert!(reason("abc").contains("is not a hash: write `sha256:`"));
    assert!(reason("sha512:00").contains("`00` is not a sha512 hash: expected 128 hexadecimal digits"));
    assert!(reason(&SHA384.replace("38b", "38x")).contains("expected 96 hexadecimal digits"));
    assert!(reason("sha256:00").contains("expected 64 hexadecimal digits"));
}
