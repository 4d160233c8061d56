//! How a document finds its vendor.

use std::sync::Arc;

use countersign::payables::ids::VendorId;
use countersign::payables::vendors::actions::{
    IdChanges, change_status, edit_vendor, find_vendor, list_vendors,
};
use countersign::payables::vendors::rules::VendorStatus;
use countersign::payables::vendors::rules::matching::MatchedBy;
use countersign::payables::vendors::store::{After, Filter};
use countersign::payables::vendors::{
    SellerClaim, VendorError, VendorMatch, WhyNotPayable, match_or_request,
};
use countersign_sealing::Secret;

use super::{IBAN, Office, facts};
use crate::support::stores::on_both;

async fn found(office: &Office, name: &str, country: &str, vat_id: Option<&str>) -> VendorMatch {
    let keys = office.world.keys().await;
    let (name, country) = (name.to_owned(), country.to_owned());
    let vat_id = vat_id.map(ToOwned::to_owned);
    office
        .world
        .app
        .store
        .write::<_, VendorError, _>(office.world.caller(), move |tx| {
            let claim = SellerClaim {
                name: name.clone(),
                country: country.clone(),
                town: "Hamburg".into(),
                vat_id: vat_id.clone().map(Secret::new),
                ..SellerClaim::default()
            };
            let found = match_or_request(tx, &keys, &claim)?;
            Ok(tx.done(found)?)
        })
        .await
        .expect("it answers")
}

#[test]
fn a_document_finds_its_vendor_by_vat_id_then_name_and_else_asks_for_one() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let nordwind = office.vendor("Nordwind GmbH", Some("DE 118 572 044")).await;
        let by = |vendor: VendorId, how| VendorMatch {
            vendor: Some(vendor),
            how,
            candidates: Vec::new(),
        };
        let match_ = found(&office, "Something else", "AT", Some("de118572044")).await;
        assert_eq!(match_, by(nordwind, MatchedBy::VatId));
        let match_ = found(&office, "NORDWIND G.m.b.H.", "DE", None).await;
        assert_eq!(match_, by(nordwind, MatchedBy::Name));
        // The same name with another VAT id is a namesake or a forger: people decide.
        let match_ = found(&office, "Nordwind", "DE", Some("DE999999999")).await;
        assert_eq!(
            (match_.vendor, match_.how, match_.candidates),
            (None, MatchedBy::Ambiguous, vec![nordwind])
        );
        let unknown = found(&office, "Brightwater Supplies", "GB", Some("GB123456789")).await;
        assert_eq!(unknown.how, MatchedBy::Requested);
        let requested = unknown.vendor.expect("one was asked for");
        let again = found(&office, "Brightwater", "GB", Some("GB123456789")).await;
        assert_eq!(again, by(requested, MatchedBy::VatId));
        assert_eq!(
            found(&office, " … ", "", None).await.how,
            MatchedBy::Nothing
        );
        let who = office.enters.access().await;
        let row = find_vendor(&office.world.app, &who, requested)
            .await
            .expect("there");
        assert_eq!(row.status, VendorStatus::Requested);
        assert_eq!(row.vat_id_masked.as_deref(), Some("GB•• 6789"));
    });
}

#[test]
fn a_requested_vendor_is_not_paid_though_its_account_is_verified() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let vendor = found(&office, "Brightwater", "GB", None)
            .await
            .vendor
            .expect("asked for");
        let account = office.enter(vendor, IBAN).await;
        office.verify(vendor, account, IBAN).await;
        let why = office.payable(vendor).await.expect_err("requested");
        assert!(
            matches!(why, WhyNotPayable::VendorNotActive(VendorStatus::Requested)),
            "{why}"
        );
        // With its data complete a person makes it active, and then it is paid.
        office.set_status(vendor, VendorStatus::Active).await;
        office.payable(vendor).await.expect("active and verified");
        office.set_status(vendor, VendorStatus::Blocked).await;
        office.payable(vendor).await.expect_err("blocked");
    });
}

#[test]
fn incomplete_vendors_stay_inactive_and_stale_versions_are_refused() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let app = Arc::clone(&office.world.app);
        let who = office.enters.access().await;
        let vendor = office.vendor("Nordwind", None).await;
        let mut bare = facts("Nordwind");
        bare.town = String::new();
        let version = edit_vendor(&app, &who, vendor, 1, bare, IdChanges::default())
            .await
            .expect("kept as it is");
        let error = change_status(&app, &who, vendor, version, VendorStatus::Active, "")
            .await
            .expect_err("no town");
        assert!(matches!(error, VendorError::Incomplete(ref missing) if missing == &["town"]));
        let error = edit_vendor(&app, &who, vendor, 1, facts("X"), IdChanges::default())
            .await
            .expect_err("version 1 is gone");
        assert!(matches!(error, VendorError::Conflict), "{error}");
    });
}

#[test]
fn vendors_are_found_by_the_beginnings_of_words() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        for name in ["Müller & Söhne OHG", "Nordwind GmbH", "Électricité du Port"] {
            office.vendor(name, None).await;
        }
        let who = office.enters.access().await;
        let names = async |query: &str| -> Vec<String> {
            let filter = Filter {
                status: None,
                query: query.into(),
            };
            list_vendors(&office.world.app, &who, filter, After::default(), 10)
                .await
                .expect("a list")
                .into_iter()
                .map(|row| row.name)
                .collect()
        };
        assert_eq!(names("").await.len(), 3);
        assert_eq!(names("mueller").await, ["Müller & Söhne OHG"]);
        assert_eq!(names("Söhne MÜL").await, ["Müller & Söhne OHG"]);
        assert_eq!(names("elec hamb").await, ["Électricité du Port"]);
        assert_eq!(names("nordwindy").await, Vec::<String>::new());
    });
}
