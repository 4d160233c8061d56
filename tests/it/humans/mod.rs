//! Two accounts of one human. Each attack is a second account of somebody's; beside each stands its twin, in which nobody has said that
//! the two are one.

mod administrators;

use axum::extract::FromRequestParts as _;
use axum::http::{Request, header};
use countersign::identity::access::{Access, Permission, Role};
use countersign::identity::delegations::{DelegationError, NewDelegation, delegate};
use countersign::identity::humans::{HumanJoinId, decide_split, join, propose_split};
use countersign::identity::powers::Verdict as Says;
use countersign::identity::tokens::{self, Bearer};
use countersign::params;
use countersign::payables::approvals::ApprovalError;
use countersign::payables::approvals::actions::{NewDecision, Who, decide_in, inbox};
use countersign::payables::approvals::rules::{Duty, Verdict};
use countersign::payables::approvals::store::newest_request;
use countersign::payables::bills::rules::BillKind;
use countersign::payables::home;
use countersign::payables::home::rules::QueueKind;
use countersign::payables::ids::BillId;
use countersign::payables::payments::actions::PaymentError;
use countersign::payables::vendors::{VendorError, WhyNotPayable};
use countersign::platform::store::{Entry, Sql, StoreError};

use crate::payments::house::House;
use crate::support::stores::on_both;
use crate::support::world::{Somebody, World};
use crate::vendors::IBAN;

const END: Sql = Sql::change(
    "human_joins",
    "UPDATE human_joins SET ended_us = joined_us, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);

/// Somebody who administers says that two are one.
async fn joined(world: &World, one: &Somebody, other: &Somebody) -> HumanJoinId {
    let ada = world.somebody("Ada", &[Role::Administrator]).await;
    let both = (one.person, other.person);
    join(&world.app, &ada.access().await, both)
        .await
        .expect("one is enough")
}

async fn approve(house: &House, bill: BillId, by: &Somebody) -> Result<(), ApprovalError> {
    approve_as(house, bill, by, &by.access().await).await
}

/// What a token of hers lets her do.
async fn by_token(world: &World, of: &Somebody) -> Access {
    let decide = [Permission::BillsRead, Permission::BillsDecide];
    let access = of.access().await;
    let token = tokens::create(&world.app, &access, "desk", &decide, 7)
        .await
        .expect("a token");
    let (mut parts, ()) = Request::post("/api/v1/bills")
        .header(header::AUTHORIZATION, format!("Bearer {}", *token.expose()))
        .body(())
        .expect("a request")
        .into_parts();
    let bearer = Bearer::from_request_parts(&mut parts, &world.app).await;
    bearer.expect("it stands").access
}

async fn approve_as(
    house: &House,
    bill: BillId,
    by: &Somebody,
    access: &Access,
) -> Result<(), ApprovalError> {
    let keys = house.world().keys().await;
    let who = Who::from(access);
    let mut caller = house.world().caller();
    caller.actor.person = Some(by.person);
    let store = &house.world().app.store;
    let decided = store.write(caller, move |tx| {
        let seen = newest_request(tx, bill)?.expect("a request").digest;
        let new = NewDecision {
            bill,
            verdict: Verdict::Approve,
            reason: String::new(),
            seen,
        };
        decide_in(tx, &keys, who, &new)
    });
    decided.await.map(drop)
}

/// A bill that Ann entered and that waits for its approver.
async fn sent(house: &House) -> BillId {
    let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
    let bill = house.captured(vendor, 10_000, BillKind::Standard, "").await;
    house.send(bill).await;
    bill
}

#[test]
fn whoever_entered_by_one_account_approves_by_none() {
    on_both(|t| async move {
        for is_joined in [true, false] {
            let house = House::new(&t).await;
            let bill = sent(&house).await;
            let cleo = &house.approves;
            if is_joined {
                joined(house.world(), &house.office.enters, cleo).await;
            }
            let access = cleo.access().await;
            let app = &house.world().app;
            let listed = inbox(app, &access, None, 10).await.expect("listed");
            assert_eq!(listed.is_empty(), is_joined);
            let queues = home::actions::waiting(app, &access).await.expect("listed");
            let waits = queues.iter().any(|(kind, _)| *kind == QueueKind::Approve);
            assert_ne!(waits, is_joined);
            let done = approve(&house, bill, cleo).await;
            let refused = matches!(done, Err(ApprovalError::Duty(Duty::Entered)));
            assert_eq!(refused, is_joined, "{done:?}");
            assert_eq!(done.is_ok(), !is_joined, "{done:?}");
        }
    });
}

/// A token that was made before anybody knew is her human's from then on.
#[test]
fn whoever_entered_by_one_account_approves_by_no_token_of_the_other() {
    on_both(|t| async move {
        for is_joined in [true, false] {
            let house = House::new(&t).await;
            let bill = sent(&house).await;
            let cleo = &house.approves;
            let token = by_token(house.world(), cleo).await;
            if is_joined {
                joined(house.world(), &house.office.enters, cleo).await;
            }
            let done = approve_as(&house, bill, cleo, &token).await;
            let refused = matches!(done, Err(ApprovalError::Duty(Duty::Entered)));
            assert_eq!(refused, is_joined, "{done:?}");
            assert_eq!(done.is_ok(), !is_joined, "{done:?}");
        }
    });
}

#[test]
fn two_accounts_of_one_human_are_one_approval() {
    on_both(|t| async move {
        for is_joined in [true, false] {
            let house = House::new(&t).await;
            let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
            // An amount that takes two.
            let bill = house
                .captured(vendor, 2_000_000, BillKind::Standard, "")
                .await;
            house.send(bill).await;
            let other = house.world().somebody("Cleo B.", &[Role::Approver]).await;
            approve(&house, bill, &house.approves)
                .await
                .expect("the first");
            if is_joined {
                joined(house.world(), &house.approves, &other).await;
            }
            let second = approve(&house, bill, &other).await;
            let refused = matches!(second, Err(ApprovalError::Duty(Duty::Decided)));
            assert_eq!(refused, is_joined, "{second:?}");
        }
    });
}

/// What was done before it was known counts as well: an approval that was given stops counting, and a run with it is not signed.
#[test]
fn what_was_approved_before_the_join_pays_nothing_after_it() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 10_000).await;
        let run = house.propose(&[bill]).await.expect("proposed");
        let world = house.world();
        let id = joined(world, &house.office.enters, &house.approves).await;
        let signed = house.countersign(&house.releases, run).await;
        assert!(signed.is_err(), "{signed:?}");
        // The twin: it was a mistake, as two administrators say.
        dissolve(world, id).await;
        house
            .countersign(&house.releases, run)
            .await
            .expect("signed");
    });
}

async fn dissolve(world: &World, id: HumanJoinId) {
    let eve = world.somebody("Eve", &[Role::Administrator]).await;
    let flo = world.somebody("Flo", &[Role::Administrator]).await;
    let app = &world.app;
    propose_split(app, &eve.access().await, id)
        .await
        .expect("asked");
    decide_split(app, &flo.access().await, id, Says::Confirm)
        .await
        .expect("two");
}

#[test]
fn whoever_entered_an_account_verifies_it_by_no_other_account_of_hers() {
    on_both(|t| async move {
        for is_joined in [true, false] {
            let house = House::new(&t).await;
            let office = &house.office;
            let vendor = office.active_vendor("Nordwind").await;
            let account = office.enter(vendor, IBAN).await;
            if is_joined {
                joined(house.world(), &office.enters, &office.verifies).await;
            }
            let done = office
                .verify_as(&office.verifies, vendor, account, IBAN)
                .await;
            let refused = matches!(done, Err(VendorError::SameHuman));
            assert_eq!(refused, is_joined, "{done:?}");
            assert_eq!(done.is_ok(), !is_joined, "{done:?}");
        }
    });
}

#[test]
fn an_account_that_one_human_verified_is_not_paid_once_it_is_known() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let office = &house.office;
        let (vendor, _) = office.payable_vendor("Nordwind", IBAN).await;
        t.clock
            .advance(30 * countersign::platform::clock::Micros::DAY);
        let before = office.payable(vendor).await;
        assert!(before.is_ok(), "{before:?}");
        joined(house.world(), &office.enters, &office.verifies).await;
        let after = office.payable(vendor).await;
        assert!(matches!(after, Err(WhyNotPayable::Refused(_))), "{after:?}");
    });
}

#[test]
fn whoever_proposed_or_approved_countersigns_and_releases_by_no_other_account() {
    on_both(|t| async move {
        for (is_joined, by) in [(true, "proposes"), (true, "approves"), (false, "")] {
            let house = House::new(&t).await;
            let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
            let bill = house.bill(vendor, 10_000).await;
            let run = house.propose(&[bill]).await.expect("proposed");
            let first = match by {
                "proposes" => &house.proposes,
                _ => &house.approves,
            };
            if is_joined {
                joined(house.world(), first, &house.releases).await;
            }
            let done = house.countersign(&house.releases, run).await;
            let refused = match by {
                "proposes" => matches!(done, Err(PaymentError::SameHuman)),
                _ => matches!(done, Err(PaymentError::Duties(_))),
            };
            assert_eq!(refused, is_joined, "{by}: {done:?}");
            if is_joined {
                continue;
            }
            house.generate(run).await.expect("a file");
            let id = joined(house.world(), &house.approves, &house.releases).await;
            let released = house.release(run).await;
            assert!(released.is_err(), "{released:?}");
            dissolve(house.world(), id).await;
            house.release(run).await.expect("two humans after all");
        }
    });
}

#[test]
fn a_join_that_was_ended_in_the_database_stops_whoever_compares() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let bill = sent(&house).await;
        joined(house.world(), &house.office.enters, &house.approves).await;
        t.behind_the_back("UPDATE human_joins SET ended_us = joined_us")
            .await;
        let done = approve(&house, bill, &house.approves).await;
        let is_forged = matches!(
            done,
            Err(ApprovalError::Store(StoreError::Forged {
                table: "human_joins",
                ..
            }))
        );
        assert!(is_forged, "{done:?}");
    });
}

/// The guard taken away: the same change with the row's code renewed is believed.
#[test]
fn a_join_that_was_ended_by_whoever_can_make_the_rows_code_is_ended() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let bill = sent(&house).await;
        let world = house.world();
        let id = joined(world, &house.office.enters, &house.approves).await;
        let ended: Result<(), StoreError> = world
            .app
            .store
            .write(world.caller(), move |tx| {
                tx.change_one(&END, params![id])?;
                tx.commit(Entry::new("test.ended", "human-join", id).version(2), ())
            })
            .await;
        ended.expect("written");
        approve(&house, bill, &house.approves)
            .await
            .expect("it is believed");
    });
}

#[test]
fn nobody_delegates_to_another_account_of_hers() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let cora = world.somebody("Cora", &[Role::Coder]).await;
        let now = world.app.now().timestamp();
        let day = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let new = NewDelegation {
            delegate: cora.person,
            entity: None,
            from: day,
            until: day,
        };
        let access = house.approves.access().await;
        // The twin: before anybody knew, it was another human.
        delegate(&world.app, &access, new).await.expect("another");
        assert_eq!(cora.access().await.mandates().len(), 1);
        joined(world, &house.approves, &cora).await;
        let refused = delegate(&world.app, &access, new).await;
        assert!(
            matches!(refused, Err(DelegationError::SameHuman)),
            "{refused:?}"
        );
        assert!(cora.access().await.mandates().is_empty());
    });
}
