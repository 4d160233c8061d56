//! What a bank would refuse is left out when a run is proposed, with what is wrong, and what one transfer cannot name is
//! paid by several.

use countersign::identity::access::Role;
use countersign::payables::bills::rules::BillKind;
use countersign::payables::ids::{BillId, VendorId};
use countersign::payables::payments::actions::{PaymentError, view_proposal};
use countersign::payables::payments::rules::MAX_PAYMENTS;
use countersign::payables::payments::store::due;
use countersign::payables::vendors::actions::{IdChanges, edit_vendor, find_vendor};
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;
use countersign_bankfile::pain001::{Remittance, read};
use countersign_money::Currency;

use super::house::{DAY, House};
use crate::support::stores::on_both;
use crate::vendors::IBAN;

/// Why a bill is left out of a proposal, which must be what a proposal of it says.
async fn left_out(house: &House, bill: BillId) -> String {
    let who = house.proposes.access().await;
    let app = &house.world().app;
    let sight = view_proposal(app, &who, house.account, DAY)
        .await
        .expect("a proposal");
    assert!(sight.included.iter().all(|payable| payable.bill.id != bill));
    assert!(sight.left_out.iter().any(|left| left.bill.id == bill));
    match house.propose(&[bill]).await {
        Err(PaymentError::NotPayable(offending)) => offending[0].why.join("; "),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_a_bank_would_refuse_is_left_out_of_the_proposal() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        // 100 characters for people, 200 for the bank.
        let long = house
            .bill_of(vendor, 100, BillKind::Standard, &"ä".repeat(100))
            .await;
        let why = left_out(&house, long).await;
        assert!(
            why.contains("remittance") && why.contains("200 characters"),
            "{why}"
        );
        let foreign = house.bill_of(vendor, 100, BillKind::Standard, "合同").await;
        let why = left_out(&house, foreign).await;
        assert!(why.contains("letters A to Z"), "{why}");
        let rich = house.bill(vendor, 100_000_000_000).await;
        let second = house.world().somebody("Eve", &[Role::Approver]).await;
        house.approve_sent(rich, &second).await;
        let why = left_out(&house, rich).await;
        assert!(why.contains("at most"), "{why}");

        let who = house.office.enters.access().await;
        let app = &house.world().app;
        let row = find_vendor(app, &who, vendor).await.expect("there");
        let mut facts = row.facts();
        // 20 letters for people, 40 for the bank.
        facts.town = "ü".repeat(20);
        edit_vendor(app, &who, vendor, row.version, facts, IdChanges::default())
            .await
            .expect("kept as it is");
        let bill = house.bill(vendor, 100).await;
        let why = left_out(&house, bill).await;
        assert!(why.contains("creditor's town"), "{why}");
    });
}

/// Documents of one vendor with texts of 60 characters: two fit one transfer, three do not.
async fn wordy(house: &House, vendor: VendorId, minor: i64, text: char) -> BillId {
    let kind = if minor < 0 {
        BillKind::CreditNote
    } else {
        BillKind::Standard
    };
    let reference = text.to_string().repeat(60);
    house.bill_of(vendor, minor.abs(), kind, &reference).await
}

#[test]
fn no_transfer_names_a_document_that_does_not_exist() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let mut bills = Vec::new();
        for (minor, text) in [(100, 'a'), (300, 'b'), (-250, 'c'), (-90, 'd')] {
            bills.push(wordy(&house, vendor, minor, text).await);
        }
        let run = house.countersigned(&bills).await;
        house.generate(run).await.expect("a file");
        let sha256 = house.view(run).await.run.file_sha256.expect("a file");
        let keys = house.world().keys().await;
        let documents = &house.world().app.documents;
        let bytes = documents.get(&keys, sha256).await.expect("its bytes");
        let transfers = &read(&bytes).expect("it reads back").groups[0].transfers;
        let mut told: Vec<(i64, Vec<String>)> = transfers
            .iter()
            .map(|transfer| match &transfer.remittance {
                Some(Remittance::Unstructured(text)) => {
                    let mut texts: Vec<String> = text.split(", ").map(Into::into).collect();
                    texts.sort();
                    (transfer.amount.minor(), texts)
                }
                other => panic!("{other:?}"),
            })
            .collect();
        told.sort();
        let pair = |one: &str, other: &str| vec![one.repeat(60), other.repeat(60)];
        assert_eq!(told, [(10, pair("a", "d")), (50, pair("b", "c"))]);

        // A credit note that needs two bills cannot be told in one transfer.
        let (crowded, _) = house.office.payable_vendor("Port", IBAN).await;
        for (minor, text) in [(100, 'a'), (100, 'b')] {
            wordy(&house, crowded, minor, text).await;
        }
        let credit = wordy(&house, crowded, -150, 'c').await;
        let who = house.proposes.access().await;
        let sight = view_proposal(&house.world().app, &who, house.account, DAY)
            .await
            .expect("a proposal");
        assert_eq!(sight.included.len(), 2, "the bills are paid in full");
        assert_eq!(sight.left_out.len(), 1);
        assert_eq!(sight.left_out[0].bill.id, credit);
        assert!(!sight.has_more && sight.included.len() < MAX_PAYMENTS);
    });
}

/// What has no due date comes first on both engines, and bills in other currencies do not crowd the account's own out.
#[test]
fn what_is_due_has_one_order_and_one_currency() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let vendor = house.office.active_vendor("Nordwind").await;
        let mut bills = Vec::new();
        for _ in 0..3 {
            bills.push(house.captured(vendor, 100, BillKind::Standard, "").await);
        }
        let change = |set: &str, bill| format!("UPDATE bills SET {set} WHERE id = '{bill}'");
        t.behind_the_back(&change("due_date = NULL", bills[1]))
            .await;
        t.behind_the_back(&change("currency = 'USD'", bills[2]))
            .await;
        let entity = house.entity;
        let scope = Scope::of(house.world().organisation);
        let found = house
            .world()
            .app
            .store
            .read::<_, StoreError, _>(scope, move |read| {
                due(read, (entity, Currency::EUR), DAY, 10)
            })
            .await
            .expect("it reads");
        assert_eq!(found, [bills[1], bills[0]]);
    });
}
