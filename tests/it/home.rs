//! What waits for whom on the first page, and the warning before a run that nobody could countersign.

use countersign::identity::access::Role;
use std::sync::Arc;

use axum::Router;
use countersign::identity::people::set_suspended;
use countersign::payables::bills::rules::BillKind;
use countersign::payables::home;
use countersign::payables::home::actions::waiting;
use countersign::payables::home::rules::QueueKind;
use countersign::payables::payments::actions::{ProposalView, view_proposal};
use countersign::payables::payments::rules::duties::LeftToCountersign;

use crate::payments::house::{DAY, House};
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::Somebody;
use crate::vendors::IBAN;

/// Ids of what waits for somebody in a queue.
async fn queued(house: &House, who: &Somebody, kind: QueueKind) -> Vec<String> {
    let queues = waiting(&house.world().app, &who.access().await)
        .await
        .expect("the queues");
    queues
        .into_iter()
        .filter(|(of, _)| *of == kind)
        .flat_map(|(_, items)| items.into_iter().map(|item| item.id))
        .collect()
}

/// The first page as somebody sees it.
pub async fn page_of(house: &House, who: &Somebody) -> String {
    let router = Router::new()
        .merge(home::pages::routes())
        .with_state(Arc::clone(&house.world().app));
    let mut browser = Browser::new(router).with_cookie(&who.cookie);
    browser.get("/").await.body
}

async fn proposal(house: &House, who: &Somebody) -> ProposalView {
    view_proposal(&house.world().app, &who.access().await, house.account, DAY)
        .await
        .expect("a proposal")
}

#[test]
fn a_run_waits_for_those_who_may_countersign_it_and_for_nobody_else() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let run = house
            .propose(&[house.bill(vendor, 100).await])
            .await
            .expect("proposed");
        let payer = [Role::Payer];
        let enters = house.office.enters.human;
        let verifies = house.office.verifies.human;
        for (name, human, may) in [
            ("entered", enters, false),
            ("approved", house.approves.human, false),
            ("verified the account", verifies, false),
            ("proposed", house.proposes.human, false),
            ("nothing else", house.releases.human, true),
        ] {
            let who = world.somebody_as("Payer", &payer, human).await;
            let waits = queued(&house, &who, QueueKind::Countersign).await;
            assert_eq!(waits == [run.to_string()], may, "who {name}: {waits:?}");
            // The list says what the step does.
            let seen = house.seen(run).await;
            let app = &world.app;
            if !may {
                let step = countersign::payables::payments::actions::countersign_run;
                assert!(
                    step(app, &who.access().await, seen).await.is_err(),
                    "{name}"
                );
            }
        }
        house
            .countersign(&house.releases, run)
            .await
            .expect("countersigned");
        let entered = world.somebody_as("Payer", &payer, enters).await;
        assert!(
            queued(&house, &entered, QueueKind::Release)
                .await
                .is_empty()
        );
        let waits = queued(&house, &house.releases, QueueKind::Release).await;
        assert_eq!(waits, [run.to_string()]);
    });
}

#[test]
fn whoever_proposes_is_warned_where_nobody_is_left_to_countersign() {
    on_both(|t| async move {
        let house = House::of_three(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let number = house.find(bill).await.number;
        // Ann proposes, Dan is free.
        let view = proposal(&house, &house.proposes).await;
        assert_eq!(view.left, LeftToCountersign::Somebody);
        // Dan proposes: the only other payer is Ann, who entered the bill.
        let view = proposal(&house, &house.releases).await;
        assert_eq!(view.left, LeftToCountersign::NobodyFor(vec![number]));
        let admin = house.world().somebody("Ada", &[Role::Administrator]).await;
        let (app, access) = (&house.world().app, admin.access().await);
        set_suspended(app, &access, house.releases.person, true)
            .await
            .expect("suspended");
        let view = proposal(&house, &house.proposes).await;
        assert_eq!(view.left, LeftToCountersign::NobodyElse);
    });
}

#[test]
fn what_was_sent_back_is_a_group_of_its_own_and_credit_notes_are_told_apart() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let plain = house.captured(vendor, 100, BillKind::Standard, "").await;
        let credit = house.captured(vendor, 200, BillKind::CreditNote, "").await;
        let back = house.captured(vendor, 300, BillKind::Standard, "").await;
        let attack = format!(
            "UPDATE bills SET processing = 'sent-back', processing_reason = 'wrong cost centre' WHERE id = '{back}'"
        );
        world.tamper("bills", &attack).await;
        let clerk = world.somebody("Clara", &[Role::Clerk]).await;
        assert_eq!(
            queued(&house, &clerk, QueueKind::Mend).await,
            [back.to_string()]
        );
        let mut code = queued(&house, &clerk, QueueKind::Code).await;
        code.sort();
        let mut expected = [plain.to_string(), credit.to_string()];
        expected.sort();
        assert_eq!(code, expected);
        let approver = world.somebody("Anton", &[Role::Approver]).await;
        assert!(queued(&house, &approver, QueueKind::Mend).await.is_empty());

        let page = page_of(&house, &clerk).await;
        assert!(page.contains("bills sent back, to mend"), "{page}");
        assert!(page.contains("wrong cost centre"), "{page}");
        assert_eq!(page.matches("Credit note</span>").count(), 1, "{page}");
    });
}
