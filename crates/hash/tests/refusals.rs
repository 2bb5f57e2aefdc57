//! Invalid SHA-256 digests and their messages.

use mach_nix_hash::Sha256;

const HEX: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

#[track_caller]
fn refused(text: &str, message: &str) {
    assert_eq!(
        text.parse::<Sha256>().expect_err("not a sha256").to_string(),
        message
    );
}

#[test]
fn other_algorithms_are_named() {
    refused(
        "md5-1B2M2Y8AsgTpgAmY7PhCfg==",
        "`md5-1B2M2Y8AsgTpgAmY7PhCfg==` is not a sha256 hash: only sha256 can be used, not md5; take the sha256 of the same file",
    );
    refused(
        "sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "`sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709` is not a sha256 hash: only sha256 can be used, not sha1; take the sha256 of the same file",
    );
    refused(
        &HEX[..40],
        "`e3b0c44298fc1c149afbf4c8996fb92427ae41e4` is not a sha256 hash: expected 64 hexadecimal digits, found 40 characters; this may be a sha1 or a git revision: take the sha256 of the same file",
    );
}

#[test]
fn lengths() {
    refused(
        "",
        "`` is not a sha256 hash: no notation of a sha256 has 0 characters; write it as `sha256-<base64>`, 64 hexadecimal or 52 nix-base32 digits",
    );
    refused(
        &HEX[1..],
        "`3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855` is not a sha256 hash: no notation of a sha256 has 63 characters; write it as `sha256-<base64>`, 64 hexadecimal or 52 nix-base32 digits",
    );
    let error = Sha256::from_hex(&HEX[1..]).unwrap_err().to_string();
    assert!(
        error.ends_with("expected 64 hexadecimal digits, found 63 characters; copy the whole hash"),
        "{error}"
    );
}

#[test]
fn digits() {
    let error = Sha256::from_hex(&HEX.replace('e', "g")).unwrap_err().to_string();
    assert!(
        error.ends_with("it is not hexadecimal; write 64 of the digits 0-9 and a-f"),
        "{error}"
    );
    // The longest number of 52 digits has 260 bits: a first digit above 1 would need the bits beyond 256.
    for text in [
        "2000000000000000000000000000000000000000000000000000",
        "000000000000000000000000000000000000000000000000000e",
    ] {
        assert!(
            Sha256::from_nix_base32(text)
                .unwrap_err()
                .to_string()
                .contains("it is not nix-base32")
        );
    }
}

#[test]
fn sri_has_one_spelling() {
    let canonical = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
    assert!(Sha256::from_sri(canonical).is_ok());
    for (what, text) in [
        ("no padding", "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"),
        (
            "stray bits",
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
        ),
        (
            "URL alphabet",
            "sha256-47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
        (
            "two hashes",
            "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU= sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
        ),
        ("too short", "sha256-47DEQg=="),
        ("space", " sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
    ] {
        assert!(Sha256::from_sri(text).is_err(), "{what}");
    }
    let error = Sha256::from_sri(HEX).unwrap_err().to_string();
    assert!(error.contains("it lacks the prefix `sha256-`"), "{error}");
}

#[test]
fn serde_rejects_other_notations() {
    let error = serde_json::from_str::<Sha256>(&format!("{HEX:?}"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("it lacks the prefix `sha256-`"), "{error}");
}

#[test]
fn a_long_text_is_quoted_in_part() {
    let page = "é".repeat(10_000);
    assert!(page.parse::<Sha256>().unwrap_err().to_string().len() < 500);
}
