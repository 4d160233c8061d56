//! Rotation under load: a server that does the work is killed in the middle of each level, another node of the same installation
//! writes and reads all the time. No request fails and no value is lost.

mod embedded;
mod node;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use countersign::assurance::keys::rotation::actions::{ordered, standing_of};
use countersign::assurance::keys::rotation::rules::Level;
use countersign::platform::keys::subjects;
use countersign::platform::scope::CredentialKind;
use countersign::platform::store::StoreError;
use countersign::platform::store::journal::verify;
use serde_json::json;
use uuid::Uuid;

use self::node::{Filed, Node};
use super::support::desk::{Desk, Typed};
use super::support::postgres::Cluster;
use super::support::server::Server;
use super::support::{counts, measured};
use super::two_servers::{launch, settings};

const PART: &str = "key_rotation";
const SEED: u64 = 0;
const RESULT: &str = "PostgreSQL, two nodes";
const PATIENCE: Duration = Duration::from_secs(50 * 60);

/// What the second node did meanwhile.
#[derive(Default)]
struct Meanwhile {
    stop: AtomicBool,
    written: AtomicU64,
    read: AtomicU64,
    failed: AtomicU64,
    filed: Mutex<Vec<Filed>>,
}

impl Meanwhile {
    fn fails(&self, what: &str, error: &dyn std::fmt::Debug) {
        eprintln!("{what} failed: {error:?}");
        self.failed.fetch_add(1, Ordering::Relaxed);
    }
}

async fn writes(node: Arc<Node>, meanwhile: Arc<Meanwhile>) {
    let (mut filed, mut rounds) = (Vec::new(), 0);
    while !meanwhile.stop.load(Ordering::Relaxed) {
        match node.write(2).await {
            Ok(ids) => {
                let count = ids.len() as u64;
                meanwhile.written.fetch_add(count, Ordering::Relaxed);
            }
            Err(error) => meanwhile.fails("a write", &error),
        }
        rounds += 1;
        if rounds % 10 == 0 {
            match node.file().await {
                Ok(one) => filed.push(one),
                Err(error) => meanwhile.fails("a document", &error),
            }
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    meanwhile.filed.lock().expect("no panic").extend(filed);
}

async fn reads(
    node: Arc<Node>,
    (ids, filed): (Arc<Vec<Uuid>>, Arc<Vec<Filed>>),
    meanwhile: Arc<Meanwhile>,
) {
    let mut at = 0;
    while !meanwhile.stop.load(Ordering::Relaxed) {
        // A step that shares no divisor with the counts goes through all of them.
        at += 7919;
        let value = node.is_there(ids[at % ids.len()]).await;
        let document = node.is_filed(&filed[at % filed.len()]).await;
        match (value, document) {
            (Ok(true), Ok(true)) => {
                meanwhile.read.fetch_add(2, Ordering::Relaxed);
            }
            found => meanwhile.fails("a read", &found),
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A level that is rotated.
struct Work {
    level: Level,
    total: u64,
    killed: u64,
}

impl Work {
    /// Whether the server is to be killed now. None where the level is done.
    async fn is_at(&mut self, node: &Node, kills: u64) -> Option<bool> {
        let all = standing_of(&node.app, node.scope).await.expect("it reads");
        let standing = all.iter().find(|standing| standing.level == self.level);
        let standing = standing.expect("every level");
        let Some(rotation) = standing.under_way() else {
            assert_eq!(standing.left, 0, "{}", self.level);
            return None;
        };
        self.total = self.total.max(rotation.total.unsigned_abs());
        let left = match self.level {
            // Keys that have a younger one count as left until they are destroyed.
            Level::Subjects => {
                let ordered = rotation.ordered;
                let read = node
                    .app
                    .store
                    .read::<_, StoreError, _>(node.scope, move |read| {
                        subjects::count_older(read, ordered)
                    });
                read.await.expect("it reads").unsigned_abs()
            }
            Level::Values | Level::Documents => standing.left.unsigned_abs(),
        };
        // In the middle of the work: at so many parts of what there was to do.
        let is_at = left > 0 && left < self.total * (kills - self.killed) / (kills + 1) + 1;
        // What was soon done is killed while the old key has its time of grace.
        let is_done = left == 0 && standing.version != Some(1);
        Some(self.killed < kills && (is_at || is_done))
    }
}

/// Rotates these levels at once, and kills the server so many times before each of them is done. Gives how often.
async fn rotate(node: &Node, server: &mut Server, levels: &[Level], kills: u64) -> u64 {
    let mut all = Vec::new();
    for level in levels {
        let kind = CredentialKind::CommandLine;
        let caller = node.app.caller(node.scope, kind, node.app.id());
        ordered(&node.app, caller, *level).await.expect("ordered");
        let (total, killed) = (0, 0);
        all.push(Work {
            level: *level,
            total,
            killed,
        });
    }
    let started = Instant::now();
    loop {
        let mut under_way = 0;
        for work in &mut all {
            let Some(is_at) = work.is_at(node, kills).await else {
                assert_eq!(work.killed, kills, "{}", work.level);
                continue;
            };
            under_way += 1;
            if is_at {
                tokio::task::block_in_place(|| {
                    server.kill();
                    server.restart();
                });
                work.killed += 1;
            }
        }
        if under_way == 0 {
            return all.iter().map(|work| work.killed).sum();
        }
        assert!(started.elapsed() < PATIENCE, "{levels:?}");
        tokio::time::sleep(Duration::from_millis(30)).await;
    }
}

#[test]
fn no_request_fails_and_no_value_is_lost_while_a_node_that_rotates_is_killed() {
    if measured::already(PART, RESULT) {
        return;
    }
    let (count, kills) = (counts::of(PART, 300, 100_000), counts::of(PART, 1, 3));
    let documents = counts::of(PART, 50, 2_000);
    // In the reduced form all at once: each of them takes its minute of grace.
    let levels: &[&[Level]] = match counts::running() == PART {
        true => &[&[Level::Values], &[Level::Documents], &[Level::Subjects]],
        false => &[&[Level::Values, Level::Documents, Level::Subjects]],
    };
    let database = Cluster::shared().empty();
    let settings = settings(&database);
    let mut server = Server::start(launch(&settings));
    drop(Desk::set_up(&server, &Typed::default()));
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let node = Arc::new(Node::open(server.data(), &settings).await);
        let (ids, filed) = node.fill(count, documents).await;
        let (ids, filed) = (Arc::new(ids), Arc::new(filed));
        let meanwhile = Arc::new(Meanwhile::default());
        let mut tasks = Vec::new();
        for _ in 0..2 {
            tasks.push(tokio::spawn(writes(Arc::clone(&node), Arc::clone(&meanwhile))));
            let what = (Arc::clone(&ids), Arc::clone(&filed));
            tasks.push(tokio::spawn(reads(Arc::clone(&node), what, Arc::clone(&meanwhile))));
        }
        let started = Instant::now();
        let mut killed = 0;
        for levels in levels {
            killed += rotate(&node, &mut server, levels, kills).await;
        }
        let took = started.elapsed();
        meanwhile.stop.store(true, Ordering::Relaxed);
        for task in tasks {
            task.await.expect("no task panics");
        }
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (written, read) = (of(&meanwhile.written), of(&meanwhile.read));
        assert_eq!(of(&meanwhile.failed), 0, "requests failed");
        assert!(written > 0 && read > 0, "{written} {read}");
        let all = node.ids().await;
        assert_eq!(all.len() as u64, ids.len() as u64 + written, "rows");
        for id in &all {
            assert!(node.is_there(*id).await.expect("it opens"), "{id} is lost");
        }
        let later = std::mem::take(&mut *meanwhile.filed.lock().expect("no panic"));
        for one in filed.iter().chain(&later) {
            let is_filed = node.is_filed(one).await;
            assert!(is_filed.expect("it opens"), "{} is lost", one.1);
        }
        let verified = verify(&node.app.store, node.scope, node.app.now()).await;
        let bad = verified.expect("it reads").bad;
        assert!(bad.is_none(), "{bad:?}");
        let figures = json!({
            "kills": killed, "values": all.len(), "documents": filed.len() + later.len(), "written_meanwhile": written,
            "read_meanwhile": read, "failed_requests": 0, "lost_values": 0,
        });
        measured::record(PART, RESULT, count, SEED, took, figures);
    });
}
