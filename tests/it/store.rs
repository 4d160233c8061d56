//! The store's promises, on both engines: scope, journal in the transaction, isolation, append-only tables.

use std::sync::Arc;

use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::{Entry, Reads, Sql, Store, StoreError};

use super::support::stores::{Home, START, TestStore, caller, id, on_both};

const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
);
const RENAME: Sql = Sql::change(
    "gl_accounts",
    "UPDATE gl_accounts SET name = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const NAMES: Sql = Sql::read("SELECT name FROM gl_accounts WHERE org_id = $1 ORDER BY code");
const VERSION: Sql = Sql::read("SELECT version FROM gl_accounts WHERE org_id = $1 AND id = $2");
const BUMP_FROM: Sql = Sql::change(
    "gl_accounts",
    "UPDATE gl_accounts SET name = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
);

async fn add(
    store: &Store,
    organisation: OrgId,
    code: &str,
    name: &str,
) -> Result<String, StoreError> {
    let (code, name) = (code.to_owned(), name.to_owned());
    store
        .write(caller(organisation, START), move |tx| {
            let id = tx.id::<OrgId>().to_string();
            tx.change_one(&INSERT, params![&id, &code, &name])?;
            tx.commit(
                Entry::new("gl-account.added", "gl-account", &id).fact("code", &code),
                id,
            )
        })
        .await
}

async fn names(store: &Store, organisation: OrgId) -> Vec<String> {
    let rows: Vec<(String,)> = store
        .read(Scope::of(organisation), |read| read.all(&NAMES, []))
        .await
        .expect("it reads");
    rows.into_iter().map(|(name,)| name).collect()
}

#[test]
fn one_organisation_never_sees_anothers_rows() {
    on_both(|t: Arc<TestStore>| async move {
        let (ours, theirs) = (id::<OrgId>(), id::<OrgId>());
        add(&t.store, ours, "4000", "Ours").await.expect("added");
        add(&t.store, theirs, "4000", "Theirs")
            .await
            .expect("the same code in another organisation");
        assert_eq!(names(&t.store, ours).await, ["Ours"]);
        assert_eq!(names(&t.store, theirs).await, ["Theirs"]);
    });
}

#[test]
fn a_change_without_its_entry_is_refused_and_undone() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        let result: Result<(), StoreError> = t
            .store
            .write(caller(organisation, START), |tx| {
                tx.change_one(&INSERT, params![tx.id::<OrgId>(), "1", "unjournaled"])?;
                tx.done(())
            })
            .await;
        assert!(matches!(result, Err(StoreError::Misuse(_))), "{result:?}");
        assert!(names(&t.store, organisation).await.is_empty());
    });
}

#[test]
fn a_body_that_panics_changes_nothing_and_the_next_one_works() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        let result: Result<(), StoreError> = t
            .store
            .write(caller(organisation, START), |tx| {
                tx.change_one(&INSERT, params![tx.id::<OrgId>(), "1", "panicked"])?;
                panic!("a bug in a body");
            })
            .await;
        assert!(matches!(result, Err(StoreError::Panicked)), "{result:?}");
        add(&t.store, organisation, "2", "after")
            .await
            .expect("the store lives on");
        assert_eq!(names(&t.store, organisation).await, ["after"]);
    });
}

#[test]
fn what_exists_once_is_refused_by_the_indexs_name_on_both_engines() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        add(&t.store, organisation, "4000", "first")
            .await
            .expect("added");
        let error = add(&t.store, organisation, "4000", "second")
            .await
            .expect_err("a second one");
        assert!(error.is_unique("gl_accounts_code_once"), "{error}");
    });
}

#[test]
fn business_rows_are_never_deleted_and_the_journal_never_changed() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        add(&t.store, organisation, "4000", "kept")
            .await
            .expect("added");
        for (table, text) in [
            (
                "gl_accounts",
                "DELETE FROM gl_accounts WHERE org_id = $1 RETURNING id",
            ),
            (
                "journal_entries",
                "DELETE FROM journal_entries WHERE org_id = $1 RETURNING id",
            ),
            (
                "journal_entries",
                "UPDATE journal_entries SET action = 'x' WHERE org_id = $1 RETURNING id",
            ),
        ] {
            let sql = Sql {
                text,
                kind: countersign::platform::store::Kind::Change(table),
            };
            let result: Result<(), StoreError> = t
                .store
                .write(caller(organisation, START), move |tx| {
                    tx.change(&sql, [])?;
                    tx.commit(Entry::new("test.tried", "test", "x"), ())
                })
                .await;
            assert!(
                matches!(result, Err(StoreError::Constraint { .. })),
                "{text}: {result:?}"
            );
        }
        assert_eq!(names(&t.store, organisation).await, ["kept"]);
    });
}

#[test]
fn of_32_writers_of_one_version_exactly_one_wins() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        let account = add(&t.store, organisation, "4000", "contested")
            .await
            .expect("added");
        let other_node = t.another_node().await;
        let tries: Vec<_> = (0..32)
            .map(|n| {
                let store = if n % 2 == 0 {
                    t.store.clone()
                } else {
                    other_node.clone()
                };
                let account = account.clone();
                tokio::spawn(async move {
                    store
                        .write(caller(organisation, START), move |tx| {
                            let (version,): (i64,) = tx.one(&VERSION, params![&account])?;
                            if version != 1 {
                                return Err(StoreError::Missing);
                            }
                            let params = params![&account, version, format!("winner {n}")];
                            tx.change_one(&BUMP_FROM, params)?;
                            tx.commit(
                                Entry::new("gl-account.renamed", "gl-account", &account).version(2),
                                (),
                            )
                        })
                        .await
                })
            })
            .collect();
        let mut winners = 0;
        for attempt in tries {
            winners += usize::from(attempt.await.expect("no panic").is_ok());
        }
        assert_eq!(winners, 1);
    });
}

#[test]
fn a_rename_behind_a_journal_entry_reads_back() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        let account = add(&t.store, organisation, "4000", "before")
            .await
            .expect("added");
        t.store
            .write::<_, StoreError, _>(caller(organisation, START), move |tx| {
                tx.change_one(&RENAME, params![&account, "after"])?;
                let entry = Entry::new("gl-account.renamed", "gl-account", &account)
                    .version(2)
                    .change("name", Some("before"), Some("after"));
                tx.commit(entry, ())
            })
            .await
            .expect("renamed");
        assert_eq!(names(&t.store, organisation).await, ["after"]);
    });
}

#[test]
fn statements_run_only_where_their_kind_belongs() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        let read: Result<Vec<(String,)>, StoreError> =
            t.store.lookup(|lookup| lookup.all(&NAMES, [])).await;
        assert!(
            matches!(read, Err(StoreError::Misuse(_))),
            "a scoped statement without a scope: {read:?}"
        );
        let housekept: Result<(), StoreError> = t
            .store
            .housekeep(Scope::of(organisation), |tx| {
                tx.run(&INSERT, params!["x", "1", "n"]).map(|_| ())
            })
            .await;
        assert!(
            matches!(housekept, Err(StoreError::Misuse(_))),
            "a business change as housekeeping: {housekept:?}"
        );
    });
}

#[test]
fn a_body_that_goes_on_after_a_failed_statement_is_no_success() {
    on_both(|t: Arc<TestStore>| async move {
        let organisation = id::<OrgId>();
        add(&t.store, organisation, "1", "first")
            .await
            .expect("added");
        let result: Result<(), StoreError> = t
            .store
            .write(caller(organisation, START), |tx| {
                tx.change_one(&INSERT, params![tx.id::<OrgId>(), "2", "second"])?;
                tx.journal(Entry::new("gl-account.added", "gl-account", "2"))?;
                // PostgreSQL would answer COMMIT now, and do nothing.
                let refused = tx.change_one(&INSERT, params![tx.id::<OrgId>(), "1", "again"]);
                assert!(refused.is_err());
                tx.done(())
            })
            .await;
        assert!(matches!(result, Err(StoreError::Misuse(_))), "{result:?}");
        assert_eq!(names(&t.store, organisation).await, ["first"]);
    });
}

#[test]
fn what_postgresql_says_of_a_value_stays_out_of_errors() {
    const BAD: Sql = Sql::read("SELECT CAST(CAST($2 AS TEXT) AS BIGINT) WHERE $1 <> ''");
    on_both(|t| async move {
        let scope = Scope::of(id());
        let read: Result<Vec<(i64,)>, StoreError> = t
            .store
            .read(scope, |read| {
                read.all(&BAD, params!["DE02120300000000202051"])
            })
            .await;
        match (&t.home, read) {
            // SQLite makes a number of any text.
            (Home::Embedded(_), read) => assert!(read.is_ok()),
            (Home::Grown(_), read) => {
                let error = read.expect_err("no number");
                let source = std::error::Error::source(&error).map(ToString::to_string);
                let printed = format!("{error} {error:?} {source:?}");
                assert!(!printed.contains("DE02"), "{printed}");
                assert!(printed.contains("SQLSTATE 22"), "{printed}");
            }
        }
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_cannot_ask_what_people_act_by_changes_nothing_for_them() {
    let t = TestStore::embedded().await;
    let (unwired, organisation) = (t.unwired(), id::<OrgId>());
    for (credential, wanted) in [
        (CredentialKind::Session, false),
        (CredentialKind::Token, false),
        (CredentialKind::Directory, false),
        (CredentialKind::Link, true),
    ] {
        let mut by = caller(organisation, START);
        by.actor.credential = credential;
        let code = credential.as_str();
        let done = unwired
            .write::<_, StoreError, _>(by, move |tx| {
                let id = tx.id::<OrgId>().to_string();
                tx.change_one(&INSERT, params![&id, code, "Travel"])?;
                tx.commit(Entry::new("gl-account.added", "gl-account", &id), ())
            })
            .await;
        assert_eq!(done.is_ok(), wanted, "{code}: {done:?}");
    }
    assert_eq!(names(&t.store, organisation).await, ["Travel"]);
}
