//! Somebody who can write to the key store puts destroyed keys back while the server runs.

use std::sync::Arc;

use countersign::assurance::keys::disposal::actions::{DisposalError, dispose_organisation};
use countersign::assurance::keys::reveals::actions::RevealError;
use countersign::platform::keys::{KeyError, Keyring, Roots, reseal};
use countersign::platform::scope::Scope;
use countersign_sealing::SystemEntropy;

use super::{Former, is_destroyed};
use crate::support::stores::{Home, TestStore, on_both};
use crate::support::world::World;

/// The ledger, for somebody who lifts its triggers as well.
const LINES: &str = "DELETE FROM countersign_keys.key_disposals;";

/// Where rows are kept aside.
fn general(t: &TestStore) -> &'static str {
    match &t.home {
        Home::Embedded(_) => "main",
        Home::Grown(_) => "public",
    }
}

/// Keeps rows of keys aside; gives the statement that puts them back.
async fn kept(t: &TestStore, table: &str, which: &str) -> String {
    let general = general(t);
    t.behind_the_back(&format!(
        "CREATE TABLE {general}.kept AS SELECT * FROM countersign_keys.{table} WHERE {which}"
    ))
    .await;
    format!("INSERT INTO countersign_keys.{table} SELECT * FROM {general}.kept;")
}

/// What another node of the same installation has opened.
pub fn another_nodes(world: &World) -> Keyring {
    let at = |name: &str| world.roots.path().join(name);
    let roots = Roots::open(&at("storage"), &at("field"), false, &SystemEntropy);
    Keyring::new(roots.expect("they were made before"))
}

#[test]
fn a_subjects_key_that_is_put_back_opens_nothing_while_the_ledger_names_it() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        let store = &former.world().app.store;
        let which = format!("subject_id = '{}'", former.vendor);
        let back = kept(&t, "subject_keys", &which).await;
        former.archive().await;
        former.destroy().await;

        t.behind_the_back(&back).await;
        let gone = former.opens_in(store).await;
        assert!(is_destroyed(&gone), "{gone:?}");
        let gone = former.reveal().await;
        let is_gone = matches!(&gone, Err(RevealError::Key(KeyError::Destroyed { .. })));
        assert!(is_gone, "{gone:?}");

        // A rotation of subjects passes over it, and seals nothing anew by it.
        let (keys, caller) = (former.world().keys().await, former.world().caller());
        let all = (caller.now.plus_us(1), usize::MAX);
        let done = reseal::subjects::replace(store, &keys, caller, all).await;
        let done = done.expect("it goes on");
        assert_eq!((done.resealed, done.refused), (0, 0));

        // The twin: whoever takes the line of the ledger away as well is served until the next start.
        t.without_triggers(LINES).await;
        former.opens_in(store).await.expect("it is back");
        former.reveal().await.expect("and opens what it sealed");
        assert_eq!(former.replay(store).await, 1);
        let gone = former.opens_in(store).await;
        assert!(is_destroyed(&gone), "{gone:?}");
        former.is_sound(store).await;
        assert_eq!(former.replay(store).await, 0, "once is enough");
    });
}

#[test]
fn an_organisations_keys_that_are_put_back_open_nothing_on_any_node() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        let (app, organisation) = (&former.world().app, former.world().organisation);
        let scope = Scope::of(organisation);
        let beside = former.world().beside().await;
        let which = format!("org_id = '{organisation}'");
        let back = kept(&t, "data_keys", &which).await;
        let other = Arc::new(another_nodes(former.world()));
        let opened = other.organisation(&app.store, scope).await;
        opened.expect("the other node has opened them");
        dispose_organisation(app, organisation)
            .await
            .expect("it has keys");
        let gone = app.keys.organisation(&app.store, scope).await;
        assert!(is_destroyed(&gone), "{gone:?}");
        former.is_sound(&app.store).await;
        beside.keys().await;

        // With the ledger's line there: neither where they were forgotten nor where they were open.
        t.behind_the_back(&back).await;
        // As after two seconds.
        other.look_again(organisation);
        for keys in [&app.keys, &other] {
            let gone = keys.organisation(&app.store, scope).await;
            assert!(is_destroyed(&gone), "{gone:?}");
        }
        assert_eq!(former.replay(&app.store).await, 1);

        // The twin: without the line they are back until the next start.
        t.behind_the_back(&back).await;
        t.without_triggers(LINES).await;
        for keys in [&app.keys, &other] {
            let back = keys.organisation(&app.store, scope).await;
            back.expect("nothing says that they were destroyed");
        }
        assert_eq!(former.replay(&app.store).await, 1);
        for keys in [&app.keys, &other] {
            keys.look_again(organisation);
            let gone = keys.organisation(&app.store, scope).await;
            assert!(is_destroyed(&gone), "{gone:?}");
        }
        beside.keys().await;
        let twice = dispose_organisation(app, organisation).await;
        assert!(matches!(twice, Err(DisposalError::Gone)), "{twice:?}");
    });
}
