//! Who is stopped from deciding on another's behalf.

use countersign::identity::access::{Grant, Role};
use countersign::identity::delegations::{DelegationError, NewDelegation, delegate, end};
use countersign::identity::people::{set_roles, set_suspended};
use countersign::payables::approvals::actions::{ApprovalError, inbox};
use countersign::payables::approvals::rules::Duty;
use countersign::payables::payments::actions::PaymentError;
use countersign::platform::ids::PersonId;

use super::{Two, is_denied};
use crate::support::stores::on_both;

/// Ann entered the bill: she does not approve it on Cleo's behalf, whom nothing keeps from it.
#[test]
fn what_the_delegate_entered_she_does_not_approve_for_another() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (world, ann) = (two.house.world(), two.house.office.enters.human);
        let ann = world.somebody_as("Ann", &[Role::Coder], ann).await;
        two.delegate(two.cleo(), &ann).await;
        let refused = two.tries(&ann).await;
        assert!(
            matches!(refused, Err(ApprovalError::Duty(Duty::Entered))),
            "{refused:?}"
        );
        two.delegate(two.cleo(), &two.dora).await;
        two.tries(&two.dora).await.expect("she entered nothing");
    });
}

/// Ann entered the bill: nobody approves it on her behalf. Cleo's delegation to the same person is another matter.
#[test]
fn what_the_principal_entered_nobody_approves_for_her() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (world, ann) = (two.house.world(), two.house.office.enters.human);
        let ann = world.somebody_as("Ann", &[Role::Approver], ann).await;
        two.delegate(&ann, &two.dora).await;
        let refused = two.tries(&two.dora).await;
        assert!(
            matches!(refused, Err(ApprovalError::Duty(Duty::Entered))),
            "{refused:?}"
        );
        let access = two.dora.access().await;
        let waiting = inbox(&world.app, &access, None, 10).await.expect("hers");
        assert!(waiting.is_empty());
        two.delegate(two.cleo(), &two.dora).await;
        two.tries(&two.dora).await.expect("on Cleo's behalf");
    });
}

/// Dora decides for Cleo and, by a role of her own, for herself. What she delegated to Eve is her own right alone.
#[test]
fn a_delegation_goes_no_further() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (world, ada) = (two.house.world(), two.administrator().await);
        two.delegate(two.cleo(), &two.dora).await;
        let eve = world.somebody("Eve", &[Role::Coder]).await;
        let refused = two.delegate_in(&two.dora, &eve, None).await;
        assert!(
            matches!(refused, Err(DelegationError::Denied(_))),
            "{refused:?}"
        );
        let dan = world.somebody("Dan", &[Role::Coder, Role::Approver]).await;
        two.delegate(two.cleo(), &dan).await;
        two.delegate(&dan, &eve).await;
        assert!(eve.access().await.decides());
        set_roles(&world.app, &ada.access().await, dan.person, &[Role::Coder])
            .await
            .expect("taken");
        assert!(!eve.access().await.decides());
        assert!(is_denied(&two.tries(&eve).await));
    });
}

/// In Auckland, a day begins before it does in Greenwich.
/// She opened the page while the delegation stood, and sends it when it has been ended.
#[test]
fn a_delegation_that_is_ended_midway_gives_nothing_any_more() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let app = &two.house.world().app;
        let delegation = two.delegate(two.cleo(), &two.dora).await;
        let (before, eve) = (
            two.dora.access().await,
            two.house.world().somebody("Eve", &[Role::Coder]).await,
        );
        let by_eve = end(app, &eve.access().await, delegation).await;
        assert!(matches!(by_eve, Err(DelegationError::Missing)));
        end(app, &two.cleo().access().await, delegation)
            .await
            .expect("ended");
        assert!(before.decides());
        assert!(is_denied(&two.approves(&before).await));
        two.delegate(two.cleo(), &two.dora).await;
        two.tries(&two.dora).await.expect("another one stands");
    });
}

#[test]
fn a_delegation_ends_with_the_principals_own_right() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (app, ada) = (
            &two.house.world().app,
            two.administrator().await.access().await,
        );
        two.delegate(two.cleo(), &two.dora).await;
        let shown = two.dora.access().await;
        set_suspended(app, &ada, two.cleo().person, true)
            .await
            .expect("suspended");
        assert!(!two.dora.access().await.decides());
        assert!(is_denied(&two.approves(&shown).await));
    });
}

/// A delegate is another human, who can sign in and reads the bills.
#[test]
fn not_everybody_can_be_a_delegate() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let (world, ada) = (two.house.world(), two.administrator().await.access().await);
        let again = world
            .somebody_as("Cleo", &[Role::Coder], two.cleo().human)
            .await;
        let result = two.delegate_in(two.cleo(), &again, None).await;
        assert!(matches!(result, Err(DelegationError::SameHuman)));
        let nobody = world.somebody("Nell", &[]).await;
        let result = two.delegate_in(two.cleo(), &nobody, None).await;
        assert!(matches!(result, Err(DelegationError::CannotRead)));
        let gone = world.somebody("Gus", &[Role::Coder]).await;
        set_suspended(&world.app, &ada, gone.person, true)
            .await
            .expect("suspended");
        let result = two.delegate_in(two.cleo(), &gone, None).await;
        assert!(matches!(result, Err(DelegationError::NotActive)));
        let grants = [Grant::everywhere(Role::Coder)];
        let service = countersign::identity::services::create(&world.app, &ada, "Bot", &grants)
            .await
            .expect("made");
        let new = NewDelegation {
            delegate: service,
            entity: None,
            from: two.today(),
            until: two.today(),
        };
        let result = delegate(&world.app, &two.cleo().access().await, new).await;
        assert!(matches!(result, Err(DelegationError::NotActive)));
    });
}

/// A row that somebody wrote behind the program's back, and the same row as the program wrote it.
#[test]
fn a_delegation_that_was_altered_gives_nobody_anything() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        let eve = two.house.world().somebody("Eve", &[Role::Coder]).await;
        let delegation = two.delegate(two.cleo(), &two.dora).await;
        let alter = |person: PersonId| {
            format!("UPDATE delegations SET delegate_id = '{person}' WHERE id = '{delegation}'")
        };
        t.behind_the_back(&alter(eve.person)).await;
        // She is not locked out, and has nothing of it.
        assert!(!eve.access().await.decides());
        assert!(is_denied(&two.tries(&eve).await));
        t.behind_the_back(&alter(two.dora.person)).await;
        two.tries(&two.dora).await.expect("as it was written");
    });
}

/// The principal's duty is had: she does not countersign the payment of what was approved on her behalf.
#[test]
fn who_had_a_bill_approved_on_her_behalf_does_not_countersign_its_payment() {
    on_both(|t| async move {
        let two = Two::new(&t).await;
        two.delegate(two.cleo(), &two.dora).await;
        two.tries(&two.dora).await.expect("decided");
        let run = two.house.propose(&[two.bill]).await.expect("proposed");
        let world = two.house.world();
        for human in [two.cleo().human, two.dora.human] {
            let payer = world.somebody_as("Pia", &[Role::Payer], human).await;
            let refused = two.house.countersign(&payer, run).await;
            assert!(
                matches!(refused, Err(PaymentError::Duties(_))),
                "{refused:?}"
            );
        }
        let releases = &two.house.releases;
        two.house.countersign(releases, run).await.expect("another");
    });
}
