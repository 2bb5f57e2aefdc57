//! Project names in [normal form](https://packaging.python.org/en/latest/specifications/name-normalization/)
//! (PEP 503).

/// Whether `written` has the normal form `normalized`, without building that form.
pub(crate) fn normalizes_to(written: &str, normalized: &str) -> bool {
    normal_form(written).eq(normalized.bytes())
}

/// Lower case, and one `-` for each run of `-`, `_` and `.`.
fn normal_form(written: &str) -> impl Iterator<Item = u8> {
    let mut in_run = false;
    written.bytes().filter_map(move |byte| {
        let separator = matches!(byte, b'-' | b'_' | b'.');
        let repeated = separator && in_run;
        in_run = separator;
        match byte {
            _ if repeated => None,
            _ if separator => Some(b'-'),
            _ => Some(byte.to_ascii_lowercase()),
        }
    })
}
