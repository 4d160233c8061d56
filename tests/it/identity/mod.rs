//! Identity through its pages, on both engines: setup, sign-in, sessions, people, tokens; and who must not get in.

mod activity;
mod as_typed;
mod devices;
mod disowned;
mod expiries;
mod first_factor;
mod in_clear;
mod invitation_mail;
mod kept_open;
mod lost_factors;
mod meanwhile;
mod own_factors;
mod own_password;
mod passkeys;
mod people;
mod policy;
mod resets;
mod sessions;
mod setup;
mod signing_in;
mod step_up;
mod taken_away;
mod tokens;
mod turns;

use countersign::platform::app::App;
use countersign::platform::ids::{OrgId, PersonId};
use countersign::platform::scope::Scope;
use countersign::platform::store::journal;
use countersign::platform::store::{Reads, Sql, StoreError};

use crate::support::app::{Answer, Browser, Member, PASSWORD, TestApp, on_both_apps};

const SESSION: &str = "__Host-session";

async fn sign_in(browser: &mut Browser, email: &str, password: &str) -> Answer {
    browser.get("/sign-in").await;
    browser
        .submit("/sign-in", &[("email", email), ("password", password)])
        .await
}

async fn change_password(browser: &mut Browser, current: &str, new: &str) -> Answer {
    browser.get("/me").await;
    let fields = [
        ("current", current),
        ("password", new),
        ("password_again", new),
    ];
    browser.submit("/me/password", &fields).await
}

/// The organisation that the setup made.
pub async fn organisation(app: &App) -> Scope {
    const ALL: Sql = Sql::lookup("SELECT id FROM organisations ORDER BY id");
    let found: Vec<(OrgId,)> = app
        .store
        .lookup(|lookup| lookup.all::<(OrgId,)>(&ALL, []))
        .await
        .expect("the database answers");
    Scope::of(found[0].0)
}

async fn person_of(app: &App, scope: Scope) -> PersonId {
    const FIRST: Sql = Sql::read("SELECT id FROM people WHERE org_id = $1 ORDER BY id");
    let found: Result<(PersonId,), StoreError> =
        app.store.read(scope, |read| read.one(&FIRST, [])).await;
    found.expect("the database answers").0
}

pub async fn actions(app: &App, scope: Scope) -> Vec<String> {
    const ACTIONS: Sql =
        Sql::read("SELECT action FROM journal_entries WHERE org_id = $1 ORDER BY id");
    let found: Vec<(String,)> = app
        .store
        .read(scope, |read| read.all::<(String,)>(&ACTIONS, []))
        .await
        .expect("the database answers");
    found.into_iter().map(|(action,)| action).collect()
}

async fn signed_in_again(t: &TestApp, member: Member) -> Member {
    let mut browser = t.browser();
    sign_in(&mut browser, &member.email, PASSWORD).await;
    browser.get("/sign-in/code").await;
    let code = t.fresh_code(&member.seed);
    let answer = browser.submit("/sign-in/code", &[("code", &code)]).await;
    assert_eq!(answer.location(), "/", "{}", answer.body);
    Member { browser, ..member }
}

#[test]
fn the_journal_of_all_this_verifies() {
    on_both_apps(|t| async move {
        let mut ann = t.set_up().await;
        t.join(&mut ann, "tom@harbour.example", &["approver"]).await;
        signed_in_again(&t, ann).await;
        let scope = organisation(&t.app).await;
        journal::sequence_pending(&t.app.store, "node-a", t.app.now())
            .await
            .expect("sequenced");
        let found = journal::verify(&t.app.store, scope, t.app.now())
            .await
            .expect("the database answers");
        assert_eq!(found.bad, None);
    });
}
