//! UUIDs as the journal writes them.

use std::fmt;

/// A UUID, printed in its one form: 32 lower-case digits in groups of 8, 4, 4, 4 and 12.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id([u8; 16]);

impl Id {
    /// The id with these bytes, in network order.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Id {
        Id(bytes)
    }

    /// The bytes, in network order.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads what Display prints, and nothing else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Id> {
        let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
        let mut bytes = [0; 16];
        let mut at = 0;
        for (position, byte) in bytes.iter_mut().enumerate() {
            if matches!(position, 4 | 6 | 8 | 10) {
                if text[at] != b'-' {
                    return None;
                }
                at += 1;
            }
            *byte = hex_byte(text[at], text[at + 1])?;
            at += 2;
        }
        Some(Id(bytes))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(36);
        for (position, byte) in self.0.iter().enumerate() {
            if matches!(position, 4 | 6 | 8 | 10) {
                text.push('-');
            }
            for value in [byte >> 4, byte & 15] {
                text.push(char::from(HEX[usize::from(value)]));
            }
        }
        f.write_str(&text)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Id({self})")
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// The values of lower-case hexadecimal digits; [`NO_DIGIT`] for every other byte.
const DIGITS: [u8; 256] = {
    let mut digits = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        digits[HEX[value as usize] as usize] = value;
        value += 1;
    }
    digits
};
const NO_DIGIT: u8 = 0xff;

/// The byte that two lower-case hexadecimal digits write.
fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let (high, low) = (DIGITS[usize::from(high)], DIGITS[usize::from(low)]);
    // Both are below 16, or one of them has its high bits set.
    if (high | low) & 0xf0 == 0 {
        Some(high << 4 | low)
    } else {
        None
    }
}
