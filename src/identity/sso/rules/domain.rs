//! Domains of mail addresses.

/// RFC 1035, 2.3.4.
const LONGEST: usize = 253;

/// A domain as typed, in lower case: labels of letters, digits and hyphens, at least two of them.
#[must_use]
pub fn domain(typed: &str) -> Option<String> {
    let text = typed.trim().trim_start_matches('@').to_ascii_lowercase();
    let is_label = |label: &str| {
        let plain = label
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    let fits = text.len() <= LONGEST && text.contains('.') && text.split('.').all(is_label);
    fits.then_some(text)
}

/// The domain of an address: what follows its only `@`. An address with two could be read in two ways, and is none.
#[must_use]
pub fn domain_of(email: &str) -> Option<String> {
    let (local, after) = email.trim().split_once('@')?;
    if local.is_empty() || after.contains('@') {
        return None;
    }
    domain(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_has_one_spelling() {
        assert_eq!(
            domain(" @Harbour.Example ").as_deref(),
            Some("harbour.example")
        );
        for bad in [
            "",
            "example",
            "a..b",
            "-a.example",
            "a.example/",
            "ä.example",
            "a b.example",
        ] {
            assert_eq!(domain(bad), None, "{bad}");
        }
    }

    #[test]
    fn an_address_has_one_domain_or_none() {
        assert_eq!(
            domain_of("Ann@Harbour.example").as_deref(),
            Some("harbour.example")
        );
        for bad in [
            "ann",
            "@harbour.example",
            "ann@evil.example@harbour.example",
            "ann@harbour.example, ann@evil.example",
            "ann@harbour.example\u{0}.evil.example",
        ] {
            assert_eq!(domain_of(bad), None, "{bad}");
        }
    }
}
