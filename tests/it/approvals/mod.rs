//! Approvals on both engines: who may decide, what a decision binds, and what an UPDATE behind the application's back
//! brings about (nothing).

mod attacks;
mod pages;
mod policy;
mod world;

use std::sync::Arc;

use countersign::payables::approvals::actions::{ApprovalError, set_policy_in};
use countersign::payables::approvals::rules::{Band, Duty, Verdict};
use countersign::payables::approvals::{NotApproved, Standing};
use countersign::payables::bills::rules::Processing;
use countersign::payables::bills::store as bills;
use countersign::payables::coding::CodingError;
use countersign::platform::scope::Scope;
use countersign::platform::store::Entry;
use countersign::platform::store::journal::verify;
use countersign_money::Currency;

use self::world::World;
use crate::support::counts;
use crate::support::stores::{START, on_both};

fn waiting(have: usize, needed: usize) -> Standing {
    Standing::Not(NotApproved::Waiting { have, needed })
}

#[test]
fn amounts_choose_how_many_approve() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let small = world.in_approval(100_000).await;
        assert_eq!(world.standing(small).await, waiting(0, 1));
        world
            .decide(world.cleo, small, Verdict::Approve)
            .await
            .expect("approved");
        assert!(
            matches!(world.standing(small).await, Standing::Approved { by, .. } if by == [world.cleo.human])
        );

        let large = world.in_approval(100_001).await;
        world
            .decide(world.cleo, large, Verdict::Approve)
            .await
            .expect("the first");
        assert_eq!(world.standing(large).await, waiting(1, 2));
        assert_eq!(world.find(large).await.processing, Processing::InApproval);
        let decided = world
            .decide(world.dora, large, Verdict::Approve)
            .await
            .expect("the second");
        assert_eq!(
            (decided.approvals, decided.processing),
            (2, Processing::Approved)
        );
        assert!(
            matches!(world.standing(large).await, Standing::Approved { by, .. } if by.len() == 2)
        );

        let foreign = world.bill(500, Currency::USD).await;
        world.code(foreign, "5000").await.expect("coded");
        world.submit(world.ben, foreign).await.expect("submitted");
        assert_eq!(
            world.standing(foreign).await,
            waiting(0, 2),
            "another currency"
        );

        let verified = verify(&t.store, Scope::of(world.organisation), START)
            .await
            .expect("it reads");
        assert_eq!(verified.bad, None);
    });
}

#[test]
fn whoever_entered_or_asked_does_not_approve_by_whatever_account() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let bill = world.in_approval(200_000).await;
        for (who, duty) in [
            (world.ann, Duty::Entered),
            (world.ann_again, Duty::Entered),
            (world.ben, Duty::Requested),
        ] {
            let tried = world.decide(who, bill, Verdict::Approve).await;
            assert!(
                matches!(tried, Err(ApprovalError::Duty(found)) if found == duty),
                "{tried:?}"
            );
        }
        world
            .decide(world.cleo, bill, Verdict::Approve)
            .await
            .expect("the first");
        let again = world.decide(world.cleo, bill, Verdict::Approve).await;
        assert!(
            matches!(again, Err(ApprovalError::Duty(Duty::Decided))),
            "{again:?}"
        );
        assert_eq!(world.standing(bill).await, waiting(1, 2));
    });
}

#[test]
fn a_decision_about_a_page_that_is_no_longer_true_is_refused() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let bill = world.in_approval(50_000).await;
        let seen = world.seen(bill).await;
        let other = world.in_approval(50_000).await;
        let foreign = world
            .decide_on(world.cleo, other, Verdict::Approve, seen)
            .await;
        assert!(
            matches!(foreign, Err(ApprovalError::Stale)),
            "another bill's page: {foreign:?}"
        );

        // Somebody changes the due date, and forgets to void.
        world
            .write(world.ann, move |tx| {
                let mut changed = bills::find(tx, bill)?;
                changed.due_date = changed.due_date.map(|date| date.tomorrow().expect("a day"));
                bills::update(tx, &changed)?;
                let entry = Entry::new("bill.edited", "bill", bill).version(changed.version + 1);
                Ok::<_, ApprovalError>(tx.commit(entry, ())?)
            })
            .await
            .expect("changed");
        let stale = world
            .decide_on(world.cleo, bill, Verdict::Approve, seen)
            .await;
        assert!(matches!(stale, Err(ApprovalError::Stale)), "{stale:?}");
        assert_eq!(
            world.standing(bill).await,
            Standing::Not(NotApproved::Changed)
        );
    });
}

#[test]
fn coding_after_approval_voids_it_and_a_new_round_is_asked() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let bill = world.approved(50_000).await;
        world.code(bill, "5100").await.expect("coded anew");
        assert_eq!(
            world.standing(bill).await,
            Standing::Not(NotApproved::Changed)
        );
        assert_eq!(world.find(bill).await.processing, Processing::Coding);
        // The same coding as before is no way back to the old approval.
        world.code(bill, "5000").await.expect("coded back");
        assert_eq!(
            world.standing(bill).await,
            Standing::Not(NotApproved::Changed)
        );
        world
            .submit(world.ben, bill)
            .await
            .expect("submitted again");
        assert_eq!(world.standing(bill).await, waiting(0, 1));
        world
            .decide(world.cleo, bill, Verdict::Approve)
            .await
            .expect("approved again");
        assert!(matches!(
            world.standing(bill).await,
            Standing::Approved { .. }
        ));
    });
}

#[test]
fn coding_what_is_coded_so_already_changes_nothing() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let bill = world.approved(50_000).await;
        let version = world.version(bill).await;
        assert_eq!(world.code(bill, "5000").await.expect("the same"), version);
        assert!(matches!(
            world.standing(bill).await,
            Standing::Approved { .. }
        ));
    });
}

#[test]
fn rejecting_and_sending_back_need_a_reason_and_close_the_request() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let bill = world.in_approval(50_000).await;
        let decided = world
            .decide(world.cleo, bill, Verdict::SendBack)
            .await
            .expect("sent back");
        assert_eq!(decided.processing, Processing::SentBack);
        assert_eq!(world.find(bill).await.processing_reason, "Wrong quantity.");
        assert_eq!(
            world.standing(bill).await,
            Standing::Not(NotApproved::Refused)
        );
        let late = world.decide(world.dora, bill, Verdict::Approve).await;
        assert!(matches!(late, Err(ApprovalError::NotOpen)), "{late:?}");
        world
            .submit(world.ben, bill)
            .await
            .expect("again as it was");
        world
            .decide(world.cleo, bill, Verdict::Reject)
            .await
            .expect("rejected");
        assert_eq!(world.find(bill).await.processing, Processing::Rejected);
        assert!(matches!(
            world.submit(world.ben, bill).await,
            Err(ApprovalError::NotNow(_))
        ));
        assert!(matches!(
            world.code(bill, "5100").await,
            Err(CodingError::NotNow(_))
        ));
    });
}

#[test]
fn what_is_not_coded_or_held_is_not_sent_to_approval() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let bill = world.bill(50_000, Currency::EUR).await;
        let early = world.submit(world.ben, bill).await;
        assert!(
            matches!(early, Err(ApprovalError::Uncoded(Some(1)))),
            "{early:?}"
        );
        assert!(matches!(
            world.code(bill, "9999").await,
            Err(CodingError::Parts(_))
        ));
        world.code(bill, "5000").await.expect("coded");
        t.behind_the_back(&format!(
            "UPDATE bills SET tax_minor = 1 WHERE id = '{bill}'"
        ))
        .await;
        let held = world.submit(world.ben, bill).await;
        assert!(matches!(held, Err(ApprovalError::Held(_))), "{held:?}");
    });
}

#[test]
fn a_new_policy_is_for_new_requests() {
    on_both(|t| async move {
        let world = World::new(&t).await;
        let before = world.in_approval(50_000).await;
        let keys = Arc::clone(&world.keys);
        let bands = vec![Band {
            up_to: None,
            approvals: 3,
        }];
        let version = world
            .write(world.ann, move |tx| set_policy_in(tx, &keys, 1, &bands))
            .await
            .expect("set");
        assert_eq!(version, 2);
        let after = world.in_approval(50_000).await;
        assert_eq!(world.standing(before).await, waiting(0, 1));
        assert_eq!(world.standing(after).await, waiting(0, 3));
    });
}

#[test]
fn of_approving_and_changing_at_the_same_time_one_wins() {
    on_both(|t| async move {
        let world = Arc::new(World::new(&t).await);
        for _ in 0..counts::of("races", 1, 20) {
            let bill = world.in_approval(50_000).await;
            let (seen, version) = (world.seen(bill).await, world.version(bill).await);
            let tries = (0..32).map(|n| {
                let world = Arc::clone(&world);
                tokio::spawn(async move {
                    if n % 2 == 0 {
                        let who = if n % 4 == 0 { world.cleo } else { world.dora };
                        world
                            .decide_on(who, bill, Verdict::Approve, seen)
                            .await
                            .is_ok()
                    } else {
                        world
                            .code_from(world.ben, bill, version, "5200")
                            .await
                            .is_ok()
                    }
                })
            });
            let tries: Vec<_> = tries.collect();
            let mut winners = 0;
            for attempt in tries {
                winners += usize::from(attempt.await.expect("no panic"));
            }
            assert_eq!(winners, 1);
            let approved = matches!(world.standing(bill).await, Standing::Approved { .. });
            let processing = world.find(bill).await.processing;
            let expected = if approved {
                Processing::Approved
            } else {
                Processing::Coding
            };
            assert_eq!(processing, expected);
        }
    });
}
