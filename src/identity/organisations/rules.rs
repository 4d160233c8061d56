//! What an organisation and a legal entity are made of, checked.

use std::fmt;

use countersign_bankfile::account::{Bic, Country, Iban};
use countersign_einvoice::vat_id;
use countersign_money::Currency;
use jiff::tz::TimeZone;

/// The longest name that fits a bank file (ISO 20022 Max70Text is the payer's name).
pub const NAME_CHARS: usize = 70;

/// What is wrong with a typed value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    Missing,
    TooLong,
    Malformed,
}

/// A text without what no name has: control characters, space around it.
pub fn text(typed: &str, longest_chars: usize) -> Result<String, Fault> {
    let text = typed.trim();
    if text.is_empty() {
        return Err(Fault::Missing);
    }
    if text.chars().any(char::is_control) {
        return Err(Fault::Malformed);
    }
    if text.chars().count() > longest_chars {
        return Err(Fault::TooLong);
    }
    Ok(text.to_owned())
}

/// An organisation to be made.
#[derive(Debug, Clone)]
pub struct NewOrganisation {
    pub name: String,
    pub slug: String,
    /// IANA name.
    pub time_zone: String,
}

impl NewOrganisation {
    #[must_use]
    pub fn is_zone(name: &str) -> bool {
        TimeZone::get(name).is_ok()
    }

    /// The organisation's name for addresses: `Müller & Söhne GmbH` is `muller-sohne-gmbh`.
    #[must_use]
    pub fn slug_of(name: &str) -> String {
        let mut slug = String::new();
        for c in name.chars().flat_map(char::to_lowercase) {
            match plain(c) {
                Some(letters) => slug.push_str(letters),
                None if c.is_ascii_alphanumeric() => slug.push(c),
                None if !slug.ends_with('-') && !slug.is_empty() => slug.push('-'),
                None => {}
            }
        }
        let slug: String = slug.chars().take(40).collect();
        let slug = slug.trim_matches('-');
        if slug.is_empty() {
            "organisation"
        } else {
            slug
        }
        .to_owned()
    }
}

fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'ä' | 'á' | 'à' | 'â' | 'å' | 'ã' => "a",
        'ö' | 'ó' | 'ò' | 'ô' | 'õ' | 'ø' => "o",
        'ü' | 'ú' | 'ù' | 'û' => "u",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'í' | 'ì' | 'î' | 'ï' => "i",
        'ç' => "c",
        'ñ' => "n",
        'ß' => "ss",
        'æ' => "ae",
        _ => return None,
    })
}

/// A VAT identification number in its canonical form: country's letters and characters, no spaces (EN 16931 BT-31, BT-48).
/// Debug prints nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct VatId(String);

impl VatId {
    /// Reads what people type. The form is checked, not whether the number is given out.
    pub fn parse(typed: &str) -> Result<Self, Fault> {
        let text: String = typed
            .chars()
            .filter(|c| !c.is_whitespace() && !".-/".contains(*c))
            .flat_map(char::to_uppercase)
            .collect();
        let (country, rest) = text.split_at_checked(2).ok_or(Fault::Malformed)?;
        // Greece writes EL, Northern Ireland XI: neither is an ISO country, and companies have no other id there.
        let known = matches!(country, "EL" | "XI") || country.parse::<Country>().is_ok();
        let fits = (2..=13).contains(&rest.len())
            && rest
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b == b'+' || b == b'*')
            && rest.bytes().any(|b| b.is_ascii_digit());
        let has_form = !matches!(vat_id::check(&text), Err(vat_id::Fault::Form(_)));
        if known && fits && has_form {
            Ok(Self(text))
        } else {
            Err(Fault::Malformed)
        }
    }

    /// Whether its check digits are not those that its country makes: a slip, most of the time.
    #[must_use]
    pub fn is_doubtful(&self) -> bool {
        vat_id::check(&self.0).is_err()
    }

    /// For sealing and for the blind index.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Country and the last three characters.
    #[must_use]
    pub fn masked(&self) -> String {
        let tail = self.0.len().saturating_sub(3).max(2);
        format!("{}••••{}", &self.0[..2], &self.0[tail..])
    }
}

impl fmt::Debug for VatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VatId(..)")
    }
}

/// A legal entity to be made, with the account it pays from.
#[derive(Debug, Clone)]
pub struct NewEntity {
    pub name: String,
    pub country: Country,
    pub currency: Currency,
    pub street: String,
    pub building: String,
    pub post_code: String,
    pub town: String,
    pub vat_id: Option<VatId>,
    pub iban: Iban,
    pub bic: Option<Bic>,
}

/// An account to pay from, to be entered.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub label: String,
    pub iban: Iban,
    pub bic: Option<Bic>,
    pub currency: Currency,
}

impl NewEntity {
    /// The entity's first account goes by the entity's name.
    #[must_use]
    pub fn account(&self) -> NewAccount {
        NewAccount {
            label: self.name.clone(),
            iban: self.iban.clone(),
            bic: self.bic,
            currency: self.currency,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_plain_letters() {
        for (name, slug) in [
            ("Müller & Söhne GmbH", "muller-sohne-gmbh"),
            ("  O'Brien Ltd. ", "o-brien-ltd"),
            ("株式会社", "organisation"),
        ] {
            assert_eq!(NewOrganisation::slug_of(name), slug);
        }
    }

    #[test]
    fn vat_ids_have_one_form() {
        for typed in ["DE 123 456 789", "de123456789", "DE-123.456.789"] {
            assert_eq!(VatId::parse(typed).expect(typed).expose(), "DE123456789");
        }
        assert_eq!(
            VatId::parse("EL123456789").expect("Greece").masked(),
            "EL••••789"
        );
        for wrong in [
            "",
            "D",
            "DE",
            "QQ123456789",
            "DEABCDEF",
            "DE12345678901234",
            "DE12345678",
            "AT12345678",
            "ÄÖ123",
        ] {
            assert_eq!(VatId::parse(wrong), Err(Fault::Malformed), "{wrong}");
        }
        assert!(VatId::parse("DE123456789").expect("its form").is_doubtful());
        assert!(!VatId::parse("DE136695976").expect("its form").is_doubtful());
        assert_eq!(
            format!("{:?}", VatId::parse("DE123456789")),
            "Ok(VatId(..))"
        );
    }

    #[test]
    fn names_are_texts_of_a_bounded_length() {
        assert_eq!(text("  Harbour Foods ", 70).as_deref(), Ok("Harbour Foods"));
        assert_eq!(text(" ", 70), Err(Fault::Missing));
        assert_eq!(text("a\u{0}b", 70), Err(Fault::Malformed));
        assert_eq!(text("abcd", 3), Err(Fault::TooLong));
    }
}
