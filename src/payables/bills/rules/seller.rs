//! Whether the vendor that was found is the company that the document names.
//!
//! A vendor is found by an id or by its name, and either can be a namesake's or a forger's. What is compared is what the
//! document itself says: that somebody typed the vendor's name over it settles nothing.

use crate::payables::bills::store::VendorBrief;
use crate::payables::bills::store::sellers::Seller;
use crate::payables::vendors::rules::names::same_company;

/// What is compared of a name: a vendor's has no more (ISO 20022 Max140Text), a document's may.
pub const NAME_CHARS: usize = 140;

/// Stands between what the document says and what is known. No name of a document holds its sign.
pub const UNLIKE: &str = " \u{2260} ";

/// A name that belongs to none of the vendor's, and the vendor's own.
///
/// `typed` is the name that the bill bears, which is the document's until somebody types another one.
#[must_use]
pub fn other_name(document: Option<&Seller>, typed: &str, vendor: &VendorBrief) -> Option<String> {
    let typed: String = typed.chars().take(NAME_CHARS).collect();
    let typed = typed.as_str();
    let known = || {
        let others = vendor.other_names.as_deref().unwrap_or_default();
        std::iter::once(vendor.name.as_str()).chain(others.lines())
    };
    let fits = |name: &str| known().any(|known| same_company(name, known));
    let nobodys = |names: &[&str]| {
        let mut given = names.iter().filter(|name| !name.trim().is_empty());
        let first = (*given.clone().next()?).to_owned();
        (!given.any(|name| fits(name))).then_some(first)
    };
    let of_document = document.and_then(|seller| nobodys(&[&seller.name, &seller.trading_name]));
    let of_bill = || {
        let is_documents = document.is_some_and(|seller| same_company(&seller.name, typed));
        if is_documents {
            None
        } else {
            nobodys(&[typed])
        }
    };
    let named = of_document.or_else(of_bill)?;
    Some(unlike(&named, &vendor.name))
}

/// A VAT id (BT-31) or a registration number (BT-30) that is not the vendor's, masked, behind its term.
///
/// Where the VAT ids are one, the register's number says no more: companies give numbers of several registers.
#[must_use]
pub fn other_id(document: &Seller, vendor: &VendorBrief) -> Option<String> {
    let told = |term: &str, named: &Option<String>, known: &Option<String>| {
        let masked = |id: &Option<String>| id.clone().unwrap_or_default();
        Some(format!("{term} {}", unlike(&masked(named), &masked(known))))
    };
    match (&document.vat_id_index, &vendor.vat_id_index) {
        (Some(named), Some(known)) if named == known => return None,
        (Some(_), Some(_)) => {
            return told("BT-31", &document.vat_id_masked, &vendor.vat_id_masked);
        }
        _ => {}
    }
    // The index of a registration number holds the country of its register.
    let one_register = document.country == vendor.country;
    match (&document.legal_id_index, &vendor.legal_id_index) {
        (Some(named), Some(known)) if one_register && named != known => {
            told("BT-30", &document.legal_id_masked, &vendor.legal_id_masked)
        }
        _ => None,
    }
}

fn unlike(named: &str, known: &str) -> String {
    format!("{}{UNLIKE}{known}", named.replace('\u{2260}', "="))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendor(name: &str, others: &str) -> VendorBrief {
        VendorBrief {
            name: name.into(),
            other_names: Some(others.into()),
            status: "active".into(),
            country: "DE".into(),
            vat_id_masked: None,
            vat_id_index: None,
            legal_id_masked: None,
            legal_id_index: None,
            terms_days: 30,
        }
    }

    fn seller(name: &str, trading_name: &str) -> Seller {
        Seller {
            name: name.into(),
            trading_name: trading_name.into(),
            country: "DE".into(),
            ..Seller::default()
        }
    }

    #[test]
    fn a_name_that_is_none_of_the_vendors_is_told() {
        let told = |named: &str| Some(format!("{named} ≠ Nordwind GmbH"));
        for (name, trading, typed, others, expected) in [
            ("NORDWIND G.m.b.H.", "", "Nordwind", "", None),
            ("Nord wind", "", "Nordwind", "", None),
            ("Südwind AG", "", "Südwind AG", "", told("Südwind AG")),
            // Typing the vendor's name settles nothing, nor does typing another one go unseen.
            ("Südwind AG", "", "Nordwind", "", told("Südwind AG")),
            ("Nordwind", "", "Südwind", "", told("Südwind")),
            // A trading name, or another name of the vendor's.
            ("Hansen Holding KG", "Nordwind", "Hansen Holding", "", None),
            ("Hansen KG", "", "Hansen", "Other\nHansen OHG", None),
            ("Hansen KG", "", "Hansen", "Hansen Nord", told("Hansen KG")),
            ("", "", "Nordwind", "", None),
            ("", "", "", "", None),
            ("A ≠ Nordwind", "", "", "", told("A = Nordwind")),
        ] {
            let vendor = vendor("Nordwind GmbH", others);
            let found = other_name(Some(&seller(name, trading)), typed, &vendor);
            assert_eq!(found, expected, "{name} {trading} {typed} {others}");
        }
        let nordwind = vendor("Nordwind GmbH", "");
        assert_eq!(other_name(None, "Nordwind", &nordwind), None);
        assert_eq!(other_name(None, "Thief", &nordwind), told("Thief"));
        // A vendor that was made of a document has as much of its name as fits.
        let (kept, whole) = ("n".repeat(NAME_CHARS), "n".repeat(200));
        let made = vendor(&kept, "");
        assert_eq!(other_name(Some(&seller(&kept, "")), &whole, &made), None);
    }

    #[test]
    fn an_id_that_is_not_the_vendors_is_told() {
        let index = |id: u8| (id > 0).then(|| vec![id]);
        // VAT id and registration number of the document, then of the vendor; 0 is none.
        for (named, known, country, expected) in [
            ((1, 1), (1, 1), "DE", None),
            ((1, 0), (2, 0), "DE", Some("BT-31 n ≠ k")),
            ((1, 1), (2, 1), "DE", Some("BT-31 n ≠ k")),
            ((1, 1), (1, 2), "DE", None),
            ((0, 1), (1, 2), "DE", Some("BT-30 n ≠ k")),
            ((1, 1), (0, 2), "DE", Some("BT-30 n ≠ k")),
            ((0, 1), (0, 2), "AT", None),
            ((1, 0), (0, 1), "DE", None),
        ] {
            let mut document = seller("Nordwind", "");
            country.clone_into(&mut document.country);
            (document.vat_id_index, document.legal_id_index) = (index(named.0), index(named.1));
            document.vat_id_masked = Some("n".into());
            document.legal_id_masked = Some("n".into());
            let mut vendor = vendor("Nordwind", "");
            (vendor.vat_id_index, vendor.legal_id_index) = (index(known.0), index(known.1));
            vendor.vat_id_masked = Some("k".into());
            vendor.legal_id_masked = Some("k".into());
            let found = other_id(&document, &vendor);
            assert_eq!(found.as_deref(), expected, "{named:?} {known:?} {country}");
        }
    }
}
