//! One human enters a bank account, another verifies it, and a change rests.

use axum::extract::FromRequestParts as _;
use axum::http::Request;
use countersign::identity::access::{Denied, FRESH_US, Permission, Role};
use countersign::identity::tokens::{self, Bearer};
use countersign::payables::vendors::actions::{
    enter_account, reject_account, verification_sight, verify_account,
};
use countersign::payables::vendors::rules::accounts::{
    AccountStatus, COOLING_OFF_CHANGE_US, Refusal,
};
use countersign::payables::vendors::{VendorError, WhyNotPayable, chosen_account_digest};
use countersign::platform::scope::Scope;
use countersign::platform::store::StoreError;
use countersign::platform::store::journal::Change;
use countersign::platform::store::journal::read::{Told, history_of};

use super::{IBAN, OTHER_IBAN, Office, account, call_back};
use crate::support::stores::on_both;

#[test]
fn nobody_verifies_what_she_entered_not_even_by_another_account_of_hers() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let vendor = office.active_vendor("Nordwind").await;
        let account = office.enter(vendor, IBAN).await;
        let second = office
            .world
            .somebody_as("Ann again", &[Role::VendorManager], office.enters.human)
            .await;
        for who in [&office.enters, &second] {
            let error = office
                .verify_as(who, vendor, account, IBAN)
                .await
                .expect_err("the same human");
            assert!(matches!(error, VendorError::SameHuman), "{error}");
        }
        office.payable(vendor).await.expect_err("not verified");
        office.verify(vendor, account, IBAN).await;
        let paid = office.payable(vendor).await.expect("verified by another");
        assert_eq!(paid.iban.expose(), IBAN);
        assert_ne!(paid.entered_human, paid.verified_human);
    });
}

#[test]
fn a_verification_binds_what_was_seen_and_heard() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let vendor = office.active_vendor("Nordwind").await;
        let id = office.enter(vendor, IBAN).await;
        let app = &office.world.app;
        let who = office.verifies.access().await;
        let sight = verification_sight(app, &who, vendor, id)
            .await
            .expect("a page");
        let at = (vendor, id);
        let mut silent = call_back(IBAN);
        silent.number = " ".into();
        let error = verify_account(app, &who, at, sight.digest, silent).await;
        assert!(matches!(error, Err(VendorError::Field("number"))));
        let misheard = call_back(OTHER_IBAN);
        let error = verify_account(app, &who, at, sight.digest, misheard).await;
        assert!(matches!(error, Err(VendorError::LastFour)));
        let error = verify_account(app, &who, at, [0; 32], call_back(IBAN)).await;
        assert!(matches!(error, Err(VendorError::Conflict)));
        office.verify(vendor, id, IBAN).await;
        let error = verify_account(app, &who, at, sight.digest, call_back(IBAN)).await;
        assert!(matches!(
            error,
            Err(VendorError::NotAwaiting(AccountStatus::Verified))
        ));
        let other = office.active_vendor("Other").await;
        let error = verification_sight(app, &who, other, id).await;
        assert!(matches!(error, Err(VendorError::Missing)));
    });
}

#[test]
fn a_change_of_account_rests_for_a_day_and_supersedes_the_old_one() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (vendor, _) = office.payable_vendor("Nordwind", IBAN).await;
        let keys = office.world.keys().await;
        let digest = async || {
            let (keys, scope) = (keys.clone(), Scope::of(office.world.organisation));
            office
                .world
                .app
                .store
                .read::<_, StoreError, _>(scope, move |read| {
                    chosen_account_digest(read, &keys, vendor)
                })
                .await
                .expect("it answers")
        };
        let before = office.payable(vendor).await.expect("the first account");
        assert_eq!(digest().await, Some(before.digest));
        let second = office.enter(vendor, OTHER_IBAN).await;
        let still = office.payable(vendor).await.expect("not verified yet");
        assert_eq!(still.account_id, before.account_id);
        let end = office.verify(vendor, second, OTHER_IBAN).await;
        assert_eq!(end.since(office.world.app.now()), COOLING_OFF_CHANGE_US);
        assert_ne!(
            digest().await,
            Some(before.digest),
            "decisions are void at once"
        );
        let why = office.payable(vendor).await.expect_err("it rests");
        assert!(
            matches!(why, WhyNotPayable::Refused(Refusal::CoolingOff { until }) if until == end),
            "{why}"
        );
        office.world.t.clock.advance(COOLING_OFF_CHANGE_US - 1);
        office
            .payable(vendor)
            .await
            .expect_err("a moment too early");
        office.world.t.clock.advance(1);
        let after = office.payable(vendor).await.expect("rested");
        assert_eq!(after.iban.expose(), OTHER_IBAN);
    });
}

#[test]
fn a_rejected_account_is_never_paid_again() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (vendor, id) = office.payable_vendor("Nordwind", IBAN).await;
        let who = office.verifies.access().await;
        reject_account(
            &office.world.app,
            &who,
            (vendor, id),
            "the vendor denies it",
        )
        .await
        .expect("rejected");
        let why = office.payable(vendor).await.expect_err("rejected");
        assert!(
            matches!(
                why,
                WhyNotPayable::Refused(Refusal::Closed(AccountStatus::Rejected))
            ),
            "{why}"
        );
        office
            .verify_as(&office.verifies, vendor, id, IBAN)
            .await
            .expect_err("it is closed");
    });
}

#[test]
fn a_second_vendor_with_an_iban_is_pointed_out() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (vendor, _) = office.payable_vendor("Nordwind", IBAN).await;
        let who = office.verifies.access().await;
        let app = &office.world.app;
        let other = office.active_vendor("Forger").await;
        let same = enter_account(app, &who, other, account(IBAN))
            .await
            .expect("entered")
            .same_iban;
        assert_eq!(same.len(), 1);
        assert_eq!(same[0].vendor, vendor);
    });
}

#[test]
fn an_iban_that_was_rejected_comes_back_with_who_when_and_why() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let app = &office.world.app;
        let vendor = office.active_vendor("Nordwind").await;
        let refused = office.enter(vendor, IBAN).await;
        let (ann, ben) = (office.enters.access().await, office.verifies.access().await);
        reject_account(app, &ben, (vendor, refused), "Nobody at Nordwind knows it.")
            .await
            .expect("rejected");

        // For the same vendor or another: it can be entered, and both who enter and who verify are told.
        let other = office.active_vendor("Forger").await;
        for vendor in [vendor, other] {
            let entered = enter_account(app, &ann, vendor, account(IBAN))
                .await
                .expect("entry stays possible");
            let [told] = entered.closed_before.as_slice() else {
                panic!("{:?}", entered.closed_before)
            };
            assert_eq!(told.account, refused);
            assert_eq!(told.status, AccountStatus::Rejected);
            assert_eq!(
                (told.person.as_str(), told.vendor_name.as_str()),
                ("Ben", "Nordwind")
            );
            assert_eq!(told.note, "Nobody at Nordwind knows it.");
            let sight = verification_sight(app, &ben, vendor, entered.account)
                .await
                .expect("a page");
            assert_eq!(sight.account.closed_before, entered.closed_before);
            office.verify(vendor, entered.account, IBAN).await;
            // That it was known stands in the journal, at the entry and at the verification.
            let warned = format!("rejected {refused}");
            let scope = Scope::of(office.world.organisation);
            let entries = app
                .store
                .read::<_, StoreError, _>(scope, move |read| {
                    history_of(read, "bank-account", entered.account, 10)
                })
                .await
                .expect("it reads");
            let told = |entry: &&Told| {
                let warned = |change: &&Change| change.after.as_deref() == Some(warned.as_str());
                entry.changes.iter().any(|change| warned(&change))
            };
            let mut actions: Vec<_> = entries.iter().filter(told).map(|e| &e.action).collect();
            actions.sort();
            assert_eq!(actions, ["bank-account.entered", "bank-account.verified"]);
        }

        // One that was replaced is told of as well, and another IBAN is not.
        let second = office.enter(vendor, OTHER_IBAN).await;
        office.verify(vendor, second, OTHER_IBAN).await;
        let third = office.active_vendor("Third").await;
        let entered = enter_account(app, &ann, third, account(IBAN))
            .await
            .expect("entered");
        let mut states: Vec<_> = entered.closed_before.iter().map(|c| c.status).collect();
        // Both are of one moment here.
        states.sort_by_key(|status| status.as_str());
        assert_eq!(states, [AccountStatus::Rejected, AccountStatus::Superseded]);
        let clean = enter_account(app, &ann, third, account(OTHER_IBAN))
            .await
            .expect("entered");
        assert!(clean.closed_before.is_empty());
    });
}

/// Her programs go on: a token shows no factor, and one was shown when it was made.
#[test]
fn an_account_is_entered_by_a_factor_of_a_moment_ago_or_by_a_token_for_it() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let vendor = office.active_vendor("Nordwind").await;
        let app = &office.world.app;
        let who = office.enters.access().await;
        let wanted = [Permission::BankAccountsEnter];
        let token = tokens::create(app, &who, "import", &wanted, 7).await;
        let token = token.expect("a token");
        t.clock.advance(FRESH_US - 1);
        let fresh = office.enters.as_shown().await;
        enter_account(app, &fresh, vendor, account(IBAN))
            .await
            .expect("a moment ago");
        t.clock.advance(1);
        let stale = office.enters.as_shown().await;
        let refused = enter_account(app, &stale, vendor, account(IBAN)).await;
        let is_asked = matches!(refused, Err(VendorError::Denied(Denied::NotFresh)));
        assert!(is_asked, "{refused:?}");
        let (mut parts, ()) = Request::post("/api/v1/vendors")
            .header("authorization", format!("Bearer {}", *token.expose()))
            .body(())
            .expect("a request")
            .into_parts();
        let bearer = Bearer::from_request_parts(&mut parts, app).await;
        let program = bearer.expect("it stands").access;
        enter_account(app, &program, vendor, account(OTHER_IBAN))
            .await
            .expect("a token shows none");
        // The guard taken away: the same session, for which any factor counts.
        let unguarded = stale.fresh_for(i64::MAX);
        let other = office.active_vendor("Seestern").await;
        enter_account(app, &unguarded, other, account(IBAN))
            .await
            .expect("entered");
    });
}
