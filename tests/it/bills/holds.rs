//! Holds are a set: each kind once, each with who and why; computed ones follow the rows whatever their own rows say.

use countersign::identity::access::Role;
use countersign::payables::bills::actions::{self, BillError};
use countersign::payables::bills::holds::{self, HoldKind};
use countersign::payables::bills::store as bills;
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;

use crate::intake::{Desk, IBAN, VAT_ID, ubl};
use crate::support::stores::on_both;

#[test]
fn a_hold_by_hand_stands_once_until_it_is_released_with_a_reason() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.01", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        let who = desk.clerk.access().await;
        let before = desk.stored(bill).await.holds.len();
        actions::place_hold(desk.app(), &who, bill, "Wait for the goods")
            .await
            .expect("held");
        let again = actions::place_hold(desk.app(), &who, bill, "Me too").await;
        assert!(matches!(again, Err(BillError::AlreadyHeld)), "{again:?}");
        let holds = desk.stored(bill).await.holds;
        assert_eq!(holds.len(), before + 1, "a set beside the others");
        let find = |kind| {
            holds
                .iter()
                .find(|h| h.kind == kind)
                .expect("it is there")
                .id
        };
        let release =
            async |hold, why| actions::release_hold(desk.app(), &who, (bill, 1), hold, why).await;
        assert!(matches!(
            release(find(HoldKind::Manual), "").await,
            Err(BillError::NoReason)
        ));
        assert!(matches!(
            release(find(HoldKind::VendorNotActive), "I know them").await,
            Err(BillError::NotReleasable)
        ));
        release(find(HoldKind::Manual), "They came")
            .await
            .expect("released");
        assert!(matches!(
            release(find(HoldKind::Manual), "Twice").await,
            Err(BillError::NotOpen)
        ));
        let coder = desk
            .world
            .somebody("Cora", &[Role::Coder])
            .await
            .access()
            .await;
        let denied = actions::release_hold(
            desk.app(),
            &coder,
            (bill, 1),
            find(HoldKind::TotalsDiffer),
            "x",
        )
        .await;
        assert!(matches!(denied, Err(BillError::Denied(_))));
        let stored = desk.stored(bill).await;
        let manual = stored
            .holds
            .iter()
            .find(|h| h.kind == HoldKind::Manual)
            .expect("kept");
        assert_eq!(manual.release_reason.as_deref(), Some("They came"));
        assert!(
            stored.held(HoldKind::TotalsDiffer),
            "releasing one releases no other"
        );
    });
}

#[test]
fn what_a_person_let_pass_stays_so_until_its_figures_change() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.01", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        let who = desk.clerk.access().await;
        let differ = desk
            .stored(bill)
            .await
            .holds
            .iter()
            .find(|h| h.kind == HoldKind::TotalsDiffer)
            .expect("held")
            .id;
        actions::release_hold(desk.app(), &who, (bill, 1), differ, "A cent is a cent")
            .await
            .expect("released");
        assert!(
            !standing(&desk, bill)
                .await
                .contains(&HoldKind::TotalsDiffer)
        );
        t.behind_the_back("UPDATE bills SET gross_minor = 21900")
            .await;
        assert!(
            standing(&desk, bill)
                .await
                .contains(&HoldKind::TotalsDiffer),
            "other figures are another question"
        );
    });
}

#[test]
fn a_hold_that_is_released_behind_the_application_stands_all_the_same() {
    on_both(|t| async move {
        let desk = Desk::new(&t).await;
        let bytes = ubl("A-1", "Nordwind GmbH", "119.01", IBAN, VAT_ID);
        let bill = desk.send("a.xml", &bytes).await.expect("taken").bill;
        t.behind_the_back("UPDATE holds SET released_us = 1, release_reason = ''")
            .await;
        t.behind_the_back("UPDATE bills SET processing = 'approved'")
            .await;
        let standing = standing(&desk, bill).await;
        for kind in [HoldKind::TotalsDiffer, HoldKind::VendorNotActive] {
            assert!(
                standing.contains(&kind),
                "{kind}: computed from the rows, not believed"
            );
        }
        let reasons = desk
            .app()
            .store
            .read::<_, StoreError, _>(Scope::of(desk.world.organisation), move |read| {
                holds::not_payable(read, bill)
            })
            .await
            .expect("read");
        assert!(!reasons.is_empty());
    });
}

async fn standing(desk: &Desk, bill: countersign::payables::ids::BillId) -> Vec<HoldKind> {
    desk.app()
        .store
        .read::<_, StoreError, _>(Scope::of(desk.world.organisation), move |read| {
            let bill = bills::find(read, bill)?;
            Ok(holds::standing(read, &bill)?
                .into_iter()
                .map(|hold| hold.kind)
                .collect())
        })
        .await
        .expect("read")
}
