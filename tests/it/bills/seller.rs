//! A document whose seller is not the vendor that was found for it is held, whatever was typed over it.

use countersign::identity::access::Role;
use countersign::payables::bills::actions::{Correction, correct, release_hold};
use countersign::payables::bills::holds::{Hold, HoldKind};
use countersign::payables::bills::rules::typed::TypedForm;
use countersign::payables::ids::{BillId, VendorId};
use countersign::payables::vendors::actions::{IdChanges, create_vendor, edit_vendor, find_vendor};
use countersign::payables::vendors::store::IdChange;
use countersign_sealing::Secret;

use super::form;
use crate::intake::{Desk, IBAN, VAT_ID, ubl};
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::facts;

const OTHER_VAT_ID: &str = "DE136695976";

async fn manager(desk: &Desk) -> Somebody {
    desk.world.somebody("Vera", &[Role::VendorManager]).await
}

async fn vendor(desk: &Desk, by: &Somebody, vat_id: Option<&str>, legal_id: &str) -> VendorId {
    let set = |id: &str| IdChange::Set(Secret::new(id.to_owned()));
    let ids = IdChanges {
        vat_id: vat_id.map_or(IdChange::Keep, set),
        legal_id: set(legal_id),
    };
    create_vendor(desk.app(), &by.access().await, facts("Nordwind GmbH"), ids)
        .await
        .expect("a vendor")
}

/// A document with a registration number and a trading name beside what it has already.
fn with(bytes: &[u8], legal_id: &str, trading_name: &str) -> Vec<u8> {
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let party = format!(
        "<cac:Party><cac:PartyName><cbc:Name>{trading_name}</cbc:Name></cac:PartyName><cac:PostalAddress>"
    );
    let text = text.replacen("<cac:Party><cac:PostalAddress>", &party, 1);
    let registered = format!(
        "</cbc:RegistrationName><cbc:CompanyID>{legal_id}</cbc:CompanyID></cac:PartyLegalEntity>"
    );
    text.replacen(
        "</cbc:RegistrationName></cac:PartyLegalEntity>",
        &registered,
        1,
    )
    .into_bytes()
}

async fn held(desk: &Desk, bill: BillId, kind: HoldKind) -> Option<Hold> {
    let stored = desk.stored(bill).await;
    stored
        .holds
        .into_iter()
        .find(|hold| hold.is_open() && hold.kind == kind)
}

#[test]
fn another_companys_name_under_the_vendors_vat_id_is_held_until_a_person_says_why() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let by = manager(&desk).await;
        let nordwind = vendor(&desk, &by, Some(VAT_ID), "HRB 1").await;
        let bytes = ubl("A-1", "Südwind AG", "119.00", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        assert_eq!(desk.stored(bill).await.bill.vendor_id, Some(nordwind));
        let hold = held(&desk, bill, HoldKind::VendorNameDiffers).await;
        let hold = hold.expect("held");
        assert_eq!(hold.detail, "Südwind AG ≠ Nordwind GmbH");

        // Typing the vendor's name over it frees nothing.
        let who = desk.clerk.access().await;
        let correction = Correction {
            form: TypedForm {
                vendor_name: "Nordwind".into(),
                ..form()
            },
            vendor_vat_id: Secret::new(String::new()),
            account: Secret::new(String::new()),
        };
        let version = correct(desk.app(), &who, (bill, 1), correction)
            .await
            .expect("typed");
        let still = held(&desk, bill, HoldKind::VendorNameDiffers).await;
        assert_eq!(still.expect("still held").id, hold.id);

        let why = "They were renamed, see the register";
        release_hold(desk.app(), &who, (bill, version), hold.id, why)
            .await
            .expect("released");
        assert!(
            held(&desk, bill, HoldKind::VendorNameDiffers)
                .await
                .is_none()
        );
    });
}

#[test]
fn spellings_trading_names_and_other_names_are_the_vendors() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let by = manager(&desk).await;
        let nordwind = vendor(&desk, &by, Some(VAT_ID), "HRB 1").await;
        let send = async |number: &str, name: &str, trading_name: &str| {
            let bytes = ubl(number, name, "119.00", IBAN, VAT_ID);
            let bytes = match trading_name {
                "" => bytes,
                trading_name => with(&bytes, "HRB 1", trading_name),
            };
            let name = format!("{number}.xml");
            let taken = desk.send(&name, &bytes).await.expect("taken");
            taken.bill
        };
        let spelt = send("A-1", "NORDWIND G.m.b.H.", "").await;
        let trades = send("A-2", "Hansen Holding KG", "Nordwind").await;
        let other = send("A-3", "Hansen Packaging", "").await;
        let kind = HoldKind::VendorNameDiffers;
        for (bill, is_held) in [(spelt, false), (trades, false), (other, true)] {
            assert_eq!(held(&desk, bill, kind).await.is_some(), is_held);
        }

        // Whoever keeps the vendor says that it is one company; its open bills follow.
        let who = by.access().await;
        let mut known = facts("Nordwind GmbH");
        known.other_names = " \nHansen  packaging Ltd \n".into();
        let version = find_vendor(desk.app(), &who, nordwind)
            .await
            .expect("there")
            .version;
        edit_vendor(
            desk.app(),
            &who,
            nordwind,
            version,
            known,
            IdChanges::default(),
        )
        .await
        .expect("kept");
        assert!(held(&desk, other, kind).await.is_none());
        let row = find_vendor(desk.app(), &who, nordwind)
            .await
            .expect("there");
        assert_eq!(row.other_names.as_deref(), Some("Hansen  packaging Ltd"));

        // And where the vendor takes another name, they are held again.
        let renamed = edit_vendor(
            desk.app(),
            &who,
            nordwind,
            row.version,
            facts("Thief Ltd"),
            IdChanges::default(),
        );
        renamed.await.expect("kept");
        for bill in [spelt, trades, other] {
            assert!(held(&desk, bill, kind).await.is_some());
        }
    });
}

#[test]
fn a_vendor_found_by_its_name_alone_is_held_where_its_numbers_are_others() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let by = manager(&desk).await;
        let nordwind = vendor(&desk, &by, None, "HRB 1").await;
        let kind = HoldKind::VendorIdDiffers;
        let mut bills = Vec::new();
        for (number, legal_id) in [("A-1", "HRB 2"), ("A-2", "hrb1")] {
            let bytes = ubl(number, "Nordwind GmbH", "119.00", IBAN, VAT_ID);
            let bytes = with(&bytes, legal_id, "Nordwind");
            let name = format!("{number}.xml");
            let bill = desk.send(&name, &bytes).await.expect("taken").bill;
            assert_eq!(desk.stored(bill).await.bill.vendor_id, Some(nordwind));
            bills.push(bill);
        }
        let hold = held(&desk, bills[0], kind).await.expect("another number");
        assert!(hold.detail.starts_with("BT-30 "), "{}", hold.detail);
        assert!(
            held(&desk, bills[1], kind).await.is_none(),
            "the same number"
        );

        // The vendor turns out to have another VAT id than the documents give.
        let who = by.access().await;
        let ids = IdChanges {
            vat_id: IdChange::Set(Secret::new(OTHER_VAT_ID.to_owned())),
            legal_id: IdChange::Keep,
        };
        edit_vendor(desk.app(), &who, nordwind, 1, facts("Nordwind GmbH"), ids)
            .await
            .expect("kept");
        for bill in &bills {
            let hold = held(&desk, *bill, kind).await.expect("another VAT id");
            assert_eq!(hold.detail, "BT-31 DE•• 2044 ≠ DE•• 5976");
        }
        // With the documents' own it is free: nothing else held it.
        let ids = IdChanges {
            vat_id: IdChange::Set(Secret::new(VAT_ID.to_owned())),
            legal_id: IdChange::Keep,
        };
        edit_vendor(desk.app(), &who, nordwind, 2, facts("Nordwind GmbH"), ids)
            .await
            .expect("kept");
        for bill in bills {
            assert!(held(&desk, bill, kind).await.is_none());
        }
    });
}
