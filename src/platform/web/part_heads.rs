//! The headers of a form's parts (RFC 7578), made readable.
//!
//! Browsers write the name of a file into a header and escape line ends and quotes alone. A name with another control
//! character is a name to every file system, but no header to a strict reader, who would lose the form with it.

use bytes::{Bytes, BytesMut};

/// Stands for each control character.
const SHOWN: u8 = b'_';
/// A boundary has at most so many characters (RFC 2046, 5.1.1).
const BOUNDARY_CHARS: usize = 70;

/// Finds the headers of parts in a body that comes in pieces of any size.
#[derive(Debug)]
pub struct PartHeads {
    /// The line end and the two hyphens before the boundary, and the boundary.
    delimiter: Vec<u8>,
    /// So many of its bytes were just seen.
    seen: usize,
    at: At,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Content,
    /// In a part's headers; so many bytes of the two line ends that close them were just seen.
    Head(usize),
}

impl PartHeads {
    /// None where the media type names no boundary: what reads the form says so.
    pub fn of(media_type: &str) -> Option<Self> {
        let (kind, parameters) = media_type.split_once(';')?;
        if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
            return None;
        }
        let boundary = parameters.split(';').find_map(|parameter| {
            let (name, value) = parameter.split_once('=')?;
            let is_ours = name.trim().eq_ignore_ascii_case("boundary");
            is_ours.then(|| value.trim().trim_matches('"'))
        })?;
        if boundary.is_empty() || boundary.len() > BOUNDARY_CHARS {
            return None;
        }
        Some(Self {
            delimiter: format!("\r\n--{boundary}").into_bytes(),
            // A body begins as if a line had just ended.
            seen: 2,
            at: At::Content,
        })
    }

    /// The same piece, with each control character in a part's headers replaced.
    pub fn readable(&mut self, piece: Bytes) -> Bytes {
        let mut places = Vec::new();
        for (place, byte) in piece.iter().enumerate() {
            if self.is_odd(*byte) {
                places.push(place);
            }
        }
        if places.is_empty() {
            return piece;
        }
        let mut changed = BytesMut::from(piece);
        for place in places {
            changed[place] = SHOWN;
        }
        changed.freeze()
    }

    /// Takes one byte, and says whether it is a control character in a part's headers.
    fn is_odd(&mut self, byte: u8) -> bool {
        match self.at {
            At::Content => {
                self.seen = match self.delimiter.get(self.seen) {
                    Some(expected) if *expected == byte => self.seen + 1,
                    // No later byte of the delimiter is its first one: nothing shorter can have begun.
                    _ => usize::from(byte == b'\r'),
                };
                if self.seen == self.delimiter.len() {
                    (self.seen, self.at) = (0, At::Head(0));
                }
                false
            }
            At::Head(ends) => {
                let ends = match (byte, ends) {
                    (b'\r', 0 | 2) | (b'\n', 1 | 3) => ends + 1,
                    (b'\r', _) => 1,
                    _ => 0,
                };
                self.at = if ends == 4 {
                    At::Content
                } else {
                    At::Head(ends)
                };
                let is_end = ends > 0;
                byte.is_ascii_control() && byte != b'\t' && !is_end
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(body: &[u8], piece: usize) -> Vec<u8> {
        let mut heads =
            PartHeads::of("multipart/form-data; charset=utf-8; boundary=\"b-1\"").unwrap();
        let pieces = body.chunks(piece).map(Bytes::copy_from_slice);
        pieces.flat_map(|piece| heads.readable(piece)).collect()
    }

    #[test]
    fn control_characters_go_from_names_and_stay_in_files() {
        let part = |name: &str, content: &str| {
            format!(
                "--b-1\r\nContent-Disposition: form-data; name=\"f\"; filename=\"{name}\"\r\n\r\n{content}\r\n"
            )
        };
        let content = "\u{1}\r\n--b-\u{2}\r\r\n--\u{7f}\r\n\r\n\u{3}";
        let form = |name: &str| {
            let files = [part(name, content), part(name, ""), part("plain", "\u{1}")];
            files.concat() + "--b-1--\r\n"
        };
        let sent = form("a\u{1}\u{8}\u{7f}b\u{b}c\n\u{1b}ü");
        let expected = form("a___b_c__ü");
        for piece in [1, 2, 3, 7, 50, sent.len()] {
            let read = String::from_utf8(through(sent.as_bytes(), piece)).unwrap();
            assert_eq!(read, expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn what_names_no_boundary_is_left_alone() {
        for media_type in [
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/mixed; boundary=b",
            "text/plain; boundary=b",
        ] {
            assert!(PartHeads::of(media_type).is_none(), "{media_type}");
        }
    }

    #[test]
    fn whatever_comes_keeps_its_length_and_does_not_depend_on_its_pieces() {
        use countersign_sealing::{Entropy as _, SeededEntropy};
        let random = SeededEntropy::new(7578);
        // The bytes that decide, and some that do not.
        let parts: [&[u8]; 9] = [
            b"\r\n--b-1",
            b"--b-1",
            b"\r",
            b"\n",
            b"\r\n\r\n",
            b"\x01",
            b"-",
            b"x: \x7f",
            b"b-1--",
        ];
        for _ in 0..500 {
            let mut choices = [0; 40];
            random.fill(&mut choices);
            let chosen = choices
                .iter()
                .map(|choice| parts[usize::from(*choice) % parts.len()]);
            let body = chosen.collect::<Vec<_>>().concat();
            let whole = through(&body, body.len());
            assert_eq!(whole.len(), body.len());
            for piece in [1, 2, 5, 13] {
                assert_eq!(
                    through(&body, piece),
                    whole,
                    "{body:?} in pieces of {piece}"
                );
            }
            let changed = body
                .iter()
                .zip(&whole)
                .filter(|(before, after)| before != after);
            for (before, after) in changed {
                assert!(before.is_ascii_control() && *after == SHOWN, "{body:?}");
            }
        }
    }
}
