//! From the bytes as they arrived to UTF-8: which encoding a document is in (XML 1.0, appendix F), and its decoding.

/// The encodings that invoices come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    Latin1,
    Latin9,
    Windows1252,
}

/// What the first bytes say.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Detected {
    pub encoding: Encoding,
    /// Bytes of byte order mark to leave out.
    pub mark: usize,
    /// The declaration says something else than the bytes do; the bytes rule.
    pub contradicts: Option<String>,
}

/// Looks at the first bytes (as many as 256, fewer in a short document).
///
/// # Errors
/// The name of a declared encoding that is not known here.
pub(crate) fn detect(start: &[u8]) -> Result<Detected, String> {
    let (encoding, mark) = match start {
        [0xEF, 0xBB, 0xBF, ..] => (Encoding::Utf8, 3),
        [0xFF, 0xFE, ..] => (Encoding::Utf16Le, 2),
        [0xFE, 0xFF, ..] => (Encoding::Utf16Be, 2),
        [b'<', 0, b'?', 0, ..] => (Encoding::Utf16Le, 0),
        [0, b'<', 0, b'?', ..] => (Encoding::Utf16Be, 0),
        _ => return detect_declared(start),
    };
    Ok(Detected {
        encoding,
        mark,
        contradicts: contradiction(encoding, &start[mark..]),
    })
}

fn detect_declared(start: &[u8]) -> Result<Detected, String> {
    let plain = |encoding| {
        Ok(Detected {
            encoding,
            mark: 0,
            contradicts: None,
        })
    };
    let Some(name) = declared_name(start) else {
        return plain(Encoding::Utf8);
    };
    match name.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => plain(Encoding::Utf8),
        "iso-8859-1" | "latin1" | "iso_8859-1" | "l1" => plain(Encoding::Latin1),
        "iso-8859-15" | "latin-9" | "latin9" => plain(Encoding::Latin9),
        "windows-1252" | "cp1252" => plain(Encoding::Windows1252),
        // The declaration was legible one byte at a time, so that it cannot be true.
        "utf-16" | "utf-16le" | "utf-16be" => Ok(Detected {
            encoding: Encoding::Utf8,
            mark: 0,
            contradicts: Some(name),
        }),
        _ => Err(name),
    }
}

fn contradiction(encoding: Encoding, start: &[u8]) -> Option<String> {
    let legible: Vec<u8> = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => {
            start.iter().copied().filter(|byte| *byte != 0).collect()
        }
        _ => start.to_vec(),
    };
    let name = declared_name(&legible)?;
    let lower = name.to_ascii_lowercase();
    let agrees = match encoding {
        Encoding::Utf16Le | Encoding::Utf16Be => lower.starts_with("utf-16") || lower == "utf16",
        _ => matches!(lower.as_str(), "utf-8" | "utf8" | "us-ascii" | "ascii"),
    };
    (!agrees).then_some(name)
}

/// The `encoding` of an XML declaration, if there is one in full.
fn declared_name(start: &[u8]) -> Option<String> {
    let end = start.windows(2).position(|pair| pair == b"?>")?;
    let declaration = std::str::from_utf8(start.get(..end)?.strip_prefix(b"<?xml")?).ok()?;
    let (_, after) = declaration.split_once("encoding")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (name, _) = after[1..].split_once(quote)?;
    Some(name.chars().take(40).collect())
}

/// Bytes that are not text in the document's encoding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotText;

impl Encoding {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16Le | Encoding::Utf16Be => "UTF-16",
            Encoding::Latin1 => "ISO-8859-1",
            Encoding::Latin9 => "ISO-8859-15",
            Encoding::Windows1252 => "Windows-1252",
        }
    }

    /// How many bytes of the document a piece of decoded text took there.
    pub(crate) fn original_len(self, utf8: &[u8]) -> u64 {
        let chars = || utf8.iter().filter(|byte| **byte & 0xC0 != 0x80).count() as u64;
        match self {
            Encoding::Utf8 => utf8.len() as u64,
            Encoding::Latin1 | Encoding::Latin9 | Encoding::Windows1252 => chars(),
            Encoding::Utf16Le | Encoding::Utf16Be => {
                let outside_bmp = utf8.iter().filter(|byte| **byte >= 0xF0).count() as u64;
                2 * (chars() + outside_bmp)
            }
        }
    }

    /// Appends as much of `raw` as makes whole characters, and returns how many bytes that was.
    ///
    /// On [`NotText`] all text before the wrong bytes has been appended.
    pub(crate) fn decode(self, raw: &[u8], out: &mut Vec<u8>) -> (usize, Result<(), NotText>) {
        match self {
            Encoding::Utf8 => decode_utf8(raw, out),
            Encoding::Utf16Le => decode_utf16(raw, out, u16::from_le_bytes),
            Encoding::Utf16Be => decode_utf16(raw, out, u16::from_be_bytes),
            Encoding::Latin1 => decode_bytes(raw, out, |byte| Some(char::from(byte))),
            Encoding::Latin9 => decode_bytes(raw, out, latin9),
            Encoding::Windows1252 => decode_bytes(raw, out, windows1252),
        }
    }
}

fn decode_utf8(raw: &[u8], out: &mut Vec<u8>) -> (usize, Result<(), NotText>) {
    match std::str::from_utf8(raw) {
        Ok(text) => {
            out.extend_from_slice(text.as_bytes());
            (raw.len(), Ok(()))
        }
        Err(error) => {
            let good = error.valid_up_to();
            out.extend_from_slice(&raw[..good]);
            let result = if error.error_len().is_some() {
                Err(NotText)
            } else {
                Ok(())
            };
            (good, result)
        }
    }
}

fn decode_utf16(
    raw: &[u8],
    out: &mut Vec<u8>,
    unit: fn([u8; 2]) -> u16,
) -> (usize, Result<(), NotText>) {
    let mut used = 0;
    let at = |index: usize| Some(unit([*raw.get(index)?, *raw.get(index + 1)?]));
    while let Some(first) = at(used) {
        let (code, len) = match first {
            0xD800..=0xDBFF => match at(used + 2) {
                None => break,
                Some(second @ 0xDC00..=0xDFFF) => (
                    0x10000 + ((u32::from(first) - 0xD800) << 10) + (u32::from(second) - 0xDC00),
                    4,
                ),
                Some(_) => return (used, Err(NotText)),
            },
            _ => (u32::from(first), 2),
        };
        let Some(c) = char::from_u32(code) else {
            return (used, Err(NotText));
        };
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        used += len;
    }
    (used, Ok(()))
}

fn decode_bytes(
    raw: &[u8],
    out: &mut Vec<u8>,
    map: fn(u8) -> Option<char>,
) -> (usize, Result<(), NotText>) {
    for (index, byte) in raw.iter().enumerate() {
        match map(*byte) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None => return (index, Err(NotText)),
        }
    }
    (raw.len(), Ok(()))
}

/// ISO/IEC 8859-15 differs from 8859-1 in eight places.
fn latin9(byte: u8) -> Option<char> {
    Some(match byte {
        0xA4 => '€',
        0xA6 => 'Š',
        0xA8 => 'š',
        0xB4 => 'Ž',
        0xB8 => 'ž',
        0xBC => 'Œ',
        0xBD => 'œ',
        0xBE => 'Ÿ',
        other => char::from(other),
    })
}

/// Windows-1252 puts printable characters where ISO-8859-1 has controls; five bytes are not assigned.
fn windows1252(byte: u8) -> Option<char> {
    const HIGH: [char; 32] = [
        '€', '\0', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\0', 'Ž', '\0', '\0',
        '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\0', 'ž', 'Ÿ',
    ];
    match byte {
        0x80..=0x9F => Some(HIGH[usize::from(byte - 0x80)]).filter(|c| *c != '\0'),
        other => Some(char::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(encoding: Encoding, raw: &[u8]) -> String {
        let mut out = Vec::new();
        let (used, result) = encoding.decode(raw, &mut out);
        assert_eq!((used, result), (raw.len(), Ok(())));
        let text = String::from_utf8(out).unwrap();
        assert_eq!(
            encoding.original_len(text.as_bytes()),
            raw.len() as u64,
            "{text}"
        );
        text
    }

    #[test]
    fn every_encoding_decodes_and_knows_its_length() {
        let utf16 = |text: &str| {
            text.encode_utf16()
                .flat_map(u16::to_le_bytes)
                .collect::<Vec<u8>>()
        };
        assert_eq!(all(Encoding::Utf8, "Müller €".as_bytes()), "Müller €");
        assert_eq!(all(Encoding::Utf16Le, &utf16("Mü€😀")), "Mü€😀");
        assert_eq!(all(Encoding::Utf16Be, &[0x20, 0xAC, 0x00, 0x41]), "€A");
        assert_eq!(all(Encoding::Latin1, &[0x4D, 0xFC]), "Mü");
        assert_eq!(all(Encoding::Latin9, &[0xA4]), "€");
        assert_eq!(all(Encoding::Windows1252, &[0x80, 0xDF]), "€ß");
    }

    #[test]
    fn wrong_bytes_stop_after_the_text_before_them() {
        for (encoding, raw) in [
            (Encoding::Utf8, &b"ab\xFFc"[..]),
            (Encoding::Windows1252, b"ab\x81c"),
            (Encoding::Utf16Be, &[0, b'a', 0, b'b', 0xD8, 0, 0, b'c']),
            (Encoding::Utf16Be, &[0, b'a', 0, b'b', 0xDC, 0]),
        ] {
            let mut out = Vec::new();
            assert_eq!(
                encoding.decode(raw, &mut out).1,
                Err(NotText),
                "{encoding:?}"
            );
            assert_eq!(out, b"ab");
        }
    }

    #[test]
    fn the_first_bytes_say_which() {
        let of = |start: &[u8]| detect(start).map(|d| (d.encoding, d.mark));
        assert_eq!(of(b"<Invoice/>"), Ok((Encoding::Utf8, 0)));
        assert_eq!(of(b"\xEF\xBB\xBF<a/>"), Ok((Encoding::Utf8, 3)));
        assert_eq!(
            of(b"<?xml version='1.0' encoding = 'ISO-8859-1'?>"),
            Ok((Encoding::Latin1, 0))
        );
        assert_eq!(
            of(b"<?xml version='1.0' encoding='EBCDIC-CP-DE'?>"),
            Err("EBCDIC-CP-DE".to_owned())
        );
        assert_eq!(of(b"<\0?\0x\0"), Ok((Encoding::Utf16Le, 0)));
        let lie = detect(b"<?xml version='1.0' encoding='UTF-16'?><a/>").unwrap();
        assert_eq!(
            (lie.encoding, lie.contradicts.as_deref()),
            (Encoding::Utf8, Some("UTF-16"))
        );
    }
}
