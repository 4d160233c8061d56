//! What a vendor reads beside the money.

use countersign_bankfile::account::CreditorReference;
use countersign_bankfile::pain001::Remittance;

/// `RmtInf/Ustrd` has at most 140 characters.
const MAX_CHARS: usize = 140;

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

/// As the file has it: a creditor reference (ISO 11649) goes structured, so that the vendor's books find it.
#[must_use]
pub fn in_file(texts: &[&str], run_reference: &str) -> Option<Remittance> {
    if let [text] = texts
        && let Ok(reference) = CreditorReference::parse(text)
    {
        return Some(Remittance::CreditorReference(reference));
    }
    let all = texts.join(", ");
    if all.trim().is_empty() {
        return None;
    }
    // Nothing is cut: what does not fit is told by the remittance advice, under the run's reference.
    let fits = all.chars().count() <= MAX_CHARS;
    Some(Remittance::Unstructured(if fits {
        all
    } else {
        format!("{} documents, see advice {run_reference}", texts.len())
    }))
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
            in_file(&["RF18 5390 0754 7034"], "R"),
            Some(Remittance::CreditorReference(reference)) if reference.as_str() == "RF18539007547034"
        ));
        assert_eq!(
            in_file(&["RF19539007547034"], "R"),
            Some(Remittance::Unstructured("RF19539007547034".into()))
        );
        assert_eq!(
            in_file(&["4711", "CN-1"], "R"),
            Some(Remittance::Unstructured("4711, CN-1".into()))
        );
        let long = "x".repeat(80);
        assert_eq!(
            in_file(&[&long, &long], "R-7"),
            Some(Remittance::Unstructured(
                "2 documents, see advice R-7".into()
            ))
        );
        assert_eq!(in_file(&[" "], "R"), None);
    }
}
