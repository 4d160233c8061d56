//! Kill -9 in the middle of journaled writes, on each engine: what was acknowledged is there, the journal verifies,
//! and nothing is half done.
//!
//! The writer is this very binary, started again for [`the_writer`] alone. On PostgreSQL every other round kills the
//! engine too, which then recovers.

use std::collections::{BTreeMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::{Verification, sequence_pending, verify};
use countersign::platform::store::{
    Entry, FileKey, Files, Integrity, Reads as _, Sql, Store, StoreError,
};
use countersign_sealing::{Entropy as _, Key, SeededEntropy, SystemEntropy};
use rustix::process::Signal;
use serde_json::json;
use tokio_postgres_rustls::MakeRustlsConnect;

use super::support::certificate::trusting;
use super::support::child::Guarded;
use super::support::postgres::{self, Cluster, Durability};
use super::support::stores::{START, begin_journal, caller, id};
use super::support::temp::TempDir;
use super::support::{counts, measured};

const PART: &str = "kill9";
const SEED: u64 = 0x9;
const TASKS: usize = 8;
/// A writer is killed at most so long after its first acknowledgement.
const LONGEST_LIFE_MS: u64 = 250;
const PATIENCE: Duration = Duration::from_secs(60);

const INSERT: Sql = Sql::change(
    "gl_accounts",
    "INSERT INTO gl_accounts (org_id, id, code, name, version) VALUES ($1, $2, $3, $4, 1) RETURNING id",
);
const ROWS: Sql = Sql::read("SELECT id, code FROM gl_accounts WHERE org_id = $1 ORDER BY code");

/// Where the writer writes, told to it in its environment.
#[derive(Debug, Clone)]
enum Place {
    Embedded { file: PathBuf },
    Grown { url: String, ca: PathBuf },
}

impl Place {
    const FILE: &str = "KILL9_FILE";
    const URL: &str = "KILL9_URL";
    const CA: &str = "KILL9_CA";
    const ORGANISATION: &str = "KILL9_ORGANISATION";

    fn told(&self, command: &mut Command) {
        match self {
            Self::Embedded { file } => command.env(Self::FILE, file),
            Self::Grown { url, ca } => command.env(Self::URL, url).env(Self::CA, ca),
        };
    }

    fn from_environment() -> Option<Self> {
        if let Some(file) = std::env::var_os(Self::FILE) {
            return Some(Self::Embedded { file: file.into() });
        }
        let (url, ca) = (std::env::var(Self::URL).ok()?, std::env::var_os(Self::CA)?);
        Some(Self::Grown { url, ca: ca.into() })
    }

    async fn open(&self) -> Store {
        let entropy = Arc::new(SystemEntropy);
        let store = match self {
            Self::Embedded { file } => Store::open_embedded(
                Files::new(file, FileKey::new([7; 32]), FileKey::new([8; 32])),
                entropy,
            )
            .expect("the file opens"),
            Self::Grown { url, ca } => {
                let pem = std::fs::read_to_string(ca).expect("the cluster's authority");
                let config = url.parse().expect("the cluster's own URL");
                let tls = MakeRustlsConnect::new(trusting(&pem));
                let opened = Store::open_postgres(config, tls, entropy).await;
                opened.expect("the database opens")
            }
        };
        let key = Key::from_slice(&[9; 32]).expect("32 bytes");
        store.with_integrity(Arc::new(Integrity::new(&key)))
    }
}

/// Not a test of its own: what the tests below start and kill.
#[test]
#[ignore = "the process that the tests of this module kill"]
fn the_writer() {
    let Some(place) = Place::from_environment() else {
        return;
    };
    let organisation = std::env::var(Place::ORGANISATION).expect("the parent names it");
    let organisation: OrgId = organisation.parse().expect("an id");
    runtime().block_on(async {
        let store = place.open().await;
        begin_journal(&store, organisation).await;
        let sequencing = store.clone();
        tokio::spawn(async move {
            // The numbers are given meanwhile, so that some kills hit the sequencer.
            while sequence_pending(&sequencing, "writer", START).await.is_ok() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        });
        let tasks: Vec<_> = (0..TASKS)
            .map(|task| tokio::spawn(write_on(store.clone(), organisation, task)))
            .collect();
        for task in tasks {
            task.await.expect("no task panics");
        }
    });
}

/// Writes pairs of rows, each pair with one entry, and says which are done, until the engine is gone.
async fn write_on(store: Store, organisation: OrgId, task: usize) {
    for n in 0_u32.. {
        let written = store
            .write::<_, StoreError, _>(caller(organisation, START), move |tx| {
                let (first, second) = (tx.id::<OrgId>().to_string(), tx.id::<OrgId>().to_string());
                tx.change_one(&INSERT, params![&first, format!("{task}.{n}/a"), "Travel"])?;
                tx.change_one(&INSERT, params![&second, format!("{task}.{n}/b"), "Travel"])?;
                let entry = Entry::new("gl-account.added", "gl-account", &first);
                tx.commit(entry.fact("name", "Travel"), first)
            })
            .await;
        match written {
            Ok(id) => println!("written {id}"),
            Err(StoreError::Contended) => {}
            Err(_) => return,
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

/// A writer at work, and what it says it has written.
struct Writer {
    process: Guarded,
    written: mpsc::Receiver<String>,
}

impl Writer {
    fn start(place: &Place, organisation: OrgId) -> Self {
        let program = std::env::current_exe().expect("a running program has a path");
        let mut command = Command::new(program);
        command
            .args(["--exact", "kill9::the_writer", "--ignored", "--nocapture"])
            .env(Place::ORGANISATION, organisation.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        place.told(&mut command);
        let mut process = Guarded::spawn(&mut command, Signal::KILL, None);
        let stdout = process.child_mut().stdout.take().expect("it was asked for");
        let (send, written) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                if let Some(id) = line.strip_prefix("written ") {
                    let _ = send.send(id.to_owned());
                }
            }
        });
        Self { process, written }
    }

    /// Everything that it said before it ended.
    fn kill(mut self, first: String) -> Vec<String> {
        let ended = self.process.end(Signal::KILL, PATIENCE);
        assert!(ended.is_some(), "SIGKILL ends a process");
        std::iter::once(first).chain(self.written.iter()).collect()
    }
}

/// One kill; gives how many writes had been acknowledged.
fn kill_once(place: &Place, random: &SeededEntropy, mut engine: Option<&mut Cluster>) -> u64 {
    let organisation = id::<OrgId>();
    let writer = Writer::start(place, organisation);
    let first = writer.written.recv_timeout(PATIENCE);
    let first = first.expect("the writer acknowledges something");
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    std::thread::sleep(Duration::from_millis(
        u64::from_le_bytes(bytes) % LONGEST_LIFE_MS,
    ));
    if let Some(cluster) = engine.as_mut() {
        cluster.crash();
    }
    let acknowledged = writer.kill(first);
    if let Some(cluster) = engine {
        cluster.restart(Durability::Full);
    }
    let (rows, verification) = runtime().block_on(async {
        let store = place.open().await;
        // The dead writer's lease has run out by then.
        let later = START.plus_us(60_000_000);
        let (scope, deadline) = (Scope::of(organisation), Instant::now() + PATIENCE);
        loop {
            let sequenced = sequence_pending(&store, "after", later).await;
            sequenced.expect("the sequencer goes on");
            let rows: Result<Vec<(String, String)>, StoreError> =
                store.read(scope, |read| read.all(&ROWS, [])).await;
            let rows = rows.expect("it reads");
            let verification = verify(&store, scope, START).await.expect("it reads");
            // PostgreSQL may still be ending what the dead writer sent last.
            if verification.pending == 0 || Instant::now() > deadline {
                break (rows, verification);
            }
        }
    });
    if let Err(wrong) = judge(&acknowledged, &rows, &verification) {
        panic!("after a kill: {wrong}; {verification:?}");
    }
    u64::try_from(acknowledged.len()).expect("few enough")
}

/// What is wrong with the rows (id, code) that were found, if anything is.
fn judge(
    acknowledged: &[String],
    rows: &[(String, String)],
    verification: &Verification,
) -> Result<(), String> {
    let ids: HashSet<&str> = rows.iter().map(|(id, _)| id.as_str()).collect();
    if let Some(lost) = acknowledged.iter().find(|id| !ids.contains(id.as_str())) {
        return Err(format!("{lost} was acknowledged and is lost"));
    }
    let mut halves: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, code) in rows {
        *halves
            .entry(code.split('/').next().unwrap_or_default())
            .or_default() += 1;
    }
    if let Some((pair, _)) = halves.iter().find(|(_, halves)| **halves != 2) {
        return Err(format!("{pair} is half done"));
    }
    if let Some(bad) = &verification.bad {
        return Err(format!("the journal is bad: {}", bad.reason));
    }
    if verification.pending != 0 || usize::try_from(verification.size) != Ok(halves.len()) {
        return Err(format!(
            "{} writes have {} numbered entries and {} without a number",
            halves.len(),
            verification.size,
            verification.pending
        ));
    }
    Ok(())
}

#[test]
fn the_embedded_engine_keeps_what_it_acknowledged() {
    let result = "embedded engine";
    if measured::already(PART, result) {
        return;
    }
    let (count, started, random) = (
        counts::of(PART, 4, 100),
        Instant::now(),
        SeededEntropy::new(SEED),
    );
    let folder = TempDir::new("kill9");
    let place = Place::Embedded {
        file: folder.path().join("t.db"),
    };
    let acknowledged: u64 = (0..count).map(|_| kill_once(&place, &random, None)).sum();
    let figures = json!({ "acknowledged_writes": acknowledged, "lost_writes": 0 });
    measured::record(PART, result, count, SEED, started.elapsed(), figures);
}

#[test]
fn postgresql_keeps_what_it_acknowledged() {
    let result = "PostgreSQL";
    if measured::already(PART, result) {
        return;
    }
    let (count, started, random) = (
        counts::of(PART, 4, 100),
        Instant::now(),
        SeededEntropy::new(SEED),
    );
    let mut cluster = Cluster::start(Durability::Full);
    let url = cluster.url("killed");
    postgres::run(
        &cluster.url("postgres"),
        cluster.ca_pem(),
        "CREATE DATABASE killed",
    )
    .expect("it is made");
    let tls = MakeRustlsConnect::new(trusting(cluster.ca_pem()));
    let config = url.parse().expect("the cluster's own URL");
    runtime()
        .block_on(Store::migrate_postgres(&config, tls))
        .expect("the migrations apply");
    let place = Place::Grown {
        url,
        ca: cluster.ca_path().to_owned(),
    };
    let (mut acknowledged, mut engine_kills) = (0, 0);
    for round in 0..count {
        let with_engine = round % 2 == 1;
        engine_kills += u64::from(with_engine);
        acknowledged += kill_once(&place, &random, with_engine.then_some(&mut cluster));
    }
    let figures = json!({ "acknowledged_writes": acknowledged, "engine_kills": engine_kills, "lost_writes": 0 });
    measured::record(PART, result, count, SEED, started.elapsed(), figures);
}

#[test]
fn a_lost_or_half_done_write_is_seen() {
    let rows = |codes: &[&str]| -> Vec<(String, String)> {
        let row = |code: &&str| (format!("id of {code}"), (*code).to_owned());
        codes.iter().map(row).collect()
    };
    let sound = |size| Verification {
        organisation: String::new(),
        epoch: 1,
        size,
        root: String::new(),
        pending: 0,
        rows_checked: 0,
        bad: None,
    };
    let whole = rows(&["0.0/a", "0.0/b"]);
    let acknowledged = ["id of 0.0/a".to_owned()];
    assert_eq!(judge(&acknowledged, &whole, &sound(1)), Ok(()));
    let says = |acknowledged: &[String], rows: &[(String, String)], size| {
        judge(acknowledged, rows, &sound(size)).expect_err("it is seen")
    };
    assert!(says(&["id of 0.1/a".to_owned()], &whole, 1).contains("lost"));
    assert!(says(&acknowledged, &rows(&["0.0/a"]), 1).contains("half done"));
    assert!(says(&acknowledged, &whole, 2).contains("2 numbered entries"));
}
