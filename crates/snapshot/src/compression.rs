//! Compression with zstd: the C library if available, and on WebAssembly a decoder in Rust, which only reads.

/// Higher levels take several times as long and save two percent, because most of the data are digests.
#[cfg(not(target_family = "wasm"))]
const LEVEL: i32 = 3;

/// Compresses a part.
#[cfg(not(target_family = "wasm"))]
pub fn compress(part: &[u8]) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(part, LEVEL)
}

/// The decompressed part of `size` bytes; `None` if the bytes are invalid.
#[cfg(not(target_family = "wasm"))]
pub fn decompress(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
    let part = zstd::bulk::decompress(bytes, size).ok()?;
    (part.len() == size).then_some(part)
}

/// The decompressed part of `size` bytes; `None` if the bytes are invalid.
#[cfg(target_family = "wasm")]
pub use in_rust::decompress;

#[cfg(any(test, target_family = "wasm"))]
mod in_rust {
    use std::io::Read;

    use ruzstd::decoding::StreamingDecoder;

    pub fn decompress(bytes: &[u8], size: usize) -> Option<Vec<u8>> {
        let decoder = StreamingDecoder::new(bytes).ok()?;
        let mut part = Vec::with_capacity(size);
        decoder.take(size as u64 + 1).read_to_end(&mut part).ok()?;
        (part.len() == size).then_some(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_decoders_decompress() {
        let names: Vec<String> = (0..20_000)
            .map(|number| format!("package-{}", number % 700))
            .collect();
        let text = names.concat();
        for part in [&b""[..], b"short", text.as_bytes()] {
            let compressed = compress(part).unwrap();
            for decoder in [decompress, in_rust::decompress] {
                assert_eq!(decoder(&compressed, part.len()).as_deref(), Some(part));
                assert_eq!(decoder(&compressed, part.len() + 1), None);
                assert_eq!(decoder(b"not compressed", part.len()), None);
            }
            assert_eq!(
                in_rust::decompress(&compressed, part.len().saturating_sub(1)).is_some(),
                part.is_empty()
            );
        }
    }
}
