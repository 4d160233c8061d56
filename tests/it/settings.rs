//! Accounts that payments leave from: entered by one human, verified by another, and believed on their tags alone.

use std::sync::Arc;

use axum::Router;
use countersign::identity::access::Role;
use countersign::identity::organisations::{EntityAccountId, NewAccount};
use countersign::identity::settings::{
    self, AccountState, Refusal, SettingsError, add_account, close_account, verify_account,
};
use countersign::identity::{people, tokens};
use countersign::params;
use countersign::payables::home::actions::waiting;
use countersign::payables::home::rules::QueueKind;
use countersign::payables::ids::BillId;
use countersign::payables::payments::actions::{
    NewRun, PaymentError, generate_file, paying_accounts, propose_run,
};
use countersign::payables::payments::store::file::FileError;
use countersign::platform::ids::PersonId;
use countersign::platform::keys::KeyError;
use countersign::platform::keys::fields::ENTITY_IBAN;
use countersign::platform::store::{Entry, Sql, StoreError};
use countersign::platform::web::Problem;
use countersign::platform::web::locale::Locale;
use countersign::platform::web::render::{message, problems};
use countersign_bankfile::account::Iban;
use countersign_money::Currency;

use crate::payments::house::{DAY, House};
use crate::support::app::Browser;
use crate::support::stores::on_both;
use crate::support::world::{Somebody, fresh};
use crate::vendors::IBAN;

/// The account that somebody adds.
const OWN: &str = "FR7630006000011234567890189";

fn own(iban: &str) -> Iban {
    Iban::parse(iban).expect("an IBAN")
}

async fn added(house: &House, by: &Somebody) -> EntityAccountId {
    let new = NewAccount {
        label: "Second".into(),
        iban: own(OWN),
        bic: None,
        currency: Currency::EUR,
    };
    let (app, who) = (&house.world().app, by.access().await);
    add_account(app, &who, house.entity, new)
        .await
        .expect("added")
}

async fn verified(
    house: &House,
    by: &Somebody,
    account: EntityAccountId,
    iban: &str,
) -> Result<(), SettingsError> {
    verify_account(&house.world().app, &by.access().await, account, own(iban)).await
}

async fn proposed(
    house: &House,
    account: EntityAccountId,
    bill: BillId,
) -> Result<countersign::payables::ids::RunId, PaymentError> {
    let new = NewRun {
        account,
        execution_date: DAY,
        bills: vec![bill],
    };
    propose_run(&house.world().app, &house.proposes.access().await, new).await
}

/// Accounts of ours that wait on somebody's first page.
async fn waits_for(house: &House, who: &Somebody) -> usize {
    let queues = waiting(&house.world().app, &who.access().await).await;
    let queues = queues.expect("the queues");
    let own = queues
        .iter()
        .filter(|(kind, _)| *kind == QueueKind::VerifyOwn);
    own.map(|(_, items)| items.len()).sum()
}

fn refused<T: std::fmt::Debug>(outcome: Result<T, PaymentError>, why: Refusal) {
    let is_refused = matches!(
        &outcome,
        Err(PaymentError::File(FileError::OwnAccountRefused(refusal))) if *refusal == why
    );
    assert!(is_refused, "{why:?} expected: {outcome:?}");
    // Told in words of its own, in the reader's language, without the program's words in it.
    let problem = outcome.map_err(Problem::from).expect_err("refused");
    let told = Locale::ALL.map(|locale| message(&problem, locale));
    assert!(told[0] != told[1] && problem.args.is_empty(), "{told:?}");
}

#[test]
fn nothing_is_paid_from_an_account_before_a_second_human_verified_it() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let world = house.world();
        let admin = world.somebody("Ada", &[Role::Administrator]).await;
        let account = added(&house, &admin).await;
        refused(proposed(&house, account, bill).await, Refusal::NotVerified);

        // It waits on the first page of those who may verify it.
        assert_eq!(waits_for(&house, &house.releases).await, 1);
        assert_eq!(waits_for(&house, &admin).await, 0);

        // Neither she nor another account of hers, nor somebody who brings another IBAN.
        let same = verified(&house, &admin, account, OWN).await;
        assert!(matches!(same, Err(SettingsError::SameHuman)), "{same:?}");
        let again = world.somebody_as("Ada2", &[Role::Payer], admin.human).await;
        let same = verified(&house, &again, account, OWN).await;
        assert!(matches!(same, Err(SettingsError::SameHuman)), "{same:?}");
        let other = verified(&house, &house.releases, account, IBAN).await;
        assert!(matches!(other, Err(SettingsError::OtherIban)), "{other:?}");
        let clerk = world.somebody("Clara", &[Role::Clerk]).await;
        let denied = verified(&house, &clerk, account, OWN).await;
        assert!(
            matches!(denied, Err(SettingsError::Denied(_))),
            "{denied:?}"
        );
        refused(proposed(&house, account, bill).await, Refusal::NotVerified);

        verified(&house, &house.releases, account, OWN)
            .await
            .expect("verified by another human");
        assert_eq!(waits_for(&house, &house.releases).await, 0);
        let run = proposed(&house, account, bill).await.expect("proposed");
        house
            .countersign(&house.releases, run)
            .await
            .expect("countersigned");

        // What is closed meanwhile pays no run that was proposed before.
        let app = &world.app;
        close_account(app, &admin.access().await, account, "moved to another bank")
            .await
            .expect("closed");
        let (seen, who) = (house.seen(run).await, house.releases.access().await);
        refused(generate_file(app, &who, seen).await, Refusal::Closed);
        let late = verified(&house, &house.releases, account, OWN).await;
        let closed = matches!(late, Err(SettingsError::NotNow(AccountState::Closed)));
        assert!(closed, "{late:?}");
    });
}

const STEP: Sql = Sql::change(
    "entity_bank_account_steps",
    "INSERT INTO entity_bank_account_steps (org_id, id, account_id, position, status, person_id, human_id, note, at_us, tag) \
     VALUES ($1, $2, $3, 2, 'verified', $4, $5, '', 1, $6) RETURNING id",
);
const LATE: Sql = Sql::change(
    "entity_bank_accounts",
    "INSERT INTO entity_bank_accounts (org_id, id, entity_id, label, iban_sealed, iban_masked, bic, currency, created_us) \
     SELECT $1, $2, entity_id, label, $4, iban_masked, bic, currency, created_us + 1 FROM entity_bank_accounts \
     WHERE org_id = $1 AND id = $3 RETURNING id",
);

/// Whoever has the integrity key, and so writes rows with codes that fit, still lacks the field root.
#[test]
fn a_verification_that_was_written_into_the_database_verifies_nothing() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let admin = world.somebody("Ada", &[Role::Administrator]).await;
        let account = added(&house, &admin).await;
        let human = house.releases.human;
        let person: PersonId = house.releases.person;
        let step: PersonId = fresh(world);
        world
            .app
            .store
            .write::<_, StoreError, _>(world.caller(), move |tx| {
                let row = params![step, account, person, human, vec![7_u8; 32]];
                tx.change_one(&STEP, row)?;
                tx.commit(Entry::new("test.forged", "step", step), ())
            })
            .await
            .expect("the store writes it");
        refused(proposed(&house, account, bill).await, Refusal::Altered);

        // The step that says who entered it, given to somebody else so that she may verify her own.
        let mine = added_elsewhere(&house, &admin).await;
        let attack = format!(
            "UPDATE entity_bank_account_steps SET human_id = '{human}' WHERE account_id = '{mine}'"
        );
        world.tamper("entity_bank_account_steps", &attack).await;
        let outcome = verified(&house, &admin, mine, "NL91ABNA0417164300").await;
        assert!(
            matches!(outcome, Err(SettingsError::Altered)),
            "{outcome:?}"
        );
    });
}

async fn added_elsewhere(house: &House, by: &Somebody) -> EntityAccountId {
    let new = NewAccount {
        label: "Third".into(),
        iban: own("NL91ABNA0417164300"),
        bic: None,
        currency: Currency::EUR,
    };
    add_account(&house.world().app, &by.access().await, house.entity, new)
        .await
        .expect("added")
}

/// An account without steps is one of the setup only where it is as old as the organisation.
#[test]
fn an_account_without_a_step_pays_only_where_the_setup_made_it() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        let bill = house.bill(vendor, 100).await;
        let (late, first): (EntityAccountId, _) = (fresh(world), house.account);
        let (entity, keys) = (house.entity, world.keys().await);
        world
            .app
            .store
            .write::<_, KeyError, _>(world.caller(), move |tx| {
                let key = keys.subject(tx, entity)?;
                let sealed = key.seal(ENTITY_IBAN, late, &OWN.to_owned(), tx.entropy());
                tx.change_one(&LATE, params![late, first, sealed])?;
                Ok(tx.commit(Entry::new("test.late", "account", late), ())?)
            })
            .await
            .expect("the store writes it");
        refused(proposed(&house, late, bill).await, Refusal::NotVerified);
        let attack = format!(
            "UPDATE entity_bank_accounts SET created_us = 1 WHERE id = '{}'",
            house.account
        );
        world.tamper("entity_bank_accounts", &attack).await;
        let outcome = proposed(&house, house.account, bill).await;
        let forged = matches!(
            &outcome,
            Err(PaymentError::Store(StoreError::Forged { .. }))
        );
        assert!(forged, "{outcome:?}");
    });
}

fn browser(house: &House, who: &Somebody) -> Browser {
    let router = Router::new()
        .merge(settings::routes())
        .merge(tokens::routes())
        .merge(people::routes())
        .with_state(Arc::clone(&house.world().app))
        .layer(axum::middleware::from_fn(problems));
    Browser::new(router).with_cookie(&who.cookie)
}

#[test]
fn the_settings_go_through_their_pages() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let world = house.world();
        let admin = world.somebody("Ada", &[Role::Administrator]).await;
        let mut ada = browser(&house, &admin);
        let page = ada.get("/settings").await;
        assert_eq!(page.status, 200, "{}", page.body);
        for shown in ["Test AG", "Harbour Foods Ltd", "5678", "Dublin"] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        let new = "/settings/entities/new";
        assert_eq!(ada.get(new).await.status, 200);
        let mut fields = vec![
            ("entity_name", "Harbour Freight BV"),
            ("street", "Kade"),
            ("building", "1"),
            ("postcode", "3011"),
            ("town", "Rotterdam"),
            ("country", "NL"),
            ("currency", "EUR"),
            ("vat_id", "NL004495446B01"),
            ("iban", "NL00"),
            ("bic", ""),
        ];
        let wrong = ada.submit(new, &fields).await;
        assert_eq!(wrong.status, 422, "{}", wrong.body);
        assert!(wrong.body.contains("Harbour Freight BV"), "typed is kept");
        fields[8].1 = "NL91ABNA0417164300";
        let doubt = "/settings?doubt=vat-id";
        assert_eq!(ada.submit(new, &fields).await.location(), doubt);
        assert!(ada.get(doubt).await.body.contains("The check digits of"));
        let page = ada.get("/settings").await.body;
        assert!(page.contains("Harbour Freight BV") && !page.contains("check digits"));
        assert!(page.contains("Waits for a second person"), "{page}");
        assert!(!page.contains("NL91ABNA0417164300"), "an IBAN is shown");

        let mut dan = browser(&house, &house.releases);
        let page = dan.get("/settings").await.body;
        let at = page
            .find("class=\"button tiny primary\" href=\"")
            .expect("to verify");
        let href = page[at..].split('"').nth(3).expect("an address").to_owned();
        assert!(
            !dan.get(&href).await.body.contains("4300"),
            "the IBAN's end is shown"
        );
        let other = dan.submit(&href, &[("iban", OWN)]).await;
        assert_eq!(other.status, 422, "{}", other.body);
        let done = dan
            .submit(&href, &[("iban", "NL91 ABNA 0417 1643 00")])
            .await;
        assert_eq!(done.location(), "/settings", "{}", done.body);
        assert!(
            !dan.get("/settings")
                .await
                .body
                .contains("Waits for a second")
        );

        // Whoever only codes sees none of it.
        let coder = world.somebody("Otto", &[Role::Coder]).await;
        assert_eq!(browser(&house, &coder).get("/settings").await.status, 404);
    });
}

#[test]
fn an_account_is_closed_on_a_page_that_says_so_and_keeps_the_reason_that_is_refused() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let admin = house.world().somebody("Ada", &[Role::Administrator]).await;
        let account = added(&house, &admin).await;
        verified(&house, &house.releases, account, OWN)
            .await
            .expect("verified");
        let mut browser = browser(&house, &admin);
        let path = format!("/settings/accounts/{account}");
        let page = browser.get(&path).await.body;
        assert!(page.contains("An account to pay from"), "{page}");
        for wrong in ["Verify an account", "papers", "does not wait"] {
            assert!(!page.contains(wrong), "{wrong}: {page}");
        }
        let close = format!("{path}/close");
        let long = "moved ".repeat(100);
        let answer = browser.submit(&close, &[("reason", &long)]).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains(long.trim()), "{}", answer.body);
        let (app, who) = (&house.world().app, admin.access().await);
        close_account(app, &who, account, "somebody was faster")
            .await
            .expect("closed");
        let answer = browser.submit(&close, &[("reason", "too late")]).await;
        assert_eq!(answer.status, 409);
        assert!(answer.body.contains("too late"), "{}", answer.body);
    });
}

#[test]
fn a_list_shows_an_altered_account_as_altered() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let (app, who) = (&house.world().app, house.proposes.access().await);
        let altered = async || {
            let view = settings::view(app, &who).await.expect("the settings");
            let [entity] = &view.entities[..] else {
                panic!("{view:?}")
            };
            let listed = paying_accounts(app, &who).await.expect("the accounts");
            assert_eq!(listed.is_empty(), entity.accounts[0].is_altered);
            entity.accounts[0].is_altered
        };
        assert!(!altered().await);
        let attack = "UPDATE entity_bank_accounts SET label = 'Mine'";
        house.world().tamper("entity_bank_accounts", attack).await;
        assert!(altered().await);
    });
}

#[test]
fn a_person_chooses_the_language_of_her_pages() {
    on_both(|t| async move {
        let house = House::new(&t).await;
        let mut dan = browser(&house, &house.releases);
        assert!(dan.get("/me").await.body.contains("<html lang=\"en\">"));
        let wrong = dan.submit("/me/language", &[("locale", "tlh")]).await;
        assert_eq!(wrong.status, 422);
        let answer = dan.submit("/me/language", &[("locale", "de")]).await;
        assert!(
            answer.body.contains("<html lang=\"de\">"),
            "{}",
            answer.body
        );
        let page = dan.get("/settings").await.body;
        assert!(page.contains("<html lang=\"de\">") && page.contains("Einstellungen"));
        assert_eq!(house.releases.signed_in().await.locale, Locale::De);
    });
}
