//! What a vendor reads beside the money.

use countersign_bankfile::account::CreditorReference;
use countersign_bankfile::pain001::{Remittance, Unmappable, transliterate};

use super::netting::SEPARATOR;

/// `RmtInf/Ustrd` has at most 140 characters.
pub const MAX_CHARS: usize = 140;

/// What a payment of one bill says: the reference that the vendor asked for, or else the bill's number.
#[must_use]
pub fn of_bill(payment_reference: &str, number: &str) -> String {
    let reference = payment_reference.trim();
    if reference.is_empty() {
        number.trim().to_owned()
    } else {
        reference.to_owned()
    }
}

/// Its length as the bank counts it: `ä` has become `ae` by then.
#[must_use]
pub fn chars(text: &str) -> usize {
    // What has no letter that banks take counts as it is; whoever prepares the file refuses it.
    transliterate(text, Unmappable::FullStop).map_or(text.chars().count(), |text| text.len())
}

/// As the file has it: a creditor reference (ISO 11649) goes structured, so that the vendor's books find it. Nothing is cut:
/// what is too long is refused when the file is prepared.
#[must_use]
pub fn in_file(texts: &[&str]) -> Option<Remittance> {
    if let [text] = texts
        && let Ok(reference) = CreditorReference::parse(text)
    {
        return Some(Remittance::CreditorReference(reference));
    }
    let all = texts.join(SEPARATOR);
    (!all.trim().is_empty()).then_some(Remittance::Unstructured(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_reference_goes_before_the_number_and_nothing_is_cut() {
        assert_eq!(
            of_bill(" RF18 5390 0754 7034 ", "4711"),
            "RF18 5390 0754 7034"
        );
        assert_eq!(of_bill("", " 4711 "), "4711");
        assert!(matches!(
            in_file(&["RF18 5390 0754 7034"]),
            Some(Remittance::CreditorReference(reference)) if reference.as_str() == "RF18539007547034"
        ));
        assert_eq!(
            in_file(&["RF19539007547034"]),
            Some(Remittance::Unstructured("RF19539007547034".into()))
        );
        assert_eq!(
            in_file(&["4711", "CN-1"]),
            Some(Remittance::Unstructured("4711, CN-1".into()))
        );
        let long = "x".repeat(80);
        assert_eq!(
            in_file(&[&long, &long]),
            Some(Remittance::Unstructured(format!("{long}, {long}")))
        );
        assert_eq!(in_file(&[" "]), None);
    }

    #[test]
    fn characters_are_counted_as_the_bank_gets_them() {
        assert_eq!(chars("Rechnung 7"), 10);
        assert_eq!(chars("Gebühr für März"), 18);
        assert_eq!(chars("合同"), 2);
    }
}
