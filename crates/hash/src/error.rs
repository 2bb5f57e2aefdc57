/// An invalid SHA-256 digest.
///
/// The message quotes the text, describes the fault and ends with the remedy. The fault is not a public enum, because
/// callers cannot handle different faults differently.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{input}` is not a sha256 hash: {fault}")]
pub struct ParseSha256Error {
    input: String,
    fault: Fault,
}

impl ParseSha256Error {
    pub(crate) fn new(input: &str, fault: Fault) -> Self {
        Self {
            input: abbreviate(input),
            fault,
        }
    }
}

/// The problem, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    #[error("expected 64 hexadecimal digits, found {found} characters{}", hint_for_length(*found))]
    HexLength { found: usize },
    #[error("it is not hexadecimal; write 64 of the digits 0-9 and a-f")]
    HexDigit,
    #[error("expected the 52 digits of nix-base32, found {found} characters{}", hint_for_length(*found))]
    NixBase32Length { found: usize },
    #[error("it is not nix-base32, which has no e, o, t or u and starts with 0 or 1; copy the hash again")]
    NixBase32Digit,
    #[error(
        "it lacks the prefix `sha256-`; write it like `sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=`"
    )]
    SriPrefix,
    #[error(
        "what follows `sha256-` must be 44 characters of padded base64; copy the whole hash, with its last `=`"
    )]
    SriBase64,
    #[error("only sha256 can be used, not {algorithm}; take the sha256 of the same file")]
    Algorithm { algorithm: String },
    #[error(
        "no notation of a sha256 has {found} characters; \
         write it as `sha256-<base64>`, 64 hexadecimal or 52 nix-base32 digits"
    )]
    Notation { found: usize },
}

/// Pasting the wrong kind of hash is more common than mistyping one.
fn hint_for_length(found: usize) -> &'static str {
    match found {
        32 => "; this may be an md5: take the sha256 of the same file",
        40 => "; this may be a sha1 or a git revision: take the sha256 of the same file",
        96 => "; this may be a sha384: take the sha256 of the same file",
        128 => "; this may be a sha512: take the sha256 of the same file",
        _ => "; copy the whole hash",
    }
}

/// The text may be anything, such as a whole error page, so that the quotation is shortened to fit a line.
fn abbreviate(input: &str) -> String {
    const SHOWN: usize = 140;
    match input.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &input[..end]),
        None => input.to_owned(),
    }
}
