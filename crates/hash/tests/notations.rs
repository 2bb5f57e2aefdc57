//! Known digests and laws of every notation, with Nix as an independent oracle.

use std::process::Command;

use mach_nix_hash::{Sha256, Sha256Hasher};
use proptest::prelude::*;

/// (hex, nix-base32, SRI), generated with `nix hash to-base32` and `to-sri` of Nix 2.8.
const VECTORS: &[(&str, &str, &str)] = &[
    // of the empty text
    (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73",
        "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    ),
    // of `mach-nix`
    (
        "53f6e060ceee0d0d50b336cafb47cc321c64c7667cd99a428b28f0c7d3e171bb",
        "1fviw79wgw18id19mnbwcv3n871jri3zpjinnd80s3gfrrhf1xjk",
        "sha256-U/bgYM7uDQ1QszbK+0fMMhxkx2Z82ZpCiyjwx9Phcbs=",
    ),
    // every bit set: the first digit of nix-base32 is 1
    (
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz",
        "sha256-//////////////////////////////////////////8=",
    ),
    // only the last bit
    (
        "0000000000000000000000000000000000000000000000000000000000000001",
        "0080000000000000000000000000000000000000000000000000",
        "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE=",
    ),
    // only the first bit
    (
        "8000000000000000000000000000000000000000000000000000000000000000",
        "0000000000000000000000000000000000000000000000000040",
        "sha256-gAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    ),
];

#[test]
fn known_vectors() {
    for &(hex, nix_base32, sri) in VECTORS {
        let digest = Sha256::from_hex(hex).unwrap();
        assert_eq!(digest.to_hex(), hex);
        assert_eq!(digest.to_nix_base32(), nix_base32);
        assert_eq!(digest.to_sri(), sri);
        assert_eq!(Sha256::from_nix_base32(nix_base32), Ok(digest));
        assert_eq!(Sha256::from_sri(sri), Ok(digest));
        for text in [
            hex,
            nix_base32,
            sri,
            &hex.to_uppercase(),
            &format!("sha256:{hex}"),
            &format!("sha256:{nix_base32}"),
        ] {
            assert_eq!(text.parse(), Ok(digest), "{text}");
        }
    }
}

#[test]
fn digests_of_bytes() {
    let vectors = [
        (
            "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ),
        (
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
    ];
    for (text, hex) in vectors {
        assert_eq!(Sha256::of(text).to_hex(), hex);
    }
}

#[test]
fn order_is_that_of_the_bytes() {
    let mut digests = [[2; 32], [0; 32], [1; 32]].map(Sha256::from);
    digests.sort();
    assert_eq!(digests, [[0; 32], [1; 32], [2; 32]].map(Sha256::from));
}

/// One run of Nix per notation, over digests that together have every digit at every position.
#[test]
fn nix_agrees() {
    let digests: Vec<Sha256> = (0_u32..128).map(|seed| Sha256::of(seed.to_be_bytes())).collect();
    let hex: Vec<String> = digests.iter().map(Sha256::to_hex).collect();
    for (command, ours) in [
        ("to-base32", Sha256::to_nix_base32 as fn(&Sha256) -> String),
        ("to-sri", Sha256::to_sri),
        ("to-base16", Sha256::to_hex),
    ] {
        let output = Command::new("nix")
            .args([
                "--extra-experimental-features",
                "nix-command",
                "hash",
                command,
                "--type",
                "sha256",
            ])
            .args(&hex)
            .output();
        let output =
            output.expect("`nix` runs: `./dev setup` installs it; without it this would prove nothing");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let theirs = String::from_utf8(output.stdout).unwrap();
        assert_eq!(
            theirs.lines().collect::<Vec<_>>(),
            digests.iter().map(ours).collect::<Vec<_>>(),
            "{command}"
        );
    }
}

proptest! {
    #[test]
    fn every_notation_reads_back(bytes: [u8; 32]) {
        let digest = Sha256::from(bytes);
        prop_assert_eq!(digest.as_bytes(), &bytes);
        prop_assert_eq!(Sha256::from_hex(&digest.to_hex()), Ok(digest));
        prop_assert_eq!(Sha256::from_nix_base32(&digest.to_nix_base32()), Ok(digest));
        prop_assert_eq!(Sha256::from_sri(&digest.to_sri()), Ok(digest));
        let json = serde_json::to_string(&digest).unwrap();
        prop_assert_eq!(&json, &format!("\"{digest}\""));
        prop_assert_eq!(serde_json::from_str::<Sha256>(&json).unwrap(), digest);
    }

    /// No two texts of one notation represent the same digest.
    #[test]
    fn what_reads_is_spelled_so(text in "[0-9a-df-np-sv-z]{52}|[0-9a-f]{64}|sha256-[A-Za-z0-9+/]{43}=") {
        if let Ok(digest) = text.parse::<Sha256>() {
            prop_assert!([digest.to_hex(), digest.to_nix_base32(), digest.to_sri()].contains(&text));
        }
    }

    #[test]
    fn nothing_panics(text in ".{0,140}") {
        let _ = text.parse::<Sha256>();
        let _ = Sha256::from_hex(&text);
        let _ = Sha256::from_nix_base32(&text);
        let _ = Sha256::from_sri(&text);
    }

    #[test]
    fn pieces_do_not_matter(bytes: Vec<u8>, cut in any::<prop::sample::Index>()) {
        let cut = cut.index(bytes.len() + 1);
        let mut hasher = Sha256Hasher::new();
        std::io::copy(&mut &bytes[..cut], &mut hasher).unwrap();
        hasher.update(&bytes[cut..]);
        prop_assert_eq!(hasher.finish(), Sha256::of(&bytes));
    }
}
