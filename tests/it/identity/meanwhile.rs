//! A password that is replaced or disowned between the moment in which it is compared and the one in which it lets somebody in.

use std::time::Duration;

use countersign::params;
use countersign::platform::app::Lane;
use countersign::platform::scope::CredentialKind;
use countersign::platform::store::{Entry, Sql, StoreError};

use super::{organisation, person_of, sign_in};
use crate::support::app::{PASSWORD, TestApp, on_both_apps};

/// Another hash, or the mark of a disowned sign-in: both as the program writes them.
async fn change_password(t: &TestApp, is_replaced: bool) {
    const REPLACE: Sql = Sql::change(
        "passwords",
        "UPDATE passwords SET phc = $3, version = version + 1 WHERE org_id = $1 AND person_id = $2 RETURNING id",
    );
    const DISOWN: Sql = Sql::change(
        "passwords",
        "UPDATE passwords SET disowned_us = $3, version = version + 1 WHERE org_id = $1 AND person_id = $2 RETURNING id",
    );
    const OTHER: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let scope = organisation(&t.app).await;
    let person = person_of(&t.app, scope).await;
    let caller = t.app.caller(scope, CredentialKind::CommandLine, t.app.id());
    let done: Result<(), StoreError> = t
        .app
        .store
        .write(caller, move |tx| {
            if is_replaced {
                tx.change_one(&REPLACE, params![person, OTHER])?;
            } else {
                let now = tx.now();
                tx.change_one(&DISOWN, params![person, now])?;
            }
            tx.commit(Entry::new("password.changed", "password", person), ())
        })
        .await;
    done.expect("it is written");
}

/// The attempt has read the hash and waits for its turn to compare it.
#[test]
fn a_password_that_is_replaced_or_disowned_while_it_is_compared_lets_nobody_in() {
    for is_replaced in [Some(true), Some(false), None] {
        on_both_apps(move |t| async move {
            let ann = t.set_up().await;
            let mut turns = Vec::new();
            let moment = Duration::from_millis(100);
            let turn = || tokio::time::timeout(moment, t.app.hashing.turn(Lane::Anybody));
            while let Ok(turn) = turn().await {
                turns.push(turn.expect("a turn"));
            }
            let mut browser = t.browser();
            let attempt =
                tokio::spawn(async move { sign_in(&mut browser, &ann.email, PASSWORD).await });
            tokio::time::sleep(Duration::from_secs(2)).await;
            assert!(!attempt.is_finished(), "it waits for its turn");
            if let Some(is_replaced) = is_replaced {
                change_password(&t, is_replaced).await;
            }
            drop(turns);
            let answer = attempt.await.expect("no panic");
            let wanted = if is_replaced.is_some() { 422 } else { 303 };
            assert_eq!(answer.status, wanted, "{}", answer.body);
        });
    }
}
