/// The remainder by 97 of a text of digits and capital letters read as one number, letters as 10 to 35
/// (ISO 7064, MOD 97-10). One is what IBANs and RF references must give, country and check digits moved behind.
pub(super) fn remainder<'a>(characters: impl IntoIterator<Item = &'a u8>) -> u32 {
    characters.into_iter().fold(0, |remainder, &byte| {
        let value = u32::from(byte);
        if byte.is_ascii_digit() {
            (remainder * 10 + value - u32::from(b'0')) % 97
        } else {
            (remainder * 100 + value - u32::from(b'A') + 10) % 97
        }
    })
}

/// Whether `code` (four characters of header, then the rest) has the check digits it must have. The digits
/// 00, 01 and 99 give the remainder of 97, 98 and 02, but the standards never make them.
pub(super) fn has_valid_check_digits(code: &[u8]) -> bool {
    let digits = (code[2] - b'0') * 10 + (code[3] - b'0');
    (2..=98).contains(&digits) && remainder(code[4..].iter().chain(&code[..4])) == 1
}
