//! The doctor at a real installation of either engine, which is then broken in each way that he promises to find.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;

use super::support::free_port;
use super::support::postgres::Cluster;
use super::support::server::{Launch, Server};
use super::support::temp::TempDir;
use super::two_servers::{launch, settings};

/// What the doctor fails, and each check's words.
fn failing(data: &Path, variables: &[(&'static str, String)]) -> Vec<(String, String)> {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["doctor", "--json", "--data"])
        .arg(data)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("it starts");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        let said = String::from_utf8_lossy(&output.stderr);
        panic!("{error}: {said}")
    });
    let checks = report["checks"].as_array().expect("checks");
    let failing: Vec<_> = checks
        .iter()
        .filter(|check| check["outcome"] == "fail")
        .map(|check| {
            assert!(check["mend"].is_string(), "{check}");
            let text = |member: &str| check[member].as_str().unwrap_or_default().to_owned();
            (text("id"), text("what"))
        })
        .collect();
    assert_eq!(output.status.code(), Some(i32::from(!failing.is_empty())));
    failing
}

fn finds(data: &Path, variables: &[(&'static str, String)], id: &str, words: &str) {
    let found = failing(data, variables);
    assert!(
        found
            .iter()
            .any(|(found, what)| found == id && what.contains(words)),
        "{id} with {words:?} in {found:?}"
    );
}

fn is_sound(data: &Path, variables: &[(&'static str, String)]) {
    let found = failing(data, variables);
    assert!(found.is_empty(), "{found:?}");
}

/// The data folder of a server that ran once.
fn once(launch: Launch) -> Arc<TempDir> {
    let data = Arc::new(TempDir::new("doctor"));
    fs::set_permissions(data.path(), fs::Permissions::from_mode(0o700)).expect("our own folder");
    let mut server = Server::start_in(launch, Arc::clone(&data));
    server.stop();
    data
}

/// The folder's file with other bytes, until it is put back.
fn with_bytes(path: &Path, bytes: &[u8], then: impl FnOnce()) {
    let kept = fs::read(path).expect("it is there");
    fs::write(path, bytes).expect("it is ours");
    then();
    fs::write(path, kept).expect("it is ours");
}

#[test]
fn an_embedded_installation_is_sound_until_its_database_is_broken() {
    let data = once(Launch::embedded());
    let (data, file) = (data.path(), data.path().join("countersign.db"));
    is_sound(data, &[]);
    let whole = fs::read(&file).expect("a database");
    // Each page has an authentication code; the middle of the file is some page's content.
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    with_bytes(&file, &damaged, || finds(data, &[], "database", "damaged"));
    with_bytes(&file, &whole[..whole.len() / 2], || {
        finds(data, &[], "database", "countersign.db");
    });
    with_bytes(&file, b"", || finds(data, &[], "database", "empty"));
    is_sound(data, &[]);

    // The file's key of another installation, then its root.
    let other = once(Launch::embedded());
    let key = data.join("database.key");
    let foreign = fs::read(other.path().join("database.key")).expect("a key");
    with_bytes(&key, &foreign, || finds(data, &[], "database", "key"));
    let root = data.join("keys/field.root");
    let foreign = fs::read(other.path().join("keys/field.root")).expect("a root");
    with_bytes(&root, &foreign, || {
        finds(data, &[], "roots-open-data", "field.root does not open");
    });
    fs::remove_file(&file).expect("it is ours");
    finds(data, &[], "database", "countersign.db");
    assert!(!file.exists(), "the doctor makes nothing");
}

#[test]
fn a_grown_installation_is_sound_until_its_server_role_or_schema_is_broken() {
    let database = Cluster::shared().empty();
    let variables = settings(&database);
    let data = once(launch(&variables));
    let data = data.path();
    is_sound(data, &variables);
    let broken = |wrong: &str, mend: &str, id: &str, words: &str| {
        database.query(wrong).expect("the owner may");
        finds(data, &variables, id, words);
        database.query(mend).expect("the owner may");
    };
    broken(
        "UPDATE schema_migrations SET name = '9999_later' WHERE name = '0003_payables'",
        "UPDATE schema_migrations SET name = '0003_payables' WHERE name = '9999_later'",
        "database",
        "newer version",
    );
    broken(
        "CREATE TABLE owned (n INT); ALTER TABLE owned OWNER TO countersign_server",
        "DROP TABLE owned",
        "database",
        "keeps organisations apart",
    );
    is_sound(data, &variables);

    let mut elsewhere = variables.clone();
    let mut url: url::Url = elsewhere[0].1.parse().expect("a URL");
    url.set_port(Some(free_port())).expect("it has a host");
    elsewhere[0].1 = url.to_string();
    finds(data, &elsewhere, "database", "does not answer");

    let other = once(Launch::embedded());
    let root = data.join("keys/field.root");
    let foreign = fs::read(other.path().join("keys/field.root")).expect("a root");
    with_bytes(&root, &foreign, || {
        finds(
            data,
            &variables,
            "roots-open-data",
            "field.root does not open",
        );
    });
    // An entry that was committed long ago and never got its number.
    for step in [
        "ALTER TABLE journal_entries DISABLE TRIGGER USER",
        "UPDATE journal_entries SET at_us = 1",
        "INSERT INTO journal_pending (entry_id, org_id) SELECT id, org_id FROM journal_entries LIMIT 1",
    ] {
        database.query(step).expect("the owner may");
    }
    finds(data, &variables, "journal", "waited");
}

#[test]
fn a_mail_server_that_is_not_there_is_found() {
    let data = once(Launch::embedded());
    let port = free_port().to_string();
    let variables: Vec<(&'static str, String)> = [
        ("COUNTERSIGN_MAIL_HOST", "localhost"),
        ("COUNTERSIGN_MAIL_PORT", &port),
        ("COUNTERSIGN_MAIL_FROM", "ap@example.com"),
    ]
    .map(|(name, value)| (name, value.to_owned()))
    .to_vec();
    finds(data.path(), &variables, "mail", "localhost");
}
