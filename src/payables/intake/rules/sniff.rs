//! What a file is, by its first bytes.

use serde::{Deserialize, Serialize};

/// How far into a file the `%PDF-` mark may stand (what readers have accepted since Acrobat 4).
const PDF_WINDOW_BYTES: usize = 1024;
const TEXT_WINDOW_BYTES: usize = 4096;

/// A kind of file that an intake meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// No bytes at all.
    Empty,
    /// A PDF, or what claims to be one.
    Pdf,
    /// XML in any encoding.
    Xml,
    /// A web page.
    Html,
    /// A ZIP archive, or an office document, which is one.
    Zip,
    /// A PNG image.
    Png,
    /// A JPEG image.
    Jpeg,
    /// A TIFF image.
    Tiff,
    /// A GIF image.
    Gif,
    /// A WebP image.
    Webp,
    /// Plain text.
    Text,
    /// None of these.
    Unknown,
}

impl FileKind {
    /// For a sentence: `the file is ...`.
    #[must_use]
    pub const fn described(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Pdf => "a PDF",
            Self::Xml => "an XML document",
            Self::Html => "a web page",
            Self::Zip => "a ZIP archive or an office document",
            Self::Png => "a PNG image",
            Self::Jpeg => "a JPEG image",
            Self::Tiff => "a TIFF image",
            Self::Gif => "a GIF image",
            Self::Webp => "a WebP image",
            Self::Text => "a text file",
            Self::Unknown => "of a kind that is not known here",
        }
    }
}

/// The kind of the file that begins with `bytes`; its name plays no part.
#[must_use]
pub fn sniff(bytes: &[u8]) -> FileKind {
    match bytes {
        [] => FileKind::Empty,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => FileKind::Png,
        [0xFF, 0xD8, 0xFF, ..] => FileKind::Jpeg,
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => FileKind::Tiff,
        [b'G', b'I', b'F', b'8', ..] => FileKind::Gif,
        [
            b'R',
            b'I',
            b'F',
            b'F',
            _,
            _,
            _,
            _,
            b'W',
            b'E',
            b'B',
            b'P',
            ..,
        ] => FileKind::Webp,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => FileKind::Zip,
        // UTF-16 with a byte order mark; such a text that does not open a tag is text.
        [0xFF, 0xFE, b'<', 0, ..] | [0xFE, 0xFF, 0, b'<', ..] => FileKind::Xml,
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => FileKind::Text,
        _ => sniff_text(bytes),
    }
}

fn sniff_text(bytes: &[u8]) -> FileKind {
    let window = &bytes[..bytes.len().min(PDF_WINDOW_BYTES)];
    let text = bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(bytes)
        .trim_ascii_start();
    let starts = |wanted: &[u8]| {
        text.get(..wanted.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(wanted))
    };
    if text.starts_with(b"%PDF-") {
        FileKind::Pdf
    } else if starts(b"<!doctype html") || starts(b"<html") {
        FileKind::Html
    } else if matches!(
        text,
        [b'<', b'?' | b'!' | b'_' | b'a'..=b'z' | b'A'..=b'Z', ..]
    ) {
        FileKind::Xml
    } else if window.windows(5).any(|five| five == b"%PDF-") {
        FileKind::Pdf
    } else if looks_like_text(&bytes[..bytes.len().min(TEXT_WINDOW_BYTES)]) {
        FileKind::Text
    } else {
        FileKind::Unknown
    }
}

fn looks_like_text(bytes: &[u8]) -> bool {
    let is_control =
        |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C);
    !bytes.iter().any(is_control)
}

#[cfg(test)]
mod tests {
    use super::{FileKind, sniff};

    #[test]
    fn files_are_known_by_their_bytes() {
        for (bytes, kind) in [
            (&b""[..], FileKind::Empty),
            (b"%PDF-1.4\n", FileKind::Pdf),
            (b"\0\0 junk before %PDF-1.4\n", FileKind::Pdf),
            (b"Dear Sirs,\nplease pay.", FileKind::Text),
            (b"M\xFCller", FileKind::Text),
            (b"\xEF\xBB\xBF\n<?xml version='1.0'?>", FileKind::Xml),
            (b"\xFF\xFE<\0?\0", FileKind::Xml),
            (b"<Invoice xmlns='%PDF-'/>", FileKind::Xml),
            (b"<!DOCTYPE HTML><p>", FileKind::Html),
            (b"<3 you", FileKind::Text),
            (b"PK\x03\x04....", FileKind::Zip),
            (b"\x89PNG\r\n\x1A\n", FileKind::Png),
            (b"\xFF\xD8\xFF\xE0", FileKind::Jpeg),
            (b"II*\0", FileKind::Tiff),
            (b"MZ\x90\0", FileKind::Unknown),
        ] {
            assert_eq!(sniff(bytes), kind, "{}", bytes.escape_ascii());
        }
    }
}
