//! What somebody tries who has the database but not the keys. Each attack has a twin in which the one guard that stops it
//! is taken away (the tag is made with the keys), so that it is known to be that guard.

use countersign::params;
use countersign::payables::approvals::actions::ApprovalError;
use countersign::payables::approvals::rules::Verdict;
use countersign::payables::approvals::store::{Decision, newest_request, tags};
use countersign::payables::approvals::{NotApproved, Standing};
use countersign::payables::ids::{BillId, DecisionId};
use countersign::platform::clock::Micros;
use countersign::platform::store::{Entry, Sql, StoreError};
use countersign_money::Currency;

use super::world::World;
use crate::support::stores::{START, id, on_both};

const INSERT: Sql = Sql::change(
    "approval_decisions",
    "INSERT INTO approval_decisions (org_id, id, request_id, bill_id, person_id, human_id, verdict, reason, digest, \
     decided_us, tag) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id",
);

async fn is_approved(world: &World, bill: BillId) -> bool {
    matches!(world.standing(bill).await, Standing::Approved { .. })
}

/// Cleo's approval as somebody would write it who is not Cleo, with the tag given.
async fn forge(world: &World, bill: BillId, tag: impl Fn(&Decision) -> Vec<u8> + Send + 'static) {
    let cleo = world.cleo;
    world
        .write::<_, StoreError, _>(world.ann, move |tx| {
            let request = newest_request(tx, bill)?.ok_or(StoreError::Missing)?;
            let mut decision = Decision {
                id: id::<DecisionId>(),
                request: request.id,
                bill,
                person: cleo.person,
                person_name: None,
                human: cleo.human,
                verdict: Verdict::Approve,
                reason: String::new(),
                digest: request.digest,
                decided: Micros(START.0),
                tag: Vec::new(),
                behalf: None,
                behalf_human: None,
                delegation: None,
                behalf_name: None,
            };
            decision.tag = tag(&decision);
            tx.change_one(
                &INSERT,
                params![
                    decision.id,
                    decision.request,
                    bill,
                    decision.person,
                    decision.human,
                    decision.verdict,
                    "",
                    decision.digest,
                    decision.decided,
                    decision.tag.as_slice()
                ],
            )?;
            tx.commit(Entry::new("test.forged", "test", bill), ())
        })
        .await
        .expect("written");
    let close = "UPDATE approval_requests SET status = 'approved', closed_us = 1";
    world
        .attack(&[
            format!("{close} WHERE bill_id = '{bill}'"),
            format!("UPDATE bills SET processing = 'approved' WHERE id = '{bill}'"),
        ])
        .await;
}

#[test]
fn a_forged_decision_approves_nothing() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let (bill, model) = (
            world.in_approval(50_000).await,
            world.approved(50_000).await,
        );
        forge(&world, bill, |_| vec![0; 32]).await;
        assert_eq!(
            world.standing(bill).await,
            Standing::Not(NotApproved::Tampered)
        );

        let stolen = world.in_approval(50_000).await;
        let request = world
            .read(move |read| newest_request(read, model))
            .await
            .expect("there");
        let tag = world
            .read(move |read| countersign::payables::approvals::store::decisions(read, request.id))
            .await[0]
            .tag
            .clone();
        forge(&world, stolen, move |_| tag.clone()).await;
        assert!(
            !is_approved(&world, stolen).await,
            "a real tag of another decision"
        );

        // Without the guard: whoever can make the tag makes the approval.
        let (twin, keys) = (
            world.in_approval(50_000).await,
            std::sync::Arc::clone(&world.keys),
        );
        forge(&world, twin, move |decision| {
            tags::decision(&keys, decision).to_vec()
        })
        .await;
        assert!(
            is_approved(&world, twin).await,
            "the tag alone stops the forgery"
        );
    });
}

#[test]
fn a_verdict_that_is_flipped_approves_nothing() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let bill = world.in_approval(50_000).await;
        world
            .decide(world.cleo, bill, Verdict::Reject)
            .await
            .expect("rejected");
        world
            .attack(&[
                format!(
                    "UPDATE approval_decisions SET verdict = 'approve' WHERE bill_id = '{bill}'"
                ),
                format!(
                    "UPDATE approval_requests SET status = 'approved' WHERE bill_id = '{bill}'"
                ),
                format!("UPDATE bills SET processing = 'approved' WHERE id = '{bill}'"),
            ])
            .await;
        assert_eq!(
            world.standing(bill).await,
            Standing::Not(NotApproved::Tampered)
        );
    });
}

#[test]
fn an_approval_does_not_move_to_another_bill() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let (approved, wanted) = (
            world.approved(50_000).await,
            world.in_approval(50_000).await,
        );
        let digest_of =
            |bill| format!("(SELECT digest FROM approval_requests WHERE bill_id = '{bill}')");
        let request_of =
            |bill| format!("(SELECT id FROM approval_requests WHERE bill_id = '{bill}')");
        world
            .attack(&[
                format!(
                    "UPDATE approval_decisions SET bill_id = '{wanted}', digest = {}, request_id = {} WHERE bill_id = '{approved}'",
                    digest_of(wanted),
                    request_of(wanted)
                ),
                format!("UPDATE approval_requests SET status = 'approved', closed_us = 1 WHERE bill_id = '{wanted}'"),
            ])
            .await;
        assert!(!is_approved(&world, wanted).await);
        assert!(!is_approved(&world, approved).await);
    });
}

#[test]
fn whatever_a_decision_binds_cannot_change_behind_it() {
    // Digests, swapped between two approved bills; then each thing that was seen.
    let attacks: &[&str] = &[
        "UPDATE bills SET payable_minor = 4999900 WHERE id = '{bill}'",
        "UPDATE bills SET gross_minor = 1 WHERE id = '{bill}'",
        "UPDATE bills SET due_date = '2026-01-03' WHERE id = '{bill}'",
        "UPDATE bills SET currency = 'USD' WHERE id = '{bill}'",
        "UPDATE bills SET number = 'X' WHERE id = '{bill}'",
        "UPDATE bills SET kind = 'credit-note' WHERE id = '{bill}'",
        "UPDATE bills SET payment_reference = 'X' WHERE id = '{bill}'",
        "UPDATE bills SET entered_human_id = NULL WHERE id = '{bill}'",
        "UPDATE bill_lines SET net_minor = 1 WHERE bill_id = '{bill}'",
        "UPDATE distributions SET gl_account = '6900' WHERE bill_id = '{bill}' AND removed_us IS NULL",
        "UPDATE distributions SET removed_us = 1 WHERE bill_id = '{bill}'",
        "UPDATE approval_requests SET approvals_needed = 0 WHERE bill_id = '{bill}'",
        "UPDATE approval_requests SET requested_human_id = (SELECT human_id FROM people WHERE name = 'dora') WHERE bill_id = '{bill}'",
        "UPDATE approval_requests SET requested_us = 1 WHERE bill_id = 'none'",
        "UPDATE approval_requests SET digest = (SELECT digest FROM approval_requests WHERE bill_id = '{other}') WHERE bill_id = '{bill}'",
        "UPDATE approval_decisions SET digest = (SELECT digest FROM approval_decisions WHERE bill_id = '{other}') WHERE bill_id = '{bill}'",
        "UPDATE approval_decisions SET human_id = (SELECT human_id FROM people WHERE name = 'dora') WHERE bill_id = '{bill}'",
        "UPDATE approval_decisions SET reason = 'fine' WHERE bill_id = '{bill}'",
        "DELETE FROM approval_decisions WHERE bill_id = '{bill}'",
    ];
    on_both(|t| async move {
        let world = World::new(&t).await;
        let other = world.approved(50_000).await;
        for attack in attacks {
            let bill = world.approved(50_000).await;
            let statement = attack
                .replace("{bill}", &bill.to_string())
                .replace("{other}", &other.to_string());
            world.attack(&[statement]).await;
            let harmless = attack.contains("'none'");
            assert_eq!(is_approved(&world, bill).await, harmless, "{attack}");
        }
    });
}

#[test]
fn the_policy_cannot_be_lowered_behind_the_application() {
    let lower = [
        // Fewer approvals in the stored bands.
        "UPDATE approval_policies SET bands = '[{\"up_to\":null,\"approvals\":1}]'",
        // The entity counts in another currency, whose limit the amount stays under.
        "UPDATE legal_entities SET currency = 'ISK'",
    ];
    on_both(|t| async move {
        for attack in lower {
            let world = World::new(&t).await;
            // One of two approvals is there.
            let bill = world.in_approval(200_000).await;
            world
                .decide(world.cleo, bill, Verdict::Approve)
                .await
                .expect("the first");
            world
                .attack(&[
                    attack.to_owned(),
                    "UPDATE approval_requests SET approvals_needed = 1, status = 'approved', closed_us = 1".to_owned(),
                    "UPDATE bills SET processing = 'approved'".to_owned(),
                ])
                .await;
            assert!(!is_approved(&world, bill).await, "{attack}");
            if attack.contains("bands") {
                let next = world.bill(200_000, Currency::EUR).await;
                world.code(next, "5000").await.expect("coded");
                let tried = world.submit(world.ben, next).await;
                assert!(
                    matches!(tried, Err(ApprovalError::Tampered)),
                    "no request goes by a forged policy: {tried:?}"
                );
            }
        }
    });
}

#[test]
fn a_voided_or_rejected_request_is_not_revived() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        // Two approvals are needed; one was given before somebody sent the bill back.
        let bill = world.in_approval(200_000).await;
        world
            .decide(world.cleo, bill, Verdict::Approve)
            .await
            .expect("the first");
        world
            .decide(world.dora, bill, Verdict::SendBack)
            .await
            .expect("sent back");
        world
            .attack(&[
                format!("DELETE FROM approval_decisions WHERE bill_id = '{bill}' AND verdict = 'send-back'"),
                format!("UPDATE approval_requests SET status = 'approved' WHERE bill_id = '{bill}'"),
            ])
            .await;
        assert_eq!(
            world.standing(bill).await,
            Standing::Not(NotApproved::Waiting { have: 1, needed: 2 })
        );
    });
}

/// Who entered a bill does not approve it. Sending it renews the code of its row, whoever wrote the row: what was changed
/// before must not become ours by that.
#[test]
fn a_bill_that_was_changed_before_it_is_sent_is_not_sent() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        for change in [
            "entered_human_id = NULL",
            "payment_reference = 'x'",
            "received_via = 'api'",
        ] {
            let bill = world.bill(10_000, Currency::EUR).await;
            world.code(bill, "5000").await.expect("coded");
            t.behind_the_back(&format!("UPDATE bills SET {change} WHERE id = '{bill}'"))
                .await;
            let refused = world.submit(world.ben, bill).await;
            assert!(
                matches!(
                    refused,
                    Err(ApprovalError::Store(StoreError::Forged {
                        table: "bills",
                        ..
                    }))
                ),
                "{change}: {refused:?}"
            );
        }
    });
}
