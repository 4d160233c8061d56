//! What keeps a key from being destroyed, taken away: it is destroyed then, so that nothing else had kept it.

use std::sync::Arc;

use countersign::assurance::keys::disposal::DisposalRequestId;
use countersign::assurance::keys::disposal::actions::{DisposalError, decide, propose};
use countersign::assurance::keys::disposal::rules::OPEN_US;
use countersign::identity::access::{HumanId, Role};
use countersign::identity::powers::Verdict;
use countersign::params;
use countersign::payables::bills::rules::BillKind;
use countersign::payables::vendors::rules::VendorStatus;
use countersign::platform::app::App;
use countersign::platform::clock::Micros;
use countersign::platform::documents::Documents;
use countersign::platform::keys::disposals::{Disposable, Standing};
use countersign::platform::keys::{Keyring, Roots};
use countersign::platform::scope::Scope;
use countersign::platform::store::{Entry, Sql, StoreError, Tx, Value};
use countersign_sealing::SystemEntropy;

use super::{Former, is_destroyed};
use crate::payments::house::House;
use crate::support::app::disposables;
use crate::support::stores::{Home, TestStore, embedded, on_both};
use crate::support::world::{Somebody, World, fresh};
use crate::vendors::IBAN;

const ANOTHER_HUMAN: Sql = Sql::change(
    "people",
    "UPDATE people SET human_id = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const ASKED_BY_ANOTHER: Sql = Sql::change(
    "key_disposal_requests",
    "UPDATE key_disposal_requests SET proposed_human_id = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const LATER: Sql = Sql::change(
    "key_disposal_requests",
    "UPDATE key_disposal_requests SET expires_us = $3, version = version + 1 WHERE org_id = $1 AND id = $2 RETURNING id",
);

impl Former {
    async fn confirmed_by(
        &self,
        who: &Somebody,
        request: DisposalRequestId,
    ) -> Result<(), DisposalError> {
        let by = who.access().await;
        decide(&self.world().app, &by, request, Verdict::Confirm).await
    }

    async fn is_gone(&self) {
        let gone = self.opens_in(&self.world().app.store).await;
        assert!(is_destroyed(&gone), "{gone:?}");
    }
}

/// A change by somebody who can make the rows' codes.
async fn with_code(world: &World, sql: Sql, params: Vec<Value>) {
    let mut caller = world.caller();
    caller.now = world.app.now();
    let write = world
        .app
        .store
        .write::<_, StoreError, _>(caller, move |tx| {
            tx.change_one(&sql, &params)?;
            tx.commit(Entry::new("test.changed", "test", "disposal"), ())
        });
    write.await.expect("written");
}

#[test]
fn a_second_account_that_passes_for_another_human_destroys() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        former.archive().await;
        let request = former.propose().await.expect("nothing needs it");
        let roles = [Role::Administrator];
        let world = former.world();
        let twice = world
            .somebody_as("Asa too", &roles, former.asks.human)
            .await;
        let own = former.confirmed_by(&twice, request).await;
        assert!(matches!(own, Err(DisposalError::SameHuman)), "{own:?}");
        let other: HumanId = fresh(world);
        let params = params![twice.person, other].to_vec();
        with_code(world, ANOTHER_HUMAN, params).await;
        former
            .confirmed_by(&twice, request)
            .await
            .expect("it is believed");
        former.is_gone().await;
    });
}

#[test]
fn a_request_that_passes_for_another_humans_is_confirmed_by_whoever_asked() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        former.archive().await;
        let request = former.propose().await.expect("nothing needs it");
        let other: HumanId = fresh(former.world());
        // Put back before the row's code is made anew: what somebody changed before does not become ours.
        for (human, is_written) in [(other, true), (former.asks.human, false)] {
            t.behind_the_back(&format!(
                "UPDATE key_disposal_requests SET proposed_human_id = '{human}' WHERE id = '{request}'"
            ))
            .await;
            let done = former.confirmed_by(&former.asks, request).await;
            let is_forged = matches!(
                done,
                Err(DisposalError::Store(StoreError::Forged { table, .. })) if table == "key_disposal_requests"
            );
            assert_eq!(is_forged, is_written, "{done:?}");
        }
        let params = params![request, other].to_vec();
        with_code(former.world(), ASKED_BY_ANOTHER, params).await;
        former
            .confirmed_by(&former.asks, request)
            .await
            .expect("it is believed");
        former.is_gone().await;
    });
}

#[test]
fn a_request_whose_week_somebody_lengthens_is_confirmed_late() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        former.archive().await;
        let request = former.propose().await.expect("nothing needs it");
        t.clock.advance(OPEN_US);
        let world = former.world();
        let roles = [Role::Administrator];
        let again = world
            .somebody_as("Bo again", &roles, former.confirms.human)
            .await;
        let late = former.confirmed_by(&again, request).await;
        assert!(matches!(late, Err(DisposalError::Late)), "{late:?}");
        let until = Micros(t.clock.now().0 + 1);
        with_code(world, LATER, params![request, until].to_vec()).await;
        former
            .confirmed_by(&again, request)
            .await
            .expect("it is believed");
        former.is_gone().await;
    });
}

fn nothing_needs_it(_: &mut Tx<'_>, _: &str) -> Result<Standing, StoreError> {
    Ok(Standing::Free("whoever it is".to_owned()))
}

/// The same installation, whose fields do not say what still needs a key.
fn careless(world: &World) -> App {
    let at = |name: &str| world.roots.path().join(name);
    let roots = Roots::open(&at("storage"), &at("field"), false, &SystemEntropy);
    let mut app = App::new(
        world.t.store.clone(),
        Keyring::new(roots.expect("they were made before")),
        Documents::open(&at("documents")).expect("the same folder"),
        world.t.clock.clone(),
        world.app.public_url.clone(),
    );
    let careless = |of: Disposable| Disposable {
        standing: nothing_needs_it,
        ..of
    };
    app.disposables = disposables().into_iter().map(careless).collect();
    app
}

#[test]
fn where_nobody_says_what_needs_it_a_key_is_destroyed_under_an_open_bill() {
    on_both(|t: Arc<TestStore>| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        house.captured(vendor, 5_000, BillKind::Standard, "").await;
        let archived = VendorStatus::Archived;
        house.office.set_status(vendor, archived).await;
        let world = house.world();
        let (asks, confirms) = (
            world.somebody("Asa", &[Role::Administrator]).await,
            world.somebody("Bo", &[Role::Administrator]).await,
        );
        let subject = vendor.to_string();
        let ask = async |app: &App| {
            let by = asks.access().await;
            propose(app, &by, "vendor", &subject, "It is over.").await
        };
        let refused = ask(&world.app).await;
        assert!(
            matches!(refused, Err(DisposalError::Needed(_))),
            "{refused:?}"
        );
        let careless = careless(world);
        let request = ask(&careless).await.expect("nobody says that it is needed");
        let by = confirms.access().await;
        // Whoever confirms is asked again, in the transaction that destroys.
        let refused = decide(&world.app, &by, request, Verdict::Confirm).await;
        assert!(
            matches!(refused, Err(DisposalError::Needed(_))),
            "{refused:?}"
        );
        decide(&careless, &by, request, Verdict::Confirm)
            .await
            .expect("nobody says that it is needed");
        let keys = world.keys().await;
        let scope = Scope::of(world.organisation);
        let read = world
            .app
            .store
            .read(scope, move |read| keys.subject(read, vendor));
        let gone = read.await.map(drop);
        assert!(is_destroyed(&gone), "{gone:?}");
    });
}

/// Whether the database takes a statement of its owner's.
fn takes(t: &TestStore, sql: &str) -> bool {
    match &t.home {
        Home::Embedded(dir) => embedded(dir).execute_batch(sql).is_ok(),
        Home::Grown(database) => tokio::task::block_in_place(|| database.query(sql)).is_ok(),
    }
}

#[test]
fn a_line_of_the_ledger_is_neither_changed_nor_deleted_while_its_triggers_stand() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        former.archive().await;
        former.destroy().await;
        let delete = "DELETE FROM countersign_keys.key_disposals;";
        let change = "UPDATE countersign_keys.key_disposals SET complete_us = 0;";
        assert!(!takes(&t, delete) && !takes(&t, change));
        former.is_gone().await;
        former.is_sound(&former.world().app.store).await;
        // The guard taken away: a running server knows the key as one that is missing, no longer as one that was destroyed.
        t.without_triggers(delete).await;
        let store = &former.world().app.store;
        let lost = former.opens_in(store).await;
        assert!(lost.is_err() && !is_destroyed(&lost), "{lost:?}");
        // The journal tells of it, so that the next start writes the line again.
        assert_eq!(former.replay(store).await, 1);
        former.is_gone().await;
    });
}
