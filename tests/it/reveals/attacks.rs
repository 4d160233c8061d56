//! Each way to see more than one may.

use countersign::assurance::keys::reveals::actions::{
    RevealError, Wanted, ask, ask_for_later, decide, open, withdraw,
};
use countersign::assurance::keys::reveals::rules::{APPROVED_US, COUNTED_US, OPEN_US};
use countersign::assurance::keys::reveals::{Purpose, Revealable};
use countersign::identity::access::{Denied, FRESH_US, Role};
use countersign::identity::delegations::{NewDelegation, delegate};
use countersign::identity::humans::join;
use countersign::identity::powers::Verdict;
use jiff::tz::TimeZone;

use super::{Office, fact, iban_of, named, shown, texts, waits, wanted};
use crate::support::stores::on_both;
use crate::vendors::{IBAN, OTHER_IBAN};

#[test]
fn one_value_is_shown_to_one_human_and_the_journal_says_what_for() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let seen = shown(office.ask(&office.rita, &[iban_of(office.account)]).await);
        assert_eq!(texts(&seen), [IBAN]);
        let told = office.told("secret.revealed").await;
        assert_eq!(told.len(), 1);
        assert_eq!(told[0].actor, Some(office.rita.person));
        assert_eq!(fact(&told[0], "purpose"), "bank");
        assert_eq!(fact(&told[0], "reason"), super::REASON);
        assert_eq!(fact(&told[0], "count"), "1");
        assert_eq!(fact(&told[0], "set").len(), 64);
        let entry = serde_json::to_string(&told[0]).expect("JSON");
        assert!(!entry.contains(IBAN) && !entry.contains("3000"), "{entry}");
    });
}

#[test]
fn nothing_is_shown_without_a_purpose_a_reason_and_the_permission() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (app, rita) = (&office.world().app, office.rita.access().await);
        let value = [iban_of(office.account)];
        let without = Wanted {
            purpose: None,
            ..wanted(&value)
        };
        let refused = ask(app, &rita, without).await;
        assert!(matches!(refused, Err(RevealError::Purpose)), "{refused:?}");
        for reason in ["", " why ", &"x".repeat(501)] {
            let without = Wanted {
                reason: reason.to_owned(),
                ..wanted(&value)
            };
            let refused = ask(app, &rita, without).await;
            assert!(matches!(refused, Err(RevealError::Reason)), "{refused:?}");
        }
        let refused = office.ask(&office.rita, &[]).await;
        assert!(matches!(refused, Err(RevealError::Count)), "{refused:?}");
        // Whoever verifies accounts sees them masked, and so do those who enter, pay and audit.
        let roles = [
            Role::VendorManager,
            Role::Payer,
            Role::Auditor,
            Role::Clerk,
            Role::Approver,
        ];
        let eve = office.world().somebody("Eve", &roles).await;
        let refused = office.ask(&eve, &value).await;
        assert!(
            matches!(refused, Err(RevealError::Denied(Denied::Lacks(_)))),
            "{refused:?}"
        );
        assert!(office.told("secret.revealed").await.is_empty());
        shown(office.ask(&office.rita, &value).await);
    });
}

#[test]
fn a_factor_of_long_ago_shows_approves_and_opens_nothing() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (app, id) = (&office.world().app, office.both().await);
        t.clock.advance(FRESH_US);
        let (rita, sven) = (office.rita.as_shown().await, office.sven.as_shown().await);
        let value = [iban_of(office.account)];
        let stale =
            |refused: &RevealError| matches!(refused, RevealError::Denied(Denied::NotFresh));
        let refused = office.ask_as(&rita, &value).await.expect_err("stale");
        assert!(stale(&refused), "{refused}");
        let refused = decide(app, &sven, id, Verdict::Confirm).await;
        assert!(stale(&refused.expect_err("stale")));
        // The guard taken away: the very same access, for which any factor counts.
        shown(
            office
                .ask_as(&rita.clone().fresh_for(i64::MAX), &value)
                .await,
        );
        let sven = sven.fresh_for(i64::MAX);
        decide(app, &sven, id, Verdict::Confirm)
            .await
            .expect("done");
        let refused = open(app, &rita, id).await.expect_err("stale");
        assert!(stale(&refused), "{refused}");
        open(app, &rita.fresh_for(i64::MAX), id)
            .await
            .expect("opens");
    });
}

#[test]
fn several_values_take_another_human_under_whatever_account() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let id = office.both().await;
        let world = office.world();
        let closed = office.open(&office.rita, id).await;
        assert!(matches!(closed, Err(RevealError::NotOpen)), "{closed:?}");
        let same = |refused: Result<(), RevealError>| {
            assert!(
                matches!(refused, Err(RevealError::SameHuman)),
                "{refused:?}"
            );
        };
        same(office.approve(&office.rita, id).await);
        let roles = [Role::SecurityOfficer];
        let again = world
            .somebody_as("Rita too", &roles, office.rita.human)
            .await;
        same(office.approve(&again, id).await);
        let twin = world.somebody("Rita's other name", &roles).await;
        let ada = world.somebody("Ada", &[Role::Administrator]).await;
        let both = (office.rita.person, twin.person);
        join(&world.app, &ada.access().await, both)
            .await
            .expect("joined");
        same(office.approve(&twin, id).await);
        // The twin in the test's sense: another human.
        office.approve(&office.sven, id).await.expect("approved");
        let seen = office.open(&office.rita, id).await.expect("opens");
        let mut seen = texts(&seen);
        seen.sort();
        assert_eq!(seen, [OTHER_IBAN, IBAN]);
        let told = office.told("secret.revealed").await;
        assert_eq!(fact(&told[0], "count"), "2");
        let sven = office.sven.person.to_string();
        assert_eq!(fact(&told[0], "approved-by"), sven);
    });
}

#[test]
fn two_who_are_found_to_be_one_human_after_the_approval_see_nothing() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (first, second) = (office.approved().await, office.approved().await);
        office.open(&office.rita, first).await.expect("two humans");
        let ada = office.world().somebody("Ada", &[Role::Administrator]).await;
        let both = (office.rita.person, office.sven.person);
        join(&office.world().app, &ada.access().await, both)
            .await
            .expect("joined");
        let refused = office.open(&office.rita, second).await;
        assert!(
            matches!(refused, Err(RevealError::SameHuman)),
            "{refused:?}"
        );
    });
}

#[test]
fn a_delegate_gets_nothing_of_it() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let world = office.world();
        let roles = [Role::Approver, Role::SecurityOfficer];
        let uma = world.somebody("Uma", &roles).await;
        let dora = world.somebody("Dora", &[Role::Coder]).await;
        let today = world.app.now().timestamp().to_zoned(TimeZone::UTC).date();
        let new = NewDelegation {
            delegate: dora.person,
            entity: None,
            from: today,
            until: today,
        };
        delegate(&world.app, &uma.access().await, new)
            .await
            .expect("delegated");
        assert_eq!(dora.access().await.mandates().len(), 1);
        let id = office.both().await;
        let denied =
            |refused: &RevealError| matches!(refused, RevealError::Denied(Denied::Lacks(_)));
        let refused = office.approve(&dora, id).await.expect_err("a delegate");
        assert!(denied(&refused), "{refused}");
        let refused = office.ask(&dora, &[iban_of(office.account)]).await;
        assert!(denied(&refused.expect_err("a delegate")));
        office.approve(&uma, id).await.expect("herself");
    });
}

#[test]
fn an_approval_opens_once_for_whoever_asked() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let id = office.approved().await;
        let roles = [Role::SecurityOfficer];
        let again = office
            .world()
            .somebody_as("Rita too", &roles, office.rita.human)
            .await;
        for other in [&office.sven, &again] {
            let refused = office.open(other, id).await;
            assert!(matches!(refused, Err(RevealError::NotAsked)), "{refused:?}");
        }
        office.open(&office.rita, id).await.expect("once");
        let refused = office.open(&office.rita, id).await;
        assert!(matches!(refused, Err(RevealError::NotOpen)), "{refused:?}");
        assert_eq!(office.told("secret.revealed").await.len(), 1);
    });
}

#[test]
fn a_request_and_its_approval_expire() {
    for (late_us, is_late) in [(-1, false), (0, true)] {
        on_both(move |t| async move {
            let office = Office::new(&t).await;
            let id = office.both().await;
            t.clock.advance(OPEN_US + late_us);
            // She signs in anew: no session lives that long.
            let roles = [Role::SecurityOfficer];
            let world = office.world();
            let sven = world.somebody_as("Sven", &roles, office.sven.human).await;
            let done = office.approve(&sven, id).await;
            assert_eq!(matches!(done, Err(RevealError::Late)), is_late, "{done:?}");
        });
        on_both(move |t| async move {
            let office = Office::new(&t).await;
            let id = office.approved().await;
            // A session that nobody uses for so long ends.
            for _ in 0..5 {
                t.clock.advance(APPROVED_US / 6);
                office.rita.access().await;
            }
            t.clock.advance(APPROVED_US / 6 + late_us);
            let done = office.open(&office.rita, id).await;
            assert_eq!(matches!(done, Err(RevealError::Late)), is_late, "{done:?}");
        });
    }
}

#[test]
fn what_was_refused_or_withdrawn_opens_nothing() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let app = &office.world().app;
        let refused = office.both().await;
        let sven = office.sven.access().await;
        decide(app, &sven, refused, Verdict::Refuse)
            .await
            .expect("refused");
        let withdrawn = office.approved().await;
        let by_another = withdraw(app, &sven, withdrawn).await;
        assert!(
            matches!(by_another, Err(RevealError::NotAsked)),
            "{by_another:?}"
        );
        withdraw(app, &office.rita.access().await, withdrawn)
            .await
            .expect("withdrawn");
        for id in [refused, withdrawn] {
            let closed = office.open(&office.rita, id).await;
            assert!(matches!(closed, Err(RevealError::NotOpen)), "{closed:?}");
            let closed = office.approve(&office.sven, id).await;
            assert!(matches!(closed, Err(RevealError::NotOpen)), "{closed:?}");
        }
        for action in ["reveal.refused", "reveal.withdrawn", "reveal.approved"] {
            assert_eq!(office.told(action).await.len(), 1, "{action}");
        }
        assert_eq!(office.told("reveal.asked").await.len(), 2);
    });
}

#[test]
fn where_the_policy_says_so_every_value_takes_two() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let value = [iban_of(office.account)];
        shown(office.ask(&office.rita, &value).await);
        office.set_per_hour(0).await;
        let id = waits(office.ask(&office.rita, &value).await);
        office.approve(&office.sven, id).await.expect("approved");
        let seen = office.open(&office.rita, id).await.expect("opens");
        assert_eq!(texts(&seen), [IBAN]);
    });
}

#[test]
fn single_values_do_not_make_up_a_batch() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        office.set_per_hour(2).await;
        let roles = [Role::SecurityOfficer];
        let world = office.world();
        let again = world
            .somebody_as("Rita too", &roles, office.rita.human)
            .await;
        shown(office.ask(&office.rita, &[iban_of(office.account)]).await);
        shown(office.ask(&again, &[iban_of(office.other)]).await);
        for account in [&office.rita, &again] {
            waits(office.ask(account, &[iban_of(office.account)]).await);
        }
        // The twins: another human, and the hour after.
        shown(office.ask(&office.sven, &[iban_of(office.account)]).await);
        t.clock.advance(COUNTED_US);
        let rita = world.somebody_as("Rita", &roles, office.rita.human).await;
        shown(office.ask(&rita, &[iban_of(office.account)]).await);
    });
}

#[test]
fn where_nobody_else_could_approve_nothing_waits() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let beside = office.world().beside().await;
        let alone = beside.somebody("Rita", &[Role::SecurityOfficer]).await;
        let wanted = Wanted {
            values: Vec::new(),
            vendors: vec![office.vendor.to_string().parse().expect("an id")],
            purpose: Some(Purpose::Audit),
            reason: super::REASON.to_owned(),
        };
        // Another organisation's vendor has no accounts here, and its account is not there.
        let refused = ask(&beside.app, &alone.access().await, wanted).await;
        assert!(matches!(refused, Err(RevealError::Count)), "{refused:?}");
        let value = [iban_of(office.account)];
        let refused = office.ask(&alone, &value).await;
        assert!(matches!(refused, Err(RevealError::Missing)), "{refused:?}");
        shown(office.ask(&office.rita, &value).await);
        let id = office.both().await;
        let refused = office.approve(&alone, id).await;
        assert!(matches!(refused, Err(RevealError::Missing)), "{refused:?}");
        // Whoever is the only one has nobody to ask.
        let house = crate::payments::house::House::at(crate::vendors::Office::at(beside).await);
        let house = house.await;
        let (_, account) = house.office.payable_vendor("Südwind", IBAN).await;
        let two = wanted_two(account, house.account);
        let refused = ask(&house.world().app, &alone.access().await, two.clone()).await;
        assert!(
            matches!(refused, Err(RevealError::NobodyApproves)),
            "{refused:?}"
        );
        house
            .world()
            .somebody("Sven", &[Role::SecurityOfficer])
            .await;
        waits(ask(&house.world().app, &alone.access().await, two).await);
    });
}

fn wanted_two(account: impl ToString, own: impl ToString) -> Wanted {
    wanted(&[
        named(Revealable::VendorIban, account),
        named(Revealable::EntityIban, own),
    ])
}

#[test]
fn a_role_in_one_legal_entity_reveals_nothing() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (world, entity) = (office.world(), office.house.entity);
        let roles = [Role::SecurityOfficer, Role::Administrator];
        let within = world.somebody_in("Ina", &roles, entity).await;
        let own = [named(Revealable::EntityIban, office.house.account)];
        let refused = office.ask(&within, &own).await;
        assert!(
            matches!(refused, Err(RevealError::Denied(Denied::Lacks(_)))),
            "{refused:?}"
        );
        shown(office.ask(&office.rita, &own).await);
    });
}

#[test]
fn asking_for_later_shows_nothing_even_of_one_value() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (app, rita) = (&office.world().app, office.rita.access().await);
        let id = ask_for_later(app, &rita, wanted(&[iban_of(office.account)]))
            .await
            .expect("it waits");
        assert!(office.told("secret.revealed").await.is_empty());
        office.approve(&office.sven, id).await.expect("approved");
        let seen = office.open(&office.rita, id).await.expect("opens");
        assert_eq!(texts(&seen), [IBAN]);
    });
}
