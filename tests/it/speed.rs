//! How fast proofs, seals and journaled writes are, each beside a yardstick of the same run. The figures are recorded by
//! `make long` and held to their bars there; in `make test` nothing fails for being slow on a busy machine.

#[path = "../../crates/translog/tests/bundle/log.rs"]
#[expect(dead_code, reason = "the verifier's own tests need more of it")]
mod log;
mod saml;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::ops::RangeInclusive;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::journal::proofs::proof;
use countersign::platform::store::journal::{sequence_pending, signed_head};
use countersign::platform::store::{Entry, Reads as _, Sql, StoreError};
use countersign_sealing::document::{DocumentContext, DocumentKey, seal_bytes};
use countersign_sealing::{
    FieldNumber, Key, KeyVersion, OrganisationId, Place, RowId, SystemEntropy, ValueKey, seal_value,
};
use countersign_translog::Hash;
use countersign_translog::bundle::{Known, verify};
use countersign_translog::merkle::{Frontier, leaf_hash};
use serde_json::{Value, json};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::support::certificate::trusting;
use super::support::durable_writes::measure;
use super::support::postgres::{Cluster, Durability, run};
use super::support::stores::{START, TestStore, caller, id, key};
use super::support::{counts, measured};
use super::tamper::forger::head_with;

const PART: &str = "speed";
const ENTRIES: Sql =
    Sql::read("SELECT l.entry_id, l.leaf FROM journal_leaves l WHERE l.org_id = $1 ORDER BY l.seq");
const CLIENTS: u64 = 32;

/// What a result's figures have to be at their full count.
static BARS: [(&str, &str, RangeInclusive<u64>); 6] = [
    ("appends", "journaled_of_chain_percent", 500..=u64::MAX),
    ("proofs", "head_us", 0..=49_999),
    ("proofs", "inclusion_proof_us", 0..=999),
    ("proofs", "verified_entries_per_second", 500_000..=u64::MAX),
    ("sealing", "value_of_openssl_percent", 0..=200),
    ("sealing", "document_of_openssl_percent", 0..=150),
];

/// The figures that miss their bars, or are not there.
fn missed(result: &str, figures: &BTreeMap<String, Value>) -> Vec<String> {
    let bars = BARS.iter().filter(|(of, ..)| *of == result);
    let missed = bars.filter_map(|(_, name, bar)| {
        let figure = figures.get(*name).and_then(Value::as_u64);
        let is_held = figure.is_some_and(|figure| bar.contains(&figure));
        (!is_held).then(|| format!("{name} is {figure:?}, and has to be {bar:?}"))
    });
    missed.collect()
}

/// Holds what was recorded to its bars: at once, and when a part goes on that stopped behind it.
fn hold(result: &str) {
    if counts::running() != PART {
        return;
    }
    let report = measured::report(PART).expect("it was recorded");
    let missed = missed(result, &report.results[result].figures);
    assert!(missed.is_empty(), "{missed:?}");
}

#[test]
fn a_figure_that_misses_its_bar_is_found() {
    let figures = |head_us: u64, entries: u64| -> BTreeMap<String, Value> {
        let figures = [
            ("head_us", head_us),
            ("inclusion_proof_us", 999),
            ("verified_entries_per_second", entries),
        ];
        BTreeMap::from(figures.map(|(name, figure)| (name.to_owned(), Value::from(figure))))
    };
    assert_eq!(missed("proofs", &figures(49_999, 500_000)), [""; 0]);
    for wrong in [figures(50_000, 500_000), figures(1, 499_999)] {
        assert_eq!(missed("proofs", &wrong).len(), 1, "{wrong:?}");
    }
    assert_eq!(missed("sealing", &BTreeMap::new()).len(), 2, "not there");
    let parts = measured::parts();
    let part = parts.iter().find(|part| part.name == PART);
    let results = &part.expect("it is listed").results;
    assert!(
        BARS.iter()
            .all(|(of, ..)| results.iter().any(|it| it == of))
    );
}

/// How long one of `count` calls takes.
fn each(count: u32, mut call: impl FnMut()) -> Duration {
    let begun = Instant::now();
    (0..count).for_each(|_| call());
    begun.elapsed() / count
}

fn percent(of: f64, yardstick: f64) -> u64 {
    (100.0 * of / yardstick).round() as u64
}

/// A tree of `size` leaves in the store, of which two are entries: the one in the middle and the last. Of the others there is
/// what a proof is made from: the leaves beside those two, and the kept hashes.
async fn large(t: &TestStore, organisation: OrgId, size: u64) -> u64 {
    t.begin_journal(organisation).await;
    for _ in 0..2 {
        t.store
            .write::<_, StoreError, _>(caller(organisation, START), |tx| {
                let entry = Entry::new("note.written", "note", tx.id::<OrgId>());
                tx.commit(entry.fact("n", 1), ())
            })
            .await
            .expect("written");
    }
    sequence_pending(&t.store, "node", START)
        .await
        .expect("sequenced");
    let entries: Vec<(String, Vec<u8>)> = t
        .store
        .read::<_, StoreError, _>(Scope::of(organisation), |read| read.all(&ENTRIES, []))
        .await
        .expect("it reads");
    let (middle, last) = (size / 2, size - 1);
    let mut tree = Frontier::new();
    let (mut leaves, mut nodes) = (Vec::new(), Vec::new());
    for number in 0..size {
        let real = [(middle, 0), (last, 1)]
            .iter()
            .find(|(at, _)| *at == number)
            .map(|(_, which)| &entries[*which]);
        let leaf = real.map_or_else(
            || leaf_hash(&number.to_be_bytes()),
            |(_, leaf)| Hash::from_slice(leaf).expect("a hash"),
        );
        if number >> 8 == middle >> 8 || number >> 8 == last >> 8 {
            let entry = real.map_or_else(|| format!("none-{number}"), |(id, _)| id.clone());
            leaves.push(format!(
                "('{organisation}', {number}, '{entry}', {})",
                t.blob(leaf.as_bytes())
            ));
        }
        tree.push_with(leaf, |node, hash| {
            // As the sequencer keeps them.
            if node.level > 0 && node.level.is_multiple_of(4) {
                nodes.push(format!(
                    "('{organisation}', {}, {}, {})",
                    node.level,
                    node.index,
                    t.blob(hash.as_bytes())
                ));
            }
        });
    }
    let mut sql = format!("DELETE FROM journal_leaves WHERE org_id = '{organisation}';");
    sql += &head_with(t, organisation, &tree, Some(&key()));
    for (into, rows) in [
        ("journal_leaves (org_id, seq, entry_id, leaf)", leaves),
        ("journal_nodes (org_id, level, position, hash)", nodes),
    ] {
        for some in rows.chunks(500) {
            sql += &format!("INSERT INTO {into} VALUES {};", some.join(", "));
        }
    }
    t.without_triggers(&sql).await;
    middle
}

#[test]
fn proofs_and_heads_of_a_large_journal() {
    let (result, begun) = ("proofs", Instant::now());
    if measured::already(PART, result) {
        hold(result);
        return;
    }
    let size = counts::of(PART, 70_000, 10_000_000);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let (head_us, proof_us) = runtime.block_on(async {
        let t = TestStore::embedded().await;
        let organisation = id::<OrgId>();
        let middle = large(&t, organisation, size).await;
        let scope = Scope::of(organisation);
        let times = t
            .store
            .read::<_, StoreError, _>(scope, move |read| {
                let (heads, mut proofs) = (Instant::now(), 0);
                for _ in 0..20 {
                    assert!(signed_head(read)?.is_some());
                }
                let (heads, begun) = (heads.elapsed() / 20, Instant::now());
                for _ in 0..20 {
                    // It is verified against the signed head before it goes out.
                    proofs += usize::from(proof(read, middle)?.is_some());
                }
                assert_eq!(proofs, 20);
                Ok((heads.as_micros(), (begun.elapsed() / 20).as_micros()))
            })
            .await;
        times.expect("the hashes give the root")
    });
    let bundle = log::Log::of(counts::of(PART, 200, 50_000)).bundle();
    let verified = each(3, || {
        verify(
            black_box(bundle.as_slice()),
            &Known::default(),
            |_, _, _| {},
        )
        .expect("it holds");
    });
    let entries = counts::of(PART, 200, 50_000) as f64 / verified.as_secs_f64();
    let figures = json!({
        "entries": size,
        "head_us": head_us,
        "inclusion_proof_us": proof_us,
        "verified_entries_per_second": entries.round() as u64,
    });
    eprintln!("{figures}");
    measured::record(PART, result, size, 0, begun.elapsed(), figures);
    hold(result);
}

/// What `openssl speed` seals in a second at this size, in bytes.
fn openssl(length: usize) -> f64 {
    let length = length.to_string();
    let output = Command::new("openssl")
        .args(["speed", "-elapsed", "-seconds", "1", "-bytes", &length])
        .args(["-evp", "aes-256-gcm"])
        .output()
        .expect("openssl is installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let last = said.split_whitespace().last();
    let thousands = last.and_then(|word| word.strip_suffix('k'));
    let thousands: f64 = thousands
        .and_then(|number| number.parse().ok())
        .unwrap_or_else(|| panic!("openssl speed said no figure: {said}"));
    thousands * 1_000.0
}

#[test]
fn sealing_beside_openssl() {
    let (result, begun) = ("sealing", Instant::now());
    if measured::already(PART, result) {
        hold(result);
        return;
    }
    let rounds = u32::try_from(counts::of(PART, 200, 200_000)).expect("few");
    let key = ValueKey::new(&Key::generate(&SystemEntropy), KeyVersion::FIRST);
    let place = Place {
        field: FieldNumber::new(1),
        organisation: OrganisationId::from_bytes([2; 16]),
        row: RowId::from_bytes([3; 16]),
    };
    let (kib, mib) = (vec![5; 1 << 10], vec![5; 1 << 20]);
    let value = each(rounds, || {
        black_box(seal_value(&key, &place, black_box(&kib), &SystemEntropy));
    });
    let key = DocumentKey::new(&Key::generate(&SystemEntropy), KeyVersion::FIRST);
    let context = DocumentContext {
        organisation: OrganisationId::from_bytes([2; 16]),
        document: &[4; 32],
    };
    let document = each(rounds / 200, || {
        black_box(seal_bytes(&key, &context, black_box(&mib), &SystemEntropy));
    });
    let raw = |bytes: usize| bytes as f64 / openssl(bytes);
    let figures = json!({
        "value_1_kib_ns": value.as_nanos(),
        "value_of_openssl_percent": percent(value.as_secs_f64(), raw(1 << 10)),
        "document_1_mib_us": document.as_micros(),
        "document_of_openssl_percent": percent(document.as_secs_f64(), raw(1 << 20)),
    });
    eprintln!("{figures}");
    measured::record(PART, result, u64::from(rounds), 0, begun.elapsed(), figures);
    hold(result);
}

/// The naive way: each append takes the lock on the chain's last hash, and goes on from it.
const CHAIN: &str = "CREATE TABLE last (hash BYTEA NOT NULL); INSERT INTO last VALUES ('\\x00'); \
    CREATE TABLE chain (n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, entry TEXT NOT NULL, hash BYTEA NOT NULL); \
    CREATE FUNCTION append(entry TEXT) RETURNS VOID LANGUAGE plpgsql AS $$ DECLARE before BYTEA; after BYTEA; BEGIN \
    SELECT l.hash INTO before FROM last l FOR UPDATE; after := sha256(before || convert_to(entry, 'UTF8')); \
    INSERT INTO chain (entry, hash) VALUES (entry, after); UPDATE last SET hash = after; END $$";

/// Appends in a second by all clients together, each answer after its flush. The table is as empty each time.
async fn chained(cluster: &Cluster, count: u64) -> f64 {
    let url = cluster.url("postgres");
    let connect = || async {
        let tls = MakeRustlsConnect::new(trusting(cluster.ca_pem()));
        let (client, connection) = tokio_postgres::connect(&url, tls)
            .await
            .expect("it connects");
        tokio::spawn(connection);
        client
    };
    connect()
        .await
        .batch_execute("TRUNCATE chain RESTART IDENTITY")
        .await
        .expect("the owner may");
    let mut clients = Vec::new();
    for _ in 0..CLIENTS {
        clients.push(connect().await);
    }
    let entry = Arc::new("e".repeat(600));
    let begun = Instant::now();
    let tasks: Vec<_> = clients
        .into_iter()
        .map(|client| {
            let entry = Arc::clone(&entry);
            tokio::spawn(async move {
                let append = client
                    .prepare("SELECT append($1)")
                    .await
                    .expect("it is there");
                for _ in 0..count / CLIENTS {
                    client.query(&append, &[&*entry]).await.expect("appended");
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.expect("no panic");
    }
    count as f64 / begun.elapsed().as_secs_f64()
}

#[test]
fn journaled_writes_beside_a_chain_in_plpgsql() {
    let (result, begun) = ("appends", Instant::now());
    if measured::already(PART, result) {
        hold(result);
        return;
    }
    let rounds = counts::of(PART, 1, 5);
    let writes = counts::of(PART, 4, 500);
    let cluster = Cluster::start(Durability::Full);
    run(&cluster.url("postgres"), cluster.ca_pem(), CHAIN).expect("the owner may");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // In turn, so that both see the same machine.
    let mut rounds: Vec<(u64, f64, u64)> = (0..rounds)
        .map(|_| {
            let chain = runtime.block_on(chained(&cluster, writes * CLIENTS));
            let ours = measure(1, writes).clients_32_per_second;
            (percent(ours as f64, chain), chain, ours)
        })
        .collect();
    rounds.sort_by_key(|(of_chain, ..)| *of_chain);
    let each: Vec<String> = rounds.iter().map(|round| round.0.to_string()).collect();
    let (of_chain, chain, ours) = rounds[rounds.len() / 2];
    let figures = json!({
        "chain_by_32_per_second": chain.round() as u64,
        "journaled_by_32_per_second": ours,
        "journaled_of_chain_percent": of_chain,
        "journaled_of_chain_percent_by_round": each.join(", "),
    });
    eprintln!("{figures}");
    measured::record(PART, result, writes * CLIENTS, 0, begun.elapsed(), figures);
    hold(result);
}
