//! Rotation under load: a server that does the work is killed in the middle, another node of the same installation writes and
//! reads all the time. No request fails and no value is lost.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use countersign::assurance::keys::rotation::actions::{ordered, standing_of};
use countersign::assurance::keys::rotation::rules::Level;
use countersign::params;
use countersign::platform::app::App;
use countersign::platform::clock::Clock;
use countersign::platform::config::{CommandLine, Config, Environment};
use countersign::platform::ids::{Id as _, OrgId, PersonId};
use countersign::platform::installation::{self, Opening};
use countersign::platform::keys::KeyError;
use countersign::platform::keys::fields::{SSO_SUBJECT, VENDOR_VAT_ID};
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::journal::verify;
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};
use countersign_sealing::{Sealed, SystemEntropy};
use serde_json::json;
use uuid::Uuid;

use super::support::desk::{Desk, Typed};
use super::support::postgres::{Cluster, Database};
use super::support::server::Server;
use super::support::{counts, measured};
use super::two_servers::{launch, settings};

const PART: &str = "key_rotation";
const SEED: u64 = 0;
const RESULT: &str = "PostgreSQL, two nodes";
/// Values that are filled in by one transaction.
const BATCH: u64 = 50;
const PATIENCE: Duration = Duration::from_secs(50 * 60);

const ORGANISATION: Sql = Sql::lookup("SELECT id FROM organisations");
const PERSON: Sql = Sql::read("SELECT id FROM people WHERE org_id = $1");
const IDENTITY: Sql = Sql::change(
    "sso_identities",
    "INSERT INTO sso_identities (org_id, id, connection_id, subject_index, subject_sealed, person_id, created_us, version) \
     VALUES ($1, $2, 'c', $3, $4, $5, $6, 1) RETURNING id",
);
const VENDOR: Sql = Sql::change(
    "vendors",
    "INSERT INTO vendors (org_id, id, name, name_key, status, country, street, building, post_code, town, vat_id_sealed, \
     terms_days, created_us, version) VALUES ($1, $2, 'v', 'v', 'active', 'DE', '', '', '', '', $3, 30, $4, 1) RETURNING id",
);
const SEALED_IDENTITY: Sql =
    Sql::read("SELECT subject_sealed FROM sso_identities WHERE org_id = $1 AND id = $2");
const SEALED_VENDOR: Sql =
    Sql::read("SELECT vat_id_sealed FROM vendors WHERE org_id = $1 AND id = $2");
const IDENTITIES: Sql = Sql::read("SELECT id FROM sso_identities WHERE org_id = $1");
const VENDORS: Sql = Sql::read("SELECT id FROM vendors WHERE org_id = $1");

/// The second node, in this process.
struct Node {
    app: App,
    scope: Scope,
    person: PersonId,
}

impl Node {
    async fn open(data: &Path, database: &Database) -> Self {
        let variables = settings(database).into_iter();
        let variables = variables.map(|(name, value)| (name.into(), value.into()));
        let given = CommandLine {
            data: Some(data.to_owned()),
            ..CommandLine::default()
        };
        let config = Config::load(&given, &Environment::of(variables)).expect("it is sound");
        let entropy = Arc::new(SystemEntropy);
        let app = installation::open(&config, Clock::System, entropy, None, Opening::AsItIs);
        let app = app.await.expect("the server made it");
        let found = app
            .store
            .lookup::<_, StoreError, _>(|lookup| lookup.one(&ORGANISATION, []));
        let (organisation,): (OrgId,) = found.await.expect("it was set up");
        let scope = Scope::of(organisation);
        let found = app
            .store
            .read::<_, StoreError, _>(scope, |read| read.one(&PERSON, []));
        let (person,): (PersonId,) = found.await.expect("its administrator");
        Self { app, scope, person }
    }

    /// Writes so many values, half of them the organisation's own and half of new subjects. Each holds its row's id.
    async fn write(&self, count: u64) -> Result<Vec<Uuid>, KeyError> {
        let app = &self.app;
        let keys = app.keys.organisation(&app.store, self.scope).await?;
        let caller = app.caller(self.scope, CredentialKind::CommandLine, app.id());
        let person = self.person;
        let write = app.store.write::<_, KeyError, _>(caller, move |tx| {
            let (own, now) = (keys.own(tx)?, tx.now());
            let mut ids = Vec::new();
            for at in 0..count {
                let id: PersonId = tx.id();
                let value = id.to_string();
                if at % 2 == 0 {
                    let row = *id.uuid().as_bytes();
                    let sealed = own.seal(SSO_SUBJECT, row, &value, tx.entropy());
                    let index = keys.blind_index(SSO_SUBJECT, &value);
                    tx.change_one(&IDENTITY, params![id, index, sealed, person, now])?;
                } else {
                    let key = keys.create_subject(tx, id)?;
                    let sealed = key.seal(VENDOR_VAT_ID, id, &value, tx.entropy());
                    tx.change_one(&VENDOR, params![id, sealed, now])?;
                }
                ids.push(id.uuid());
            }
            Ok(tx.commit(Entry::new("vendor.added", "vendor", person), ids)?)
        });
        write.await
    }

    /// Whether the row's value is there and is the row's id.
    async fn is_there(&self, id: Uuid) -> Result<bool, KeyError> {
        let app = &self.app;
        let keys = app.keys.organisation(&app.store, self.scope).await?;
        let row = PersonId::from_uuid(id);
        let read = app.store.read::<_, KeyError, _>(self.scope, move |read| {
            let own: Option<(Sealed<String>,)> = read.maybe(&SEALED_IDENTITY, params![row])?;
            if let Some((sealed,)) = own {
                return Ok(Some(keys.open(SSO_SUBJECT, id.into_bytes(), &sealed)?));
            }
            let of: Option<(Sealed<String>,)> = read.maybe(&SEALED_VENDOR, params![row])?;
            let Some((sealed,)) = of else {
                return Ok(None);
            };
            Ok(Some(keys.subject(read, row)?.open(
                VENDOR_VAT_ID,
                row,
                &sealed,
            )?))
        });
        let open = read.await?;
        Ok(open.is_some_and(|open| *open.expose() == id.to_string()))
    }

    async fn ids(&self) -> Vec<Uuid> {
        let read = self.app.store.read::<_, StoreError, _>(self.scope, |read| {
            let mut all: Vec<(String,)> = read.all(&IDENTITIES, [])?;
            all.extend(read.all::<(String,)>(&VENDORS, [])?);
            Ok(all)
        });
        let all = read.await.expect("it reads").into_iter();
        all.map(|(id,)| id.parse().expect("an id")).collect()
    }
}

/// What the second node did meanwhile.
#[derive(Default)]
struct Meanwhile {
    stop: AtomicBool,
    written: AtomicU64,
    read: AtomicU64,
    failed: AtomicU64,
}

async fn writes(node: Arc<Node>, meanwhile: Arc<Meanwhile>) {
    while !meanwhile.stop.load(Ordering::Relaxed) {
        match node.write(2).await {
            Ok(ids) => meanwhile
                .written
                .fetch_add(ids.len() as u64, Ordering::Relaxed),
            Err(error) => {
                eprintln!("a write failed: {error:?}");
                meanwhile.failed.fetch_add(1, Ordering::Relaxed)
            }
        };
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn reads(node: Arc<Node>, ids: Arc<Vec<Uuid>>, meanwhile: Arc<Meanwhile>) {
    let mut at = 0;
    while !meanwhile.stop.load(Ordering::Relaxed) {
        // A step that shares no divisor with the count goes through all of them.
        at = (at + 7919) % ids.len();
        match node.is_there(ids[at]).await {
            Ok(true) => meanwhile.read.fetch_add(1, Ordering::Relaxed),
            found => {
                eprintln!("a read failed: {found:?}");
                meanwhile.failed.fetch_add(1, Ordering::Relaxed)
            }
        };
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Rotates a level, and kills the server so many times before it is done.
async fn rotate(node: &Node, server: &mut Server, level: Level, kills: u64) -> u64 {
    let caller = node
        .app
        .caller(node.scope, CredentialKind::CommandLine, node.app.id());
    ordered(&node.app, caller, level).await.expect("ordered");
    let started = Instant::now();
    let (mut killed, mut total) = (0, 0);
    loop {
        let all = standing_of(&node.app, node.scope).await.expect("it reads");
        let standing = all.iter().find(|standing| standing.level == level);
        let standing = standing.expect("every level");
        let Some(rotation) = standing.under_way() else {
            assert_eq!(standing.left, 0, "{level}");
            break;
        };
        total = total.max(rotation.total.unsigned_abs());
        // In the middle of the work: at so many parts of what there was to do.
        let left = standing.left.unsigned_abs();
        let is_at = left > 0 && left < total * (kills - killed) / (kills + 1) + 1;
        // What was soon done is killed while the old key has its time of grace.
        let is_done = left == 0 && standing.version != Some(1);
        if killed < kills && (is_at || is_done) {
            tokio::task::block_in_place(|| {
                server.kill();
                server.restart();
            });
            killed += 1;
        }
        assert!(started.elapsed() < PATIENCE, "{level}: {standing:?}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
    killed
}

#[test]
fn no_request_fails_and_no_value_is_lost_while_a_node_that_rotates_is_killed() {
    if measured::already(PART, RESULT) {
        return;
    }
    let (count, kills) = (counts::of(PART, 300, 100_000), counts::of(PART, 1, 3));
    let levels: &[Level] = match counts::running() == PART {
        true => &[Level::Values, Level::Subjects],
        false => &[Level::Values],
    };
    let database = Cluster::shared().empty();
    let mut server = Server::start(launch(&settings(&database)));
    drop(Desk::set_up(&server, &Typed::default()));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let node = Arc::new(Node::open(server.data(), &database).await);
        let mut ids = Vec::new();
        while (ids.len() as u64) < count {
            ids.extend(node.write(BATCH).await.expect("filled"));
        }
        let ids = Arc::new(ids);
        let meanwhile = Arc::new(Meanwhile::default());
        let mut tasks = Vec::new();
        for _ in 0..2 {
            tasks.push(tokio::spawn(writes(Arc::clone(&node), Arc::clone(&meanwhile))));
            let read = reads(Arc::clone(&node), Arc::clone(&ids), Arc::clone(&meanwhile));
            tasks.push(tokio::spawn(read));
        }
        let started = Instant::now();
        let mut killed = 0;
        for level in levels {
            killed += rotate(&node, &mut server, *level, kills).await;
        }
        let took = started.elapsed();
        meanwhile.stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.expect("no task panics");
        }
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (written, read) = (of(&meanwhile.written), of(&meanwhile.read));
        assert_eq!(of(&meanwhile.failed), 0, "requests failed");
        assert!(killed >= kills && written > 0 && read > 0, "{killed} {written} {read}");
        let all = node.ids().await;
        assert_eq!(all.len() as u64, ids.len() as u64 + written, "rows");
        for id in &all {
            assert!(node.is_there(*id).await.expect("it opens"), "{id} is lost");
        }
        let verified = verify(&node.app.store, node.scope, node.app.now()).await;
        let bad = verified.expect("it reads").bad;
        assert!(bad.is_none(), "{bad:?}");
        let figures = json!({
            "kills": killed, "values": all.len(), "written_meanwhile": written, "read_meanwhile": read,
            "failed_requests": 0, "lost_values": 0,
        });
        measured::record(PART, RESULT, count, SEED, took, figures);
    });
}
