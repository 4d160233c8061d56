//! What a start tells the journal of keys is cut off, or cannot be told to one organisation: nobody else waits for it, and the next
//! start tells the rest. On the embedded engine, which has two files.

use std::sync::Arc;

use countersign::assurance::keys::rotation::actions::ordered;
use countersign::assurance::keys::rotation::rules::{ANNOUNCED_US, GRACE_US, Level};
use countersign::platform::app::App;
use countersign::platform::clock::Micros;
use countersign::platform::documents::Documents;
use countersign::platform::ids::PersonId;
use countersign::platform::keys::{KeyError, Keyring, Roots};
use countersign::platform::store::journal::read;
use countersign::platform::store::{Entry, StoreError};
use countersign_sealing::SystemEntropy;

use super::rotation::do_jobs_of;
use super::told::{reason, tell, tells};
use crate::disposal::copy;
use crate::support::stores::{Home, TestStore, embedded, opened_in};
use crate::support::temp::TempDir;
use crate::support::world::World;

/// More than two entries tell of.
const KEYS: usize = 1100;

/// Two organisations, whose database is from before a rotation of both.
struct Behind {
    houses: [World; 2],
    files: TempDir,
}

impl Behind {
    async fn new() -> Self {
        let t = Arc::new(TestStore::embedded().await);
        let one = World::new(&t).await;
        t.clock.advance(Micros::SECOND);
        let another = one.beside().await;
        let (app, files) = (Arc::clone(&one.app), TempDir::new("behind"));
        let Home::Embedded(home) = &t.home else {
            panic!("the embedded engine has two files")
        };
        for (house, count) in [(&one, KEYS), (&another, 1)] {
            has_vendors(house, count).await;
        }
        t.clock.advance(Micros::SECOND);
        copy(home.path(), files.path(), "t.db");
        for house in [&one, &another] {
            let order = ordered(&app, house.caller(), Level::Values);
            order.await.expect("ordered");
        }
        for wait_us in [ANNOUNCED_US, GRACE_US, GRACE_US] {
            t.clock.advance(wait_us);
            do_jobs_of(&app).await;
        }
        copy(home.path(), files.path(), "keys.db");
        Self {
            houses: [one, another],
            files,
        }
    }

    /// A start on the two files.
    fn start(&self) -> App {
        let house = &self.houses[0];
        let at = |name: &str| house.roots.path().join(name);
        let roots = Roots::open(&at("storage"), &at("field"), false, &SystemEntropy);
        App::new(
            opened_in(self.files.path()),
            Keyring::new(roots.expect("they were made before")),
            Documents::open(&at("documents")).expect("the same folder"),
            house.t.clock.clone(),
            house.app.public_url.clone(),
        )
    }

    fn execute(&self, sql: &str) {
        let connection = embedded(&self.files);
        connection.execute_batch(sql).expect("the statement runs");
    }

    /// What keeps the journal of one of them from being told.
    fn refuses(&self, house: &World, of: &str) {
        let organisation = house.organisation;
        self.execute(&format!(
            "CREATE TRIGGER refuses BEFORE INSERT ON journal_entries WHEN NEW.org_id = '{organisation}' \
             AND NEW.action = 'keys.told-again' AND {of} BEGIN SELECT RAISE(ABORT, 'refused'); END;"
        ));
    }

    fn takes_again(&self) {
        self.execute("DROP TRIGGER refuses;");
    }
}

async fn has_vendors(house: &World, count: usize) {
    let keys = house
        .app
        .keys
        .organisation(&house.app.store, house.caller().scope);
    let keys = keys.await.expect("they open");
    let write = house
        .app
        .store
        .write::<_, KeyError, _>(house.caller(), move |tx| {
            for _ in 0..count {
                let vendor: PersonId = tx.id();
                keys.create_subject(tx, vendor)?;
                tx.journal(Entry::new("vendor.added", "vendor", vendor))?;
            }
            Ok(tx.done(())?)
        });
    write.await.expect("they have keys");
}

/// How many entries told of a part of its keys, or of the last.
async fn told(app: &App, house: &World, kind: &str) -> i64 {
    let filter = read::Filter {
        action: "keys.told-again".to_owned(),
        object_kind: kind.to_owned(),
        ..read::Filter::default()
    };
    let counted = app
        .store
        .read::<_, StoreError, _>(house.caller().scope, move |reads| {
            read::count(reads, &filter)
        });
    counted.await.expect("it reads")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_cut_off_between_two_entries_is_told_by_the_next_start() {
    let behind = Behind::new().await;
    let house = &behind.houses[0];
    let app = behind.start();
    behind.refuses(
        house,
        "EXISTS (SELECT 1 FROM journal_entries WHERE org_id = NEW.org_id AND action = NEW.action AND object_kind LIKE 'key-store%')",
    );
    assert!(tells(&app).await.is_err(), "the second part was refused");
    assert_eq!(told(&app, house, "key-store-part").await, 1);
    behind.takes_again();
    let left = reason(&app, house.caller().scope).await;
    assert!(left.is_some(), "the twin: something was left");
    drop(app);

    let app = behind.start();
    app.keys.has_to_tell();
    assert!(tell(&app).await > 0);
    assert!(app.keys.is_told(None));
    assert_eq!(reason(&app, house.caller().scope).await, None);
    assert_eq!(told(&app, house, "key-store-part").await, 2);
    assert_eq!(told(&app, house, "key-store").await, 1);
    assert_eq!(tell(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_that_cannot_be_told_keeps_no_other_from_its_turn() {
    for refused in [0, 1] {
        let behind = Behind::new().await;
        let (house, other) = (&behind.houses[refused], &behind.houses[1 - refused]);
        let app = behind.start();
        app.keys.has_to_tell();
        behind.refuses(house, "1");
        assert!(tells(&app).await.is_err(), "it is to be tried again");
        let is_told = |of: &World| app.keys.is_told(Some(of.organisation));
        assert!(is_told(other), "her rotations go on");
        assert!(!is_told(house), "its own wait");
        assert!(!app.keys.is_told(None));
        behind.takes_again();
        assert_eq!(reason(&app, other.caller().scope).await, None);
        assert!(reason(&app, house.caller().scope).await.is_some());
        assert!(tell(&app).await > 0);
        assert!(app.keys.is_told(None) && is_told(house));
        assert_eq!(reason(&app, house.caller().scope).await, None);
    }
}
