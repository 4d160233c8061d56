//! VAT ids (EN 16931 BT-31) and legal registration ids (BT-30): one form to compare, one to show.

use countersign_einvoice::vat_id;
use countersign_sealing::Secret;
use zeroize::Zeroizing;

/// The longest id that is taken; VAT ids have at most 15 characters, registers' ids are longer.
pub const MAX_CHARS: usize = 60;

/// The one form in which ids are compared: letters and digits alone, in capitals. In an Irish VAT id of before 1991 a plus or an
/// asterisk is a character of the number: two companies may differ in nothing else.
#[must_use]
pub fn normalised(id: &str) -> Zeroizing<String> {
    let written = |is_kept: fn(char) -> bool| -> Zeroizing<String> {
        let kept = id.chars().filter(|character| is_kept(*character));
        Zeroizing::new(kept.flat_map(char::to_uppercase).collect())
    };
    let irish = written(|character| character.is_alphanumeric() || matches!(character, '+' | '*'));
    if irish.starts_with("IE") && vat_id::check(&irish).is_ok() {
        return irish;
    }
    written(char::is_alphanumeric)
}

/// What is wrong with a VAT id, if its country is one whose rules are known.
///
/// # Errors
/// The form, or the check digits.
pub fn check_vat_id(id: &str) -> Result<(), vat_id::Fault> {
    vat_id::check(&normalised(id))
}

/// What the index of a legal id is made of: numbers of two countries' registers have nothing to do with each other.
#[must_use]
pub fn legal_id_key(country: &str, id: &str) -> Zeroizing<String> {
    Zeroizing::new(format!("{country}|{}", *normalised(id)))
}

/// For lists: the last four characters, and of longer ids the country. Of an id of less than eight characters nothing
/// is shown, for the rest would be too easy to guess.
#[must_use]
pub fn masked(id: &Secret<String>) -> String {
    let normalised = normalised(id.expose());
    let characters: Vec<char> = normalised.chars().collect();
    if characters.len() < 8 {
        return "••••".to_owned();
    }
    let country: String = characters
        .iter()
        .take(2)
        .take_while(|character| character.is_ascii_uppercase())
        .collect();
    let last: String = characters[characters.len() - 4..].iter().collect();
    if country.chars().count() == 2 {
        format!("{country}•• {last}")
    } else {
        format!("•••• {last}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_id_compare_equal() {
        assert_eq!(*normalised("de 118.572-044"), "DE118572044");
        assert_eq!(*normalised("ie 1+23456-a"), "IE1+23456A");
        assert_ne!(normalised("IE1+23456A"), normalised("IE1*23456A"));
        assert_eq!(*normalised("HRB+1*"), "HRB1");
        assert_eq!(check_vat_id("IE1*23456A"), Ok(()));
        assert_ne!(legal_id_key("DE", "HRB 1"), legal_id_key("AT", "HRB 1"));
    }

    #[test]
    fn little_is_shown() {
        let masked = |id: &str| masked(&Secret::new(id.to_owned()));
        assert_eq!(masked("DE118572044"), "DE•• 2044");
        assert_eq!(masked("118572044"), "•••• 2044");
        assert_eq!(masked("HRB 123"), "••••");
        assert_eq!(masked(""), "••••");
    }
}
