//! The form of a bill number by which duplicates are found.

/// Letters and digits alone, in capitals, without zeros in front of a run of digits: `RE-2026/00417` and `re 2026 417` are one
/// number to whoever types it from paper. Empty where there is no letter and no digit.
#[must_use]
pub fn number_key(number: &str) -> String {
    let mut key = String::with_capacity(number.len());
    let mut in_digits = false;
    let mut zeros = 0;
    for c in number.chars().flat_map(char::to_uppercase) {
        if !c.is_alphanumeric() {
            end_of_digits(&mut key, &mut in_digits, &mut zeros);
            continue;
        }
        if c == '0' && !in_digits {
            zeros += 1;
            continue;
        }
        if c.is_ascii_digit() {
            zeros = 0;
            in_digits = true;
        } else {
            end_of_digits(&mut key, &mut in_digits, &mut zeros);
        }
        key.push(c);
    }
    end_of_digits(&mut key, &mut in_digits, &mut zeros);
    key
}

/// A run that was nothing but zeros is one zero.
fn end_of_digits(key: &mut String, in_digits: &mut bool, zeros: &mut usize) {
    if *zeros > 0 && !*in_digits {
        key.push('0');
    }
    (*in_digits, *zeros) = (false, 0);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_however_it_is_typed() {
        for (one, other) in [
            ("RE-2026/00417", "re 2026 417"),
            ("F-88121-26", "f88121 26"),
            ("INV 007", "inv-7"),
            ("000", "0"),
            ("straße1", "STRASSE1"),
        ] {
            assert_eq!(number_key(one), number_key(other), "{one} {other}");
        }
        for (one, other) in [
            ("INV-1", "INV-10"),
            ("A1", "B1"),
            ("1-0", "1"),
            ("INV-2", "INV-20"),
        ] {
            assert_ne!(number_key(one), number_key(other), "{one} {other}");
        }
        assert_eq!(number_key(" /-. "), "");
    }

    proptest! {
        #[test]
        fn separators_and_case_never_matter(letters in "[A-Z]{1,6}", number in 1u32..99_999_999, zeros in 0usize..4) {
            let written = format!("{}-{}{number}", letters.to_lowercase(), "0".repeat(zeros));
            prop_assert_eq!(number_key(&written), format!("{letters}{number}"));
        }

        #[test]
        fn any_text_has_a_key(text in ".{0,40}") {
            let key = number_key(&text);
            prop_assert!(key.chars().all(char::is_alphanumeric));
        }
    }
}
