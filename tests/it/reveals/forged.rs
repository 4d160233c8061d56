//! Whoever writes into the database opens nothing. Beside each attack stands the same with the guard taken away: the row's own code
//! renewed, so that it is that code, or the approval's, that stops it.

use countersign::assurance::keys::reveals::RevealId;
use countersign::assurance::keys::reveals::actions::RevealError;
use countersign::params;
use countersign::platform::store::{Entry, Sql, StoreError, Value};

use super::{Office, iban_of, shown, texts, waits};
use crate::support::stores::on_both;
use crate::vendors::IBAN;

const APPROVE: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET state = 'approved', decided_by_id = $3, decided_human_id = $4, decided_us = asked_us, version = version + 1 \
     WHERE org_id = $1 AND id = $2 RETURNING id",
);
const REOPEN: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET state = 'approved', version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const LENGTHEN: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET expires_us = expires_us + 1, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const HAND_OVER: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET asked_by_id = $3, asked_human_id = $4, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const LONG_AGO: Sql = Sql::change(
    "reveals",
    "UPDATE reveals SET opened_us = 1, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const ADD: Sql = Sql::change(
    "reveal_values",
    "INSERT INTO reveal_values (org_id, id, reveal_id, what, row_id, owner_id) \
     VALUES ($1, $2, $2, 'entity-iban', $3, $3) RETURNING id",
);

fn is_forged<T: std::fmt::Debug>(done: &Result<T, RevealError>, in_table: &str) {
    let is_so = matches!(done, Err(RevealError::Store(StoreError::Forged { table, .. })) if *table == in_table);
    assert!(is_so, "{done:?}");
}

fn is_altered<T: std::fmt::Debug>(done: &Result<T, RevealError>) {
    assert!(matches!(done, Err(RevealError::Altered)), "{done:?}");
}

/// The same change by somebody who can make the rows' codes.
pub(super) async fn with_code(office: &Office, sql: Sql, params: Vec<Value>) {
    let mut caller = office.world().caller();
    caller.now = office.world().app.now();
    let done: Result<(), StoreError> = office
        .world()
        .app
        .store
        .write(caller, move |tx| {
            tx.change_one(&sql, &params)?;
            tx.commit(Entry::new("test.changed", "test", "reveal"), ())
        })
        .await;
    done.expect("written");
}

async fn behind(office: &Office, set: &str, id: RevealId) {
    let sql = format!("UPDATE reveals SET {set} WHERE id = '{id}'");
    office.world().t.behind_the_back(&sql).await;
}

#[test]
fn an_approval_that_somebody_wrote_opens_nothing() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let (by, human) = (office.sven.person, office.sven.human);
        let id = office.both().await;
        let set = format!(
            "state = 'approved', decided_by_id = '{by}', decided_human_id = '{human}', decided_us = asked_us"
        );
        behind(&office, &set, id).await;
        is_forged(&office.open(&office.rita, id).await, "reveals");
        // With the row's code made anew it lacks the approval's.
        let id = office.both().await;
        let params = params![id, by, human].to_vec();
        with_code(&office, APPROVE, params).await;
        is_altered(&office.open(&office.rita, id).await);
        assert!(office.told("secret.revealed").await.is_empty());
        // The twin: he approved it.
        let id = office.approved().await;
        office.open(&office.rita, id).await.expect("opens");
    });
}

#[test]
fn an_approval_is_not_used_again_lengthened_or_handed_over() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let id = office.approved().await;
        behind(&office, "expires_us = expires_us + 1", id).await;
        is_forged(&office.open(&office.rita, id).await, "reveals");
        let id = office.approved().await;
        with_code(&office, LENGTHEN, params![id].to_vec()).await;
        is_altered(&office.open(&office.rita, id).await);
        let id = office.approved().await;
        let (by, human) = (office.sven.person, office.sven.human);
        with_code(&office, HAND_OVER, params![id, by, human].to_vec()).await;
        is_altered(&office.open(&office.sven, id).await);
        let id = office.approved().await;
        office.open(&office.rita, id).await.expect("once");
        behind(&office, "state = 'approved'", id).await;
        is_forged(&office.open(&office.rita, id).await, "reveals");
        // The guard taken away: that it was opened is said by the row, which its code guards.
        let id = office.approved().await;
        office.open(&office.rita, id).await.expect("once");
        with_code(&office, REOPEN, params![id].to_vec()).await;
        office.open(&office.rita, id).await.expect("it is believed");
    });
}

#[test]
fn a_value_added_to_what_was_asked_for_is_neither_approved_nor_opened() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        let world = office.world();
        let (waiting, approved) = (office.both().await, office.approved().await);
        let own = office.house.account.to_string();
        for id in [waiting, approved] {
            // The row's code alone is not enough: the set has another digest.
            with_code(&office, ADD, params![id, own.clone()].to_vec()).await;
        }
        is_altered(&office.approve(&office.sven, waiting).await);
        is_altered(&office.open(&office.rita, approved).await);
        let id = office.approved().await;
        let change =
            format!("UPDATE reveal_values SET what = 'vendor-vat-id' WHERE reveal_id = '{id}'");
        world.tamper("reveal_values", &change).await;
        is_forged(&office.open(&office.rita, id).await, "reveal_values");
    });
}

#[test]
fn what_one_saw_alone_is_counted_from_rows_that_are_ours() {
    on_both(|t| async move {
        let office = Office::new(&t).await;
        office.set_per_hour(1).await;
        let value = [iban_of(office.account)];
        let seen = shown(office.ask(&office.rita, &value).await);
        assert_eq!(texts(&seen), [IBAN]);
        waits(office.ask(&office.rita, &value).await);
        behind(&office, "opened_us = 1", seen.reveal.id).await;
        is_forged(&office.ask(&office.rita, &value).await, "reveals");
    });
    // The guard taken away: with the row's code made anew she is believed to have seen nothing within the hour.
    on_both(|t| async move {
        let office = Office::new(&t).await;
        office.set_per_hour(1).await;
        let value = [iban_of(office.account)];
        let seen = shown(office.ask(&office.rita, &value).await);
        waits(office.ask(&office.rita, &value).await);
        with_code(&office, LONG_AGO, params![seen.reveal.id].to_vec()).await;
        shown(office.ask(&office.rita, &value).await);
    });
}
