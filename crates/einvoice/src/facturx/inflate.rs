//! Unpacking a PDF stream with a hard limit on what comes out.

use std::io::Read;

use flate2::bufread::{DeflateDecoder, ZlibDecoder};
use hayro_syntax::Filter;
use hayro_syntax::object::{Array, Dict, Number, Object, Stream};

#[derive(Debug, PartialEq, Eq)]
pub(super) enum InflateError {
    TooLarge,
    Unsupported(String),
    Damaged,
}

/// Applies the stream's filters in order; no intermediate result exceeds `limit_bytes` either.
pub(super) fn unpack(stream: &Stream<'_>, limit_bytes: usize) -> Result<Vec<u8>, InflateError> {
    if uses_predictor(stream.dict()) {
        return Err(InflateError::Unsupported("a predictor".to_owned()));
    }
    // `filters()` drops names it does not know, and unknown packing must not be taken for none.
    if let Some(unknown) = unknown_filter(stream.dict()) {
        return Err(InflateError::Unsupported(unknown));
    }
    let mut data = stream.raw_data().into_owned();
    for filter in stream.filters() {
        data = match filter {
            Filter::FlateDecode => inflate(&data, limit_bytes)?,
            Filter::AsciiHexDecode => ascii_hex(&data)?,
            Filter::Ascii85Decode => ascii_85(&data)?,
            Filter::Crypt => data,
            other => return Err(InflateError::Unsupported(format!("{other:?}"))),
        };
        if data.len() > limit_bytes {
            return Err(InflateError::TooLarge);
        }
    }
    if data.len() > limit_bytes {
        Err(InflateError::TooLarge)
    } else {
        Ok(data)
    }
}

fn filter_objects<'a>(dict: &Dict<'a>, key: &str) -> Vec<Object<'a>> {
    match dict.get::<Object<'_>>(key) {
        Some(Object::Array(array)) => Array::iter::<Object<'_>>(&array).collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

fn unknown_filter(dict: &Dict<'_>) -> Option<String> {
    const KNOWN: [&str; 13] = [
        "FlateDecode",
        "Fl",
        "ASCIIHexDecode",
        "AHx",
        "ASCII85Decode",
        "A85",
        "Crypt",
        "LZWDecode",
        "LZW",
        "RunLengthDecode",
        "RL",
        "DCTDecode",
        "JPXDecode",
    ];
    filter_objects(dict, "Filter")
        .into_iter()
        .find_map(|filter| match filter {
            Object::Name(name) if KNOWN.contains(&name.as_str()) => None,
            Object::Name(name) => Some(name.as_str().to_owned()),
            _ => Some("an unreadable filter entry".to_owned()),
        })
}

fn uses_predictor(dict: &Dict<'_>) -> bool {
    filter_objects(dict, "DecodeParms")
        .into_iter()
        .filter_map(Object::into_dict)
        .any(|parameters| {
            parameters
                .get::<Number>("Predictor")
                .is_some_and(|number| number.as_f64() > 1.0)
        })
}

fn inflate(packed: &[u8], limit_bytes: usize) -> Result<Vec<u8>, InflateError> {
    match read_limited(ZlibDecoder::new(packed), limit_bytes) {
        // Some writers leave the zlib header away.
        Err(InflateError::Damaged) => read_limited(DeflateDecoder::new(packed), limit_bytes),
        other => other,
    }
}

fn read_limited(reader: impl Read, limit_bytes: usize) -> Result<Vec<u8>, InflateError> {
    let mut out = Vec::new();
    let one_more = u64::try_from(limit_bytes)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    reader
        .take(one_more)
        .read_to_end(&mut out)
        .map_err(|_| InflateError::Damaged)?;
    if out.len() > limit_bytes {
        Err(InflateError::TooLarge)
    } else {
        Ok(out)
    }
}

/// ISO 32000-1, 7.4.2: pairs of hexadecimal digits up to `>`; an odd last digit is followed by a zero.
fn ascii_hex(data: &[u8]) -> Result<Vec<u8>, InflateError> {
    let mut out = Vec::with_capacity(data.len() / 2);
    let mut high = None;
    for &byte in data.iter().filter(|byte| !is_pdf_space(**byte)) {
        if byte == b'>' {
            break;
        }
        let digit = char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
            .ok_or(InflateError::Damaged)?;
        match high.take() {
            None => high = Some(digit << 4),
            Some(high) => out.push(high | digit),
        }
    }
    out.extend(high);
    Ok(out)
}

/// ISO 32000-1, 7.4.3: groups of five base-85 digits, `z` for four zero bytes, `~>` at the end.
fn ascii_85(data: &[u8]) -> Result<Vec<u8>, InflateError> {
    let mut out = Vec::with_capacity(data.len() / 5 * 4);
    let mut group: Vec<u8> = Vec::with_capacity(5);
    for &byte in data.iter().filter(|byte| !is_pdf_space(**byte)) {
        match byte {
            b'~' => break,
            b'z' if group.is_empty() => out.extend([0; 4]),
            b'!'..=b'u' => group.push(byte - b'!'),
            _ => return Err(InflateError::Damaged),
        }
        if group.len() == 5 {
            out.extend(base_85_group(&group)?);
            group.clear();
        }
    }
    if group.len() == 1 {
        return Err(InflateError::Damaged);
    }
    if !group.is_empty() {
        let kept = group.len() - 1;
        group.resize(5, 84);
        out.extend(&base_85_group(&group)?[..kept]);
    }
    Ok(out)
}

fn base_85_group(digits: &[u8]) -> Result<[u8; 4], InflateError> {
    let value = digits
        .iter()
        .fold(0_u64, |value, digit| value * 85 + u64::from(*digit));
    u32::try_from(value)
        .map(u32::to_be_bytes)
        .map_err(|_| InflateError::Damaged)
}

const fn is_pdf_space(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::{InflateError, ascii_85, ascii_hex, inflate};

    #[test]
    fn what_unpacks_beyond_the_limit_is_refused() {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder
            .write_all(&vec![0; 1_000_000])
            .expect("writes to memory");
        let bomb = encoder.finish().expect("writes to memory");
        assert!(bomb.len() < 2_000);
        assert_eq!(inflate(&bomb, 999_999), Err(InflateError::TooLarge));
        assert_eq!(
            inflate(&bomb, 1_000_000).map(|out| out.len()),
            Ok(1_000_000)
        );
        assert_eq!(
            inflate(&bomb[..bomb.len() / 2], 1_000_000),
            Err(InflateError::Damaged)
        );
    }

    #[test]
    fn text_filters_follow_the_standard() {
        assert_eq!(ascii_hex(b"48 65 6C 6c 6F7>"), Ok(b"Hellop".to_vec()));
        assert_eq!(ascii_hex(b"4G>"), Err(InflateError::Damaged));
        assert_eq!(
            ascii_85(b"87cURD]i,\"Ebo80~>"),
            Ok(b"Hello World!".to_vec())
        );
        assert_eq!(ascii_85(b"87cURD]i,\"Ebo7~>"), Ok(b"Hello World".to_vec()));
        assert_eq!(ascii_85(b"z~>"), Ok(vec![0; 4]));
        assert_eq!(ascii_85(b"uuuuu~>"), Err(InflateError::Damaged));
    }
}
