//! What stands behind the program on PostgreSQL: row-level security, grants, and scopes that do not leak.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Nature, Reads as _, Sql, StoreError, TABLES};

use super::support::postgres::Database;
use super::support::stores::{Home, START, TestStore, caller, id};

const INSERT: Sql = Sql::change(
    "cost_centres",
    "INSERT INTO cost_centres (org_id, id, code, name, version) VALUES ($1, $2, $3, 'c', 1) RETURNING id",
);
const COUNT: Sql = Sql::read("SELECT COUNT(*) FROM cost_centres WHERE org_id = $1");

fn database(t: &TestStore) -> &Database {
    match &t.home {
        Home::Grown(database) => database,
        Home::Embedded(_) => panic!("these tests are PostgreSQL's"),
    }
}

fn query(t: &TestStore, sql: &str) -> Result<Vec<Vec<Option<String>>>, String> {
    let sql = format!("SET search_path = public, countersign_keys; {sql}");
    tokio::task::block_in_place(|| database(t).query(&sql))
}

async fn add(t: &TestStore, organisation: OrgId, code: &str) -> Result<(), StoreError> {
    let code = code.to_owned();
    t.store
        .write(caller(organisation, START), move |tx| {
            let id = tx.id::<OrgId>();
            tx.change_one(&INSERT, params![id, &code])?;
            tx.commit(Entry::new("cost-centre.added", "cost-centre", id), ())
        })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_table_of_the_database_is_in_the_catalogue_with_a_forced_policy() {
    let t = TestStore::grown().await;
    let rows = query(
        &t,
        "SELECT c.relname, c.relforcerowsecurity::text, (SELECT count(*) FROM pg_policy p WHERE p.polrelid = c.oid)::text \
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN ('public', 'countersign_keys') AND c.relkind = 'r'",
    )
    .expect("the catalogue reads");
    let mut found = BTreeSet::new();
    for row in rows {
        let [Some(name), Some(forced), Some(policies)] = row.as_slice() else {
            panic!("three columns")
        };
        assert_eq!(forced, "true", "{name} does not force row-level security");
        assert_ne!(policies, "0", "{name} has no policy");
        found.insert(name.clone());
    }
    let catalogue = TABLES.iter().map(|table| table.name.to_owned());
    let own = ["schema_migrations".to_owned()];
    assert_eq!(found, catalogue.chain(own).collect());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_servers_role_sees_nothing_without_a_scope_and_writes_into_no_other() {
    let t = TestStore::grown().await;
    let (ours, theirs) = (id::<OrgId>(), id::<OrgId>());
    add(&t, ours, "1").await.expect("added");
    let as_server = |scope: &str, sql: &str| {
        query(
            &t,
            &format!("BEGIN; SET LOCAL ROLE countersign_server; {scope} {sql}; COMMIT"),
        )
    };
    let count = "SELECT count(*)::text FROM cost_centres";
    let counted = |rows: Vec<Vec<Option<String>>>| rows.into_iter().flatten().flatten().next();
    assert_eq!(
        counted(as_server("", count).expect("reads")).as_deref(),
        Some("0")
    );
    let scope =
        |organisation: OrgId| format!("SET LOCAL countersign.organisation = '{organisation}';");
    assert_eq!(
        counted(as_server(&scope(theirs), count).expect("reads")).as_deref(),
        Some("0")
    );
    assert_eq!(
        counted(as_server(&scope(ours), count).expect("reads")).as_deref(),
        Some("1")
    );
    let smuggle = format!(
        "INSERT INTO cost_centres (org_id, id, code, name, version) VALUES ('{ours}', 'x', 'x', 'x', 1)"
    );
    let error = as_server(&scope(theirs), &smuggle).expect_err("another organisation's row");
    assert!(error.contains("row-level security"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_servers_role_cannot_change_the_journal_even_without_its_trigger() {
    let t = TestStore::grown().await;
    let organisation = id::<OrgId>();
    add(&t, organisation, "1").await.expect("added");
    query(
        &t,
        "DROP TRIGGER journal_entries_no_update ON journal_entries",
    )
    .expect("the owner can");
    let scope = format!("SET LOCAL countersign.organisation = '{organisation}'");
    let tamper = "UPDATE journal_entries SET action = 'x'";
    let error = query(
        &t,
        &format!("BEGIN; SET LOCAL ROLE countersign_server; {scope}; {tamper}; COMMIT"),
    )
    .expect_err("no grant");
    assert!(error.contains("permission denied"), "{error}");
    for table in TABLES
        .iter()
        .filter(|table| ![Nature::Housekeeping, Nature::Keys].contains(&table.nature))
    {
        let granted = query(
            &t,
            &format!(
                "SELECT has_table_privilege('countersign_server', '{}', 'DELETE')::text",
                table.name
            ),
        );
        // A disposal takes openings away; `journal verify` says where nothing explains it.
        let may = (table.name == "journal_openings").to_string();
        assert_eq!(
            granted.expect("reads")[0][0].as_deref(),
            Some(may.as_str()),
            "what may be deleted of {}",
            table.name
        );
    }
}

const SCOPE: Sql = Sql::lookup(
    "SELECT CAST(pg_backend_pid() AS BIGINT), COALESCE(current_setting('countersign.organisation', true), '')",
);
/// As a store would that forgot the word LOCAL.
const LEAK: Sql = Sql::read("SELECT set_config('countersign.organisation', $1, false)");
/// More than the test has used.
const CONNECTIONS: usize = 12;

/// The scope that each of many connections has before anybody asks within a tenant: all are held at once, so that each
/// look-up has another one, and the pool gives those that were used before it makes new ones.
async fn scopes(t: &TestStore) -> Vec<String> {
    let together = Arc::new(Barrier::new(CONNECTIONS));
    let asking: Vec<_> = (0..CONNECTIONS)
        .map(|_| {
            let (store, together) = (t.store.clone(), Arc::clone(&together));
            tokio::spawn(async move {
                store
                    .lookup::<_, StoreError, _>(move |lookup| {
                        let found: (i64, String) = lookup.one(&SCOPE, [])?;
                        together.wait();
                        Ok(found)
                    })
                    .await
                    .expect("reads")
            })
        })
        .collect();
    let mut found = BTreeMap::new();
    for asked in asking {
        let (process, scope) = asked.await.expect("no panic");
        found.insert(process, scope);
    }
    assert_eq!(
        found.len(),
        CONNECTIONS,
        "each was asked on a connection of its own"
    );
    found.into_values().collect()
}

async fn cancel_some(t: &TestStore, organisation: OrgId) {
    for _ in 0..8 {
        let store = t.store.clone();
        let cancelled = tokio::spawn(async move {
            store
                .read::<_, StoreError, _>(Scope::of(organisation), |read| {
                    std::thread::sleep(Duration::from_millis(30));
                    read.one::<(i64,)>(&COUNT, [])
                })
                .await
        });
        tokio::time::sleep(Duration::from_millis(5)).await;
        cancelled.abort();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_request_leaks_no_scope_to_the_next_user_of_its_connection() {
    let t = TestStore::grown().await;
    let (first, second) = (id::<OrgId>(), id::<OrgId>());
    add(&t, first, "1").await.expect("added");
    cancel_some(&t, first).await;
    for scope in scopes(&t).await {
        assert_eq!(scope, "", "a connection kept another request's scope");
    }
    let (count,): (i64,) = t
        .store
        .read::<_, StoreError, _>(Scope::of(second), |read| read.one(&COUNT, []))
        .await
        .expect("reads");
    assert_eq!(count, 0, "the second organisation has no cost centre");
}

/// The twin of the test above: a scope that outlives its transaction is seen on its connection.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scope_that_is_set_for_the_session_would_be_found() {
    let t = TestStore::grown().await;
    let organisation = id::<OrgId>();
    cancel_some(&t, organisation).await;
    t.store
        .read::<_, StoreError, _>(Scope::of(organisation), |read| {
            read.one::<(String,)>(&LEAK, [])
        })
        .await
        .expect("reads");
    let leaked = organisation.to_string();
    assert!(scopes(&t).await.contains(&leaked));
}
