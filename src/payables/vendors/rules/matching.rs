//! Which vendor a document means. An id speaks before a name; what contradicts itself is for people to decide.

use crate::payables::ids::VendorId;
use crate::text_enum;

text_enum! {
    /// How a vendor was found.
    pub enum MatchedBy {
        VatId = "vat-id",
        LegalId = "legal-id",
        Name = "name",
        /// Nobody was: a requested vendor was made, which cannot be paid.
        Requested = "requested",
        /// Several could be meant, or what the document says contradicts what is known.
        Ambiguous = "ambiguous",
        /// The document names no seller.
        Nothing = "nothing",
    }
}

/// A vendor that shares something with the document's seller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    pub vendor: VendorId,
    pub same_vat_id: bool,
    pub same_legal_id: bool,
    pub same_name: bool,
    /// The document and the vendor both have a VAT id, and the two differ.
    pub other_vat_id: bool,
}

/// What follows from the candidates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    Found(VendorId, MatchedBy),
    Ambiguous(Vec<VendorId>),
    /// Nobody shares anything: ask for a new vendor.
    Unknown,
}

/// Decides among the vendors that share a VAT id, a legal id or the name's key and country with the document.
///
/// - One vendor with the VAT id is meant, unless another one has the legal id.
/// - A legal id alone counts together with the name: registers of one country reuse numbers.
/// - A name alone counts where no VAT id contradicts it: a namesake's, or a forger's.
#[must_use]
pub fn decide(candidates: &[Candidate]) -> Decision {
    let by = |wanted: fn(&Candidate) -> bool| -> Vec<Candidate> {
        candidates.iter().copied().filter(wanted).collect()
    };
    let ambiguous = || Decision::Ambiguous(candidates.iter().map(|c| c.vendor).collect());
    let by_vat_id = by(|c| c.same_vat_id);
    let by_legal_id = by(|c| c.same_legal_id);
    let by_name = by(|c| c.same_name);
    if let [found] = by_vat_id.as_slice() {
        let others_legal_id = by_legal_id.iter().any(|c| c.vendor != found.vendor);
        if others_legal_id && !found.same_legal_id {
            return ambiguous();
        }
        return Decision::Found(found.vendor, MatchedBy::VatId);
    }
    if !by_vat_id.is_empty() {
        return ambiguous();
    }
    match (by_legal_id.as_slice(), by_name.as_slice()) {
        ([], []) => Decision::Unknown,
        ([found], _) if found.same_name && !found.other_vat_id => {
            Decision::Found(found.vendor, MatchedBy::LegalId)
        }
        ([], [found]) if !found.other_vat_id => Decision::Found(found.vendor, MatchedBy::Name),
        _ => ambiguous(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::platform::ids::Id as _;

    fn vendor(number: u128) -> VendorId {
        VendorId::from_uuid(uuid::Uuid::from_u128(number))
    }

    fn candidate(number: u128, signs: &str) -> Candidate {
        Candidate {
            vendor: vendor(number),
            same_vat_id: signs.contains('v'),
            same_legal_id: signs.contains('l'),
            same_name: signs.contains('n'),
            other_vat_id: signs.contains('x'),
        }
    }

    #[test]
    fn ids_speak_before_names_and_contradictions_are_for_people() {
        let found = |number, how| Decision::Found(vendor(number), how);
        let both = Decision::Ambiguous(vec![vendor(1), vendor(2)]);
        for (signs, expected) in [
            (&["v"][..], found(1, MatchedBy::VatId)),
            (&["v", "n"], found(1, MatchedBy::VatId)),
            (&["vl", "l"], found(1, MatchedBy::VatId)),
            (&["v", "l"], both.clone()),
            (&["v", "v"], both.clone()),
            (&["ln"], found(1, MatchedBy::LegalId)),
            (&["l"], Decision::Ambiguous(vec![vendor(1)])),
            (&["ln", "l"], both.clone()),
            (&["n"], found(1, MatchedBy::Name)),
            (&["n", "n"], both),
            (&["nx"], Decision::Ambiguous(vec![vendor(1)])),
            (&["lnx"], Decision::Ambiguous(vec![vendor(1)])),
            (&[], Decision::Unknown),
        ] {
            let candidates: Vec<Candidate> = signs
                .iter()
                .zip(1..)
                .map(|(signs, number)| candidate(number, signs))
                .collect();
            assert_eq!(decide(&candidates), expected, "{signs:?}");
        }
    }

    proptest! {
        /// Whoever is found shares something, and never against a contradicting VAT id.
        #[test]
        fn nobody_is_found_by_nothing(signs in proptest::collection::vec("[vlnx]{0,4}", 0..5)) {
            let candidates: Vec<Candidate> = signs
                .iter()
                .zip(1..)
                // A vendor cannot have the document's VAT id and another one.
                .map(|(signs, number)| candidate(number, &if signs.contains('v') { signs.replace('x', "") } else { signs.clone() }))
                .collect();
            if let Decision::Found(found, how) = decide(&candidates) {
                let of = candidates.iter().find(|c| c.vendor == found).expect("one of them");
                prop_assert!(!of.other_vat_id);
                let shares = match how {
                    MatchedBy::VatId => of.same_vat_id,
                    MatchedBy::LegalId => of.same_legal_id && of.same_name,
                    MatchedBy::Name => of.same_name,
                    _ => false,
                };
                prop_assert!(shares);
            }
        }
    }
}
