//! Nix's own base 32: the digest as one little-endian number, most significant digit first.
//!
//! It differs from RFC 4648: the alphabet lacks `e`, `o`, `t` and `u`, and digits run from the end of the bytes to the
//! start. See <https://nix.dev/manual/nix/latest/protocols/nix32>.

const ALPHABET: &[u8; 32] = b"0123456789abcdfghijklmnpqrsvwxyz";
const BITS_PER_DIGIT: usize = 5;

/// The number of digits of a 32-byte digest: 256 bits in groups of five, rounded up.
pub(crate) const LEN: usize = 52;

pub(crate) fn encode(bytes: &[u8; 32]) -> String {
    (0..LEN)
        .rev()
        .map(|digit| {
            let (byte, shift) = position(digit);
            let high = bytes.get(byte + 1).copied().unwrap_or(0);
            let window = u16::from_le_bytes([bytes[byte], high]);
            char::from(ALPHABET[usize::from((window >> shift) & 0x1f)])
        })
        .collect()
}

/// `None` for an unknown digit, a wrong length, or a number of more than 256 bits: the first of the 52 digits has room
/// for only one bit, and accepting more would give a digest several spellings.
pub(crate) fn decode(text: &str) -> Option<[u8; 32]> {
    if text.len() != LEN {
        return None;
    }
    let mut bytes = [0; 32];
    for (digit, symbol) in text.bytes().rev().enumerate() {
        let value = u16::try_from(ALPHABET.iter().position(|&known| known == symbol)?).ok()?;
        let (byte, shift) = position(digit);
        let [low, high] = (value << shift).to_le_bytes();
        bytes[byte] |= low;
        match bytes.get_mut(byte + 1) {
            Some(next) => *next |= high,
            None if high != 0 => return None,
            None => {}
        }
    }
    Some(bytes)
}

/// The position of a digit: the byte, and the bit in it. Digit 0 is the least significant one.
fn position(digit: usize) -> (usize, usize) {
    let bit = digit * BITS_PER_DIGIT;
    (bit / 8, bit % 8)
}
