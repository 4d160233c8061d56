//! What somebody typed is not lost because somebody else was faster: it comes back with what changed, and can be sent again.

use countersign::identity::access::Role;
use countersign::payables::bills::actions::{Correction, correct};
use countersign::payables::bills::rules::Processing;
use countersign::payables::ids::BillId;
use countersign::payables::vendors::actions::{
    IdChanges, create_vendor, edit_vendor, enter_account,
};
use countersign_sealing::Secret;

use super::pages::{browser, read};
use crate::intake::{Desk, IBAN, VAT_ID, ubl};
use crate::support::app::{Answer, between};
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::{account, facts};

async fn taken(desk: &Desk) -> BillId {
    let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    desk.send("a.xml", &bytes).await.expect("taken").bill
}

/// Tina corrects the number of a bill in its first version.
async fn corrected(desk: &Desk, bill: BillId) {
    let tina = desk.world.somebody("Tina", &[Role::Clerk]).await;
    let mut form = super::form();
    form.number = "A-17".into();
    let correction = Correction {
        form,
        vendor_vat_id: Secret::new(String::new()),
        account: Secret::new(String::new()),
    };
    correct(desk.app(), &tina.access().await, (bill, 1), correction)
        .await
        .expect("corrected");
}

/// The answer is about the newest version, says who changed what, and holds what was typed.
fn check(answer: &Answer, typed: &str, changed: &str) {
    assert_eq!(answer.status, 409, "{}", answer.body);
    for shown in [typed, changed, "What changed in the meantime", "Tina"] {
        assert!(answer.body.contains(shown), "{shown}: {}", answer.body);
    }
    let version = between(&answer.body, "name=\"version\" value=\"", "\"");
    assert_eq!(version, Some("2"));
}

#[test]
fn coding_and_closing_keep_what_was_typed() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = taken(&desk).await;
        let coder = desk.world.somebody("Cora", &[Role::Coder]).await;
        let mut cora = browser(&desk.world, &coder);
        let coding = format!("/bills/{bill}/coding");
        read(&mut cora, &coding).await;
        let mut clara = browser(&desk.world, &desk.clerk);
        let cancel = format!("/bills/{bill}/cancel");
        read(&mut clara, &cancel).await;
        corrected(&desk, bill).await;

        let typed = [("l1p1-account", "6300 Rent"), ("l1p1-amount", "12.34")];
        let answer = cora.submit_all(&coding, &typed).await;
        check(&answer, "value=\"6300 Rent\"", "A-17");
        assert!(answer.body.contains("value=\"12.34\""));

        let answer = clara.submit_all(&cancel, &[("reason", "Not for us")]).await;
        check(&answer, ">Not for us</textarea>", "A-17");
        let again = clara.submit_all(&cancel, &[("reason", "Not for us")]).await;
        assert_eq!(again.status, 303, "{}", again.body);
        let stored = desk.stored(bill).await.bill;
        assert_eq!(stored.processing, Processing::Cancelled);
    });
}

#[test]
fn an_approvers_reason_is_shown_though_nothing_waits_for_her_any_more() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bill = taken(&desk).await;
        let approver = desk.world.somebody("Cleo", &[Role::Approver]).await;
        let mut cleo = browser(&desk.world, &approver);
        let address = format!("/approvals/{bill}");
        read(&mut cleo, &address).await;
        let digest = "0".repeat(64);
        let typed = [
            ("digest", digest.as_str()),
            ("decision", "reject"),
            ("comment", "The boxes were wet."),
        ];
        let answer = cleo.submit(&address, &typed).await;
        assert_eq!(answer.status, 409);
        for shown in [
            "The boxes were wet.",
            "This bill does not wait for a decision any more.",
        ] {
            assert!(answer.body.contains(shown), "{shown}: {}", answer.body);
        }
    });
}

async fn manager(desk: &Desk, name: &str) -> Somebody {
    desk.world.somebody(name, &[Role::VendorManager]).await
}

#[test]
fn a_vendors_forms_keep_what_was_typed() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let (tina, vera) = (manager(&desk, "Tina").await, manager(&desk, "Vera").await);
        let who = tina.access().await;
        let none = IdChanges::default;
        let vendor = create_vendor(desk.app(), &who, facts("Nordwind"), none())
            .await
            .expect("a vendor");
        let mut browser = browser(&desk.world, &vera);
        let edit = format!("/vendors/{vendor}/edit");
        read(&mut browser, &edit).await;
        let mut moved = facts("Nordwind");
        moved.street = "Quay".into();
        edit_vendor(desk.app(), &who, vendor, 1, moved, none())
            .await
            .expect("moved");
        let typed = [
            ("name", "Nordwind"),
            ("street", "Harbour Road"),
            ("town", "Hamburg"),
            ("country", "DE"),
            ("terms_days", "14"),
        ];
        let answer = browser.submit_all(&edit, &typed).await;
        check(&answer, "value=\"Harbour Road\"", "<ins>Quay</ins>");
        let again = browser.submit_all(&edit, &typed).await;
        assert_eq!(again.status, 303, "{}", again.body);

        // Another one blocked the vendor while an account was typed, and while one was verified.
        let entered = enter_account(desk.app(), &who, vendor, account(IBAN))
            .await
            .expect("entered");
        let verify = format!("/vendors/{vendor}/accounts/{}/verify", entered.account);
        let page = read(&mut browser, &verify).await;
        let digest = between(&page.body, "name=\"digest\" value=\"", "\"");
        let digest = digest.expect("a digest").to_owned();
        let accounts = format!("/vendors/{vendor}/accounts");
        read(&mut browser, &format!("{accounts}/new")).await;
        let csrf = browser.csrf();
        let block = [
            ("csrf", csrf.as_str()),
            ("version", "3"),
            ("to", "blocked"),
            ("reason", "Forged"),
        ];
        let blocked = browser
            .post(&format!("/vendors/{vendor}/status"), &block)
            .await;
        assert_eq!(blocked.status, 303, "{}", blocked.body);
        let call = [
            ("csrf", csrf.as_str()),
            ("digest", digest.as_str()),
            ("last_four", "3000"),
            ("spoke_with", "Mr Hansen"),
            ("number", "+49 40 5551200"),
            ("number_known_from", "the contract"),
            ("comment", "He read it out slowly."),
            ("decision", "verify"),
        ];
        let answer = browser.post(&verify, &call).await;
        assert_eq!(answer.status, 409, "{}", answer.body);
        for shown in [
            "takes no bank account",
            "Mr Hansen",
            "He read it out slowly.",
        ] {
            assert!(answer.body.contains(shown), "{shown}: {}", answer.body);
        }
        let account = [
            ("csrf", csrf.as_str()),
            ("holder", "Nordwind Packaging"),
            ("iban", IBAN),
            ("currency", "EUR"),
            ("source", "letter"),
            ("evidence", "Signed by the owner"),
        ];
        let answer = browser.post(&accounts, &account).await;
        assert_eq!(answer.status, 409, "{}", answer.body);
        for shown in [
            "takes no bank account",
            "Nordwind Packaging",
            "Signed by the owner",
            IBAN,
        ] {
            assert!(answer.body.contains(shown), "{shown}: {}", answer.body);
        }
    });
}
