//! One unambiguous encoding for everything that is authenticated but not stored.

/// The canonical bytes of a list of parts: their count, then each part's length and bytes.
///
/// Lengths are unsigned 64-bit, big-endian. Two different lists never give the same bytes, so that
/// no byte can move from one part into its neighbour unnoticed.
pub(crate) fn parts(parts: &[&[u8]]) -> Vec<u8> {
    let length = 8 + parts.iter().map(|part| 8 + part.len()).sum::<usize>();
    let mut out = Vec::with_capacity(length);
    out.extend_from_slice(&(parts.len() as u64).to_be_bytes());
    for part in parts {
        out.extend_from_slice(&(part.len() as u64).to_be_bytes());
        out.extend_from_slice(part);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_byte_that_moves_between_parts_changes_the_encoding() {
        let lists: [&[&[u8]]; 6] = [
            &[b"ab", b"c"],
            &[b"a", b"bc"],
            &[b"abc"],
            &[b"abc", b""],
            &[b"", b"abc"],
            &[],
        ];
        for (i, left) in lists.iter().enumerate() {
            for (j, right) in lists.iter().enumerate() {
                assert_eq!(parts(left) == parts(right), i == j, "{left:?} {right:?}");
            }
        }
    }
}
