//! Skipping a value of JSON that arrives in pieces.

/// Where in a value the skipping is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Skip {
    depth: u32,
    in_string: bool,
    escaped: bool,
    /// A number or a word has begun; it ends before the next delimiter.
    in_word: bool,
}

impl Skip {
    /// Skips as much of the value as there is: how many bytes, and whether it has ended.
    pub fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while at < bytes.len() {
            if self.in_string {
                at += self.string(&bytes[at..]);
                if !self.in_string && self.depth == 0 {
                    return (at, true);
                }
                continue;
            }
            match bytes[at] {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.depth += 1,
                // The end of the object that a number or word is in.
                b'}' | b']' | b',' if self.depth == 0 => return (at, true),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                byte if self.depth == 0 && byte.is_ascii_whitespace() && self.in_word => return (at, true),
                _ => self.in_word = true,
            }
            at += 1;
        }
        (at, false)
    }

    /// Skips to the end of a string.
    fn string(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        if self.escaped {
            self.escaped = false;
            at = 1;
        }
        while let Some(next) = bytes
            .get(at..)
            .and_then(|rest| rest.iter().position(|byte| matches!(byte, b'"' | b'\\')))
        {
            at += next;
            if bytes[at] == b'"' {
                self.in_string = false;
                return at + 1;
            }
            if at + 1 == bytes.len() {
                self.escaped = true;
                return bytes.len();
            }
            at += 2;
        }
        bytes.len()
    }
}
