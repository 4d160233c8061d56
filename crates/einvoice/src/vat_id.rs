//! VAT identification numbers (BT-31, BT-48, BT-63): the form that each country gives them, and their check digits where the
//! country publishes how they are made.
//!
//! A number of another country than those of the list is neither right nor wrong here. Whether a right one was ever given
//! out, its country alone knows.

/// What is wrong with a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It has not the form of its country. An example of one that has.
    Form(&'static str),
    /// The check digits are not those of the other digits: a slip, most of the time.
    CheckDigits,
}

/// A country's prefix, the forms behind it, and an example. `#` is a digit, `@` a letter, `*` one of both, `+` a plus or an
/// asterisk; all else stands for itself. The forms are those of the European Commission's VIES, and of HMRC for `GB` and `XI`.
type Country = (&'static str, &'static [&'static str], &'static str);

const COUNTRIES: &[Country] = &[
    ("AT", &["U########"], "ATU12345678"),
    ("BE", &["0#########", "1#########"], "BE0123456789"),
    ("BG", &["#########", "##########"], "BG123456789"),
    ("CY", &["########@"], "CY12345678X"),
    ("CZ", &["########", "#########", "##########"], "CZ12345678"),
    ("DE", &["#########"], "DE123456789"),
    ("DK", &["########"], "DK12345678"),
    ("EE", &["#########"], "EE123456789"),
    ("EL", &["#########"], "EL123456789"),
    (
        "ES",
        &["@########", "########@", "@#######@"],
        "ESX12345678",
    ),
    ("FI", &["########"], "FI12345678"),
    ("FR", &["**#########"], "FR12345678901"),
    (
        "GB",
        &["#########", "############", "GD###", "HA###"],
        "GB123456789",
    ),
    ("HR", &["###########"], "HR12345678901"),
    ("HU", &["########"], "HU12345678"),
    (
        "IE",
        // The last is of numbers given out before 1991, which are still in use.
        &["#######@", "#######@@", "#@#####@", "#+#####@"],
        "IE1234567X",
    ),
    ("IT", &["###########"], "IT12345678901"),
    ("LT", &["#########", "############"], "LT123456789"),
    ("LU", &["########"], "LU12345678"),
    ("LV", &["###########"], "LV12345678901"),
    ("MT", &["########"], "MT12345678"),
    ("NL", &["#########B##"], "NL123456789B01"),
    ("PL", &["##########"], "PL1234567890"),
    ("PT", &["#########"], "PT123456789"),
    (
        "RO",
        &[
            "##",
            "###",
            "####",
            "#####",
            "######",
            "#######",
            "########",
            "#########",
            "##########",
        ],
        "RO1234567890",
    ),
    ("SE", &["############"], "SE123456789001"),
    ("SI", &["########"], "SI12345678"),
    ("SK", &["##########"], "SK1234567890"),
    (
        "XI",
        &["#########", "############", "GD###", "HA###"],
        "XI123456789",
    ),
];

/// Checks a number that consists of capital letters and digits (in Ireland a plus or an asterisk as well), its country's two letters first.
///
/// # Errors
/// The form before the check digits.
pub fn check(number: &str) -> Result<(), Fault> {
    let Some((prefix, rest)) = number.split_at_checked(2) else {
        return Ok(());
    };
    let Some((_, forms, example)) = COUNTRIES.iter().find(|(known, ..)| *known == prefix) else {
        return Ok(());
    };
    if !forms.iter().any(|form| fits(rest, form)) {
        return Err(Fault::Form(example));
    }
    let is_right = match prefix {
        "AT" => austria(rest),
        "BE" => belgium(rest),
        "DE" => germany(rest),
        "ES" => spain(rest),
        "FR" => france(rest),
        "IT" => italy(rest),
        "NL" => netherlands(rest),
        "PL" => poland(rest),
        _ => true,
    };
    if is_right {
        Ok(())
    } else {
        Err(Fault::CheckDigits)
    }
}

fn fits(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text
            .bytes()
            .zip(form.bytes())
            .all(|(byte, wanted)| match wanted {
                b'#' => byte.is_ascii_digit(),
                b'@' => byte.is_ascii_uppercase(),
                b'+' => matches!(byte, b'+' | b'*'),
                b'*' => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
                other => byte == other,
            })
}

/// The digits of a text, whatever stands between them.
fn digits(text: &str) -> Vec<u32> {
    text.chars()
        .filter_map(|character| character.to_digit(10))
        .collect()
}

fn number(text: &str) -> u64 {
    digits(text)
        .into_iter()
        .fold(0, |number, digit| number * 10 + u64::from(digit))
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// The sum of the digits of twice a digit.
const fn doubled(digit: u32) -> u32 {
    digit / 5 + digit * 2 % 10
}

/// Every second digit doubled, beginning with the second.
fn alternating(digits: &[u32]) -> u32 {
    let each = digits.iter().enumerate();
    each.map(|(at, digit)| if at % 2 == 1 { doubled(*digit) } else { *digit })
        .sum()
}

fn austria(rest: &str) -> bool {
    let all = digits(rest);
    // 96 less the sum: four more than Luhn's.
    (96 - alternating(&all[..7])) % 10 == all[7]
}

fn belgium(rest: &str) -> bool {
    97 - number(&rest[..8]) % 97 == number(&rest[8..])
}

/// ISO 7064, MOD 11,10.
fn germany(rest: &str) -> bool {
    let all = digits(rest);
    let product = all[..8].iter().fold(10, |product, digit| {
        let sum = match (digit + product) % 10 {
            0 => 10,
            sum => sum,
        };
        sum * 2 % 11
    });
    (11 - product) % 10 == all[8]
}

/// A person's number (DNI, NIE) has a letter made of its digits by 23, a company's (CIF) a digit or a letter by Luhn.
fn spain(rest: &str) -> bool {
    const OF_PEOPLE: &[u8] = b"TRWAGMYFPDXBNJZSQVHLCKE";
    const OF_COMPANIES: &[u8] = b"JABCDEFGHI";
    let (first, last) = (rest.as_bytes()[0], rest.as_bytes()[8]);
    let of_person = |digits: &str| {
        let at = usize::try_from(number(digits) % 23).unwrap_or(usize::MAX);
        OF_PEOPLE.get(at) == Some(&last)
    };
    match first {
        b'0'..=b'9' => of_person(&rest[..8]),
        b'K' | b'L' | b'M' => of_person(&rest[1..8]),
        b'X' | b'Y' | b'Z' => {
            let digit = char::from(first - b'X' + b'0');
            of_person(&format!("{digit}{}", &rest[1..8]))
        }
        _ => {
            let seven = digits(&rest[1..8]);
            let even: u32 = seven.iter().skip(1).step_by(2).sum();
            let odd: u32 = seven.iter().step_by(2).map(|digit| doubled(*digit)).sum();
            let check = (10 - (even + odd) % 10) % 10;
            let letter = OF_COMPANIES[check as usize];
            last == letter || u32::from(last) == check + u32::from(b'0')
        }
    }
}

/// Keys of two digits are made of the SIREN by 97; how those with a letter are made is not published.
fn france(rest: &str) -> bool {
    let (key, siren) = rest.split_at(2);
    if !key.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    (12 + 3 * (number(siren) % 97)) % 97 == number(key)
}

/// Luhn.
fn italy(rest: &str) -> bool {
    alternating(&digits(rest)).is_multiple_of(10)
}

/// Companies' numbers are made by 11, those of sole traders since 2020 by 97 over all of it (ISO 7064).
fn netherlands(rest: &str) -> bool {
    let all = digits(&rest[..9]);
    let by_11 = weighted(&all[..8], &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == all[8];
    let whole = format!("NL{rest}");
    let by_97 = whole.bytes().fold(0, |remainder, byte| {
        if byte.is_ascii_digit() {
            (remainder * 10 + u32::from(byte - b'0')) % 97
        } else {
            (remainder * 100 + u32::from(byte - b'A') + 10) % 97
        }
    });
    by_11 || by_97 == 1
}

fn poland(rest: &str) -> bool {
    let all = digits(rest);
    weighted(&all[..9], &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == all[9]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Numbers that companies and authorities print in public, one or more of each rule.
    const RIGHT: &[&str] = &[
        "ATU13585627",
        "BE0428759497",
        "BE0403019261",
        "DE136695976",
        "DE811569869",
        "ESX5253868R",
        "ESJ99216582",
        "ES54362315K",
        "FR40303265045",
        "FR83404833048",
        "FRK7399859412",
        "IT00743110157",
        "NL004495445B01",
        "NL123456789B13",
        "PL8567346215",
        "SE123456789001",
        "IE6433435F",
        "IE8Z49289F",
        "IE1+23456A",
        "IE1*23456A",
    ];

    #[test]
    fn numbers_of_each_rule_are_right_and_a_slip_is_found() {
        for right in RIGHT {
            assert_eq!(check(right), Ok(()), "{right}");
        }
        for wrong in [
            "ATU13585626",
            "BE0428759498",
            "DE136695977",
            "ESX5253868S",
            "ESJ99216583",
            "ES54362315L",
            "FR41303265045",
            "IT00743110158",
            "NL004495446B01",
            "PL8567346216",
        ] {
            assert_eq!(check(wrong), Err(Fault::CheckDigits), "{wrong}");
        }
    }

    #[test]
    fn what_has_not_the_form_of_its_country_says_how_it_looks_there() {
        for (wrong, example) in [
            ("DE12345678", "DE123456789"),
            ("DE1234567890", "DE123456789"),
            ("AT13585627", "ATU12345678"),
            ("BE428759497", "BE0123456789"),
            ("NL004495445C01", "NL123456789B01"),
            ("ELXXXXXXXXX", "EL123456789"),
            ("DE", "DE123456789"),
            ("IE+123456A", "IE1234567X"),
            ("IE1-23456A", "IE1234567X"),
            ("NL004495445+01", "NL123456789B01"),
        ] {
            assert_eq!(check(wrong), Err(Fault::Form(example)), "{wrong}");
        }
        for elsewhere in ["CHE123456789", "US123", "", "D", "118572044", "äö1"] {
            assert_eq!(check(elsewhere), Ok(()), "{elsewhere}");
        }
        for (prefix, forms, example) in COUNTRIES {
            let rest = example.strip_prefix(prefix).expect("of that country");
            assert!(forms.iter().any(|form| fits(rest, form)), "{example}");
        }
    }

    proptest! {
        /// A slip of one digit, and two neighbours in the wrong order, are what check digits are for: here all of the first
        /// kind are found in Germany, where every digit counts.
        #[test]
        fn one_wrong_digit_is_found(at in 0usize..9, by in 1u8..10) {
            let mut number = *b"DE136695976";
            let digit = &mut number[2 + at];
            *digit = b'0' + (*digit - b'0' + by) % 10;
            let text = std::str::from_utf8(&number).expect("ASCII");
            prop_assert_eq!(check(text), Err(Fault::CheckDigits));
        }

        #[test]
        fn no_text_panics(prefix in "(AT|BE|DE|ES|FR|IT|NL|PL|..)", rest in "[A-Z0-9é]{0,14}") {
            let _ = check(&format!("{prefix}{rest}"));
        }
    }
}
