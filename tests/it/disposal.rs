//! What a destroyed key sealed opens no more, whatever is put back from a backup.

mod backups;
mod dumped;
mod erased;
mod lost;
mod offered;
mod organisation;
mod put_back;
mod rotated;
mod scrubbed;
mod unguarded;

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::sync::Arc;

use countersign::assurance::keys::disposal::actions::{
    DisposalError, Receipt, decide, find, propose,
};
use countersign::assurance::keys::reveals::actions::{RevealError, Wanted, ask};
use countersign::assurance::keys::reveals::{Named, Purpose, Revealable};
use countersign::identity::access::{Denied, FRESH_US, Role};
use countersign::identity::powers::Verdict;
use countersign::payables::bills::rules::BillKind;
use countersign::payables::ids::{AccountId, VendorId};
use countersign::payables::vendors::rules::VendorStatus;
use countersign::platform::clock::Micros;
use countersign::platform::ids::PersonId;
use countersign::platform::keys::{KeyError, disposals};
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{sequence_pending, verify};
use countersign::platform::store::{Entry, Store, StoreError};
use countersign::platform::web::locale::Locale;
use countersign::platform::web::messages::Messages;

use super::payments::house::House;
use super::support::stores::{Home, TestStore, id, on_both, opened_in};
use super::support::temp::TempDir;
use super::support::world::{Somebody, World};
use super::vendors::{IBAN, Office};

struct Former {
    office: Office,
    vendor: VendorId,
    account: AccountId,
    asks: Somebody,
    confirms: Somebody,
}

impl Former {
    /// A vendor with an account that is no longer used, and two administrators.
    async fn new(t: &Arc<TestStore>) -> Self {
        let office = Office::new(t).await;
        let (vendor, account) = office.payable_vendor("Nordwind", IBAN).await;
        let asks = office.world.somebody("Asa", &[Role::Administrator]).await;
        let confirms = office.world.somebody("Bo", &[Role::Administrator]).await;
        Self {
            office,
            vendor,
            account,
            asks,
            confirms,
        }
    }

    fn world(&self) -> &World {
        &self.office.world
    }

    async fn archive(&self) {
        self.office
            .set_status(self.vendor, VendorStatus::Archived)
            .await;
    }

    async fn propose(
        &self,
    ) -> Result<countersign::assurance::keys::disposal::DisposalRequestId, DisposalError> {
        let by = self.asks.access().await;
        let vendor = self.vendor.to_string();
        propose(&self.world().app, &by, "vendor", &vendor, "It is over.").await
    }

    async fn destroy(&self) {
        let id = self.propose().await.expect("nothing needs it");
        let by = self.confirms.access().await;
        decide(&self.world().app, &by, id, Verdict::Confirm)
            .await
            .expect("another human");
    }

    async fn reveal(&self) -> Result<(), RevealError> {
        let by = self
            .world()
            .somebody("Rita", &[Role::SecurityOfficer])
            .await;
        let wanted = Wanted {
            values: vec![Named {
                what: Revealable::VendorIban,
                row: self.account.to_string().parse().expect("an id"),
            }],
            vendors: Vec::new(),
            purpose: Some(Purpose::Audit),
            reason: "to look".to_owned(),
        };
        ask(&self.world().app, &by.access().await, wanted)
            .await
            .map(|_| ())
    }

    /// Whether the vendor's key opens in a store, by keys of the organisation.
    async fn opens_in(&self, store: &Store) -> Result<(), KeyError> {
        let (keys, vendor) = (self.world().keys().await, self.vendor);
        let scope = Scope::of(self.world().organisation);
        store
            .read(scope, move |read| keys.subject(read, vendor).map(|_| ()))
            .await
    }

    async fn replay(&self, store: &Store) -> usize {
        let app = &self.world().app;
        let job = countersign::platform::scope::CredentialKind::Job;
        disposals::replay(store, &app.disposables, |scope| {
            app.caller(scope, job, app.id())
        })
        .await
        .expect("it is replayed")
    }

    async fn is_sound(&self, store: &Store) {
        let now = Micros(self.world().app.now().0 + 1);
        sequence_pending(store, "test", now)
            .await
            .expect("entries get their numbers");
        let verified = verify(store, Scope::of(self.world().organisation), now).await;
        assert_eq!(verified.expect("it reads").bad.map(|bad| bad.reason), None);
    }
}

fn is_destroyed<T: std::fmt::Debug>(result: &Result<T, KeyError>) -> bool {
    matches!(result, Err(KeyError::Destroyed { .. }))
}

#[test]
fn two_humans_destroy_a_vendors_key_and_its_account_opens_no_more() {
    on_both(|t: Arc<TestStore>| async move {
        let former = Former::new(&t).await;
        let app = Arc::clone(&former.world().app);
        former.reveal().await.expect("the account opens");
        let needed = former.propose().await;
        assert!(
            matches!(needed, Err(DisposalError::Needed(_))),
            "{needed:?}"
        );
        former.archive().await;
        let request = former.propose().await.expect("nothing needs it");
        let again = former.propose().await;
        assert!(matches!(again, Err(DisposalError::Asked)), "{again:?}");

        let own = decide(&app, &former.asks.access().await, request, Verdict::Confirm).await;
        assert!(matches!(own, Err(DisposalError::SameHuman)), "{own:?}");
        t.clock.advance(FRESH_US);
        let stale = former.confirms.as_shown().await;
        let stale = decide(&app, &stale, request, Verdict::Confirm).await;
        let is_asked = matches!(stale, Err(DisposalError::Denied(Denied::NotFresh)));
        assert!(is_asked, "{stale:?}");
        former.reveal().await.expect("nothing is destroyed yet");

        let by = former.confirms.access().await;
        let done = decide(&app, &by, request, Verdict::Confirm).await;
        done.expect("another human, with a factor");
        let gone = former.reveal().await;
        let is_gone = matches!(&gone, Err(RevealError::Key(KeyError::Destroyed { .. })));
        assert!(is_gone, "{gone:?}");
        former.is_sound(&app.store).await;

        let (listed, of) = find(&app, &by, request).await.expect("it is there");
        let receipt = Receipt::of(&listed, &of, |why| Messages::text(Locale::En, why));
        let line = listed.disposal.expect("a line of the ledger");
        assert_eq!(line.complete.since(line.destroyed), 30 * Micros::DAY);
        assert!(receipt.complete.is_some());
        let stays = |column| {
            let mut all = receipt.stays.iter();
            all.find(|one| one.columns.contains(&column))
        };
        let why = &stays("vendors.name").expect("it says what stays").why;
        assert!(why.contains("are not sealed"), "{why}");
        let journal = &stays("journal_entries.canonical")
            .expect("and the journal")
            .why;
        assert!(journal.contains("stays provable"), "{journal}");
        let twice = former.propose().await;
        assert!(matches!(twice, Err(DisposalError::Gone)), "{twice:?}");
    });
}

#[test]
fn what_a_bill_still_needs_is_not_destroyed() {
    on_both(|t: Arc<TestStore>| async move {
        let house = House::new(&t).await;
        let (vendor, _) = house.office.payable_vendor("Nordwind", IBAN).await;
        house.captured(vendor, 5_000, BillKind::Standard, "").await;
        house
            .office
            .set_status(vendor, VendorStatus::Archived)
            .await;
        let asks = house.world().somebody("Asa", &[Role::Administrator]).await;
        let by = asks.access().await;
        let app = &house.world().app;
        let refused = propose(app, &by, "vendor", &vendor.to_string(), "It is over.").await;
        let is_needed = matches!(
            refused,
            Err(DisposalError::Needed("error-disposal-open-bill"))
        );
        assert!(is_needed, "{refused:?}");
        let active = propose(app, &by, "person", &asks.person.to_string(), "Gone.").await;
        let is_needed = matches!(
            active,
            Err(DisposalError::Needed("error-disposal-person-active"))
        );
        assert!(is_needed, "{active:?}");
    });
}

/// A database as it is now, with its log.
pub fn copy(from: &Path, to: &Path, name: &str) {
    for suffix in ["", "-wal"] {
        let file = format!("{name}{suffix}");
        if from.join(&file).exists() {
            fs::copy(from.join(&file), to.join(&file)).expect("both folders are ours");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn last_months_database_opens_nothing_that_was_destroyed_since() {
    let t = Arc::new(TestStore::embedded().await);
    let former = Former::new(&t).await;
    former.archive().await;
    let Home::Embedded(dir) = &t.home else {
        panic!("the embedded engine's files are copied")
    };
    let (month, both) = (TempDir::new("month"), TempDir::new("both"));
    copy(dir.path(), month.path(), "t.db");
    copy(dir.path(), both.path(), "t.db");
    copy(dir.path(), both.path(), "keys.db");
    former.destroy().await;

    // The general backup alone: the key store that is in use stays.
    copy(dir.path(), month.path(), "keys.db");
    let restored = opened_in(month.path());
    let gone = former.opens_in(&restored).await;
    assert!(is_destroyed(&gone), "{gone:?}");
    former.is_sound(&restored).await;
    let again = former.replay(&restored).await;
    assert_eq!(
        again, 2,
        "the journal is told, and shows no more than it did"
    );
    former.is_sound(&restored).await;

    // The twin: whoever copies the key store with the database keeps the key as well.
    let careless = opened_in(both.path());
    former.opens_in(&careless).await.expect("it opens");
    // What is put back without a key store is not served at all.
    let alone = TempDir::new("alone");
    copy(dir.path(), alone.path(), "t.db");
    let refused = std::panic::catch_unwind(|| opened_in(alone.path()));
    assert!(refused.is_err(), "a database without its key store");
}

/// A crash between the two commits leaves the key without its row, never the row without its key.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_reaches_the_key_store_before_the_database() {
    let t = Arc::new(TestStore::embedded().await);
    let world = World::new(&t).await;
    let Home::Embedded(dir) = &t.home else {
        panic!("the embedded engine's files are looked at")
    };
    let written = |name: &str| {
        let seen = fs::metadata(dir.path().join(name)).expect("its log");
        (seen.mtime(), seen.mtime_nsec())
    };
    for _ in 0..2_000 {
        let keys = world.keys().await;
        world
            .app
            .store
            .write::<_, StoreError, _>(world.caller(), move |tx| {
                let subject = id::<PersonId>();
                keys.create_subject(tx, subject)
                    .map_err(|_| StoreError::Missing)?;
                tx.commit(Entry::new("test.key-made", "person", subject), ())
            })
            .await
            .expect("a key");
        let (keys, database) = (written("keys.db-wal"), written("t.db-wal"));
        assert!(keys <= database, "the database was written first");
        if keys < database {
            return;
        }
    }
    panic!("the moments of 2,000 commits could not be told apart");
}
