//! Two servers on one PostgreSQL are one service: sign in on one and act on the other, and when the one that numbers the
//! journal's entries is killed, the other answers and numbers on.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use super::support::desk::{Desk, Typed};
use super::support::poll;
use super::support::postgres::{Cluster, Database};
use super::support::server::{Launch, Server};
use super::support::temp::TempDir;

/// A lease is 5 seconds; the machine may be busy.
const TAKE_OVER: Duration = Duration::from_secs(40);

/// The settings of a server on `database`, whose password stands in a file that its cluster was made with.
pub fn settings(database: &Database) -> Vec<(&'static str, String)> {
    let mut url: url::Url = database.url().parse().expect("the cluster's own URL");
    url.set_password(None).expect("it has a host");
    url.set_query(None);
    let ca = database.ca_path();
    let password = ca.with_file_name("password");
    vec![
        ("COUNTERSIGN_DATABASE_URL", url.to_string()),
        ("COUNTERSIGN_DATABASE_CA_FILE", shown(ca)),
        ("COUNTERSIGN_DATABASE_PASSWORD_FILE", shown(&password)),
    ]
}

fn shown(path: &Path) -> String {
    path.to_str()
        .expect("temporary folders have plain names")
        .to_owned()
}

pub fn launch(settings: &[(&'static str, String)]) -> Launch {
    settings
        .iter()
        .fold(Launch::embedded(), |launch, (name, value)| {
            launch.variable(name, value)
        })
}

/// A data folder with the roots of another, as the second node of an installation gets them.
pub fn with_roots_of(other: &Path) -> Arc<TempDir> {
    let folder = TempDir::new("data");
    let keys = folder.path().join("keys");
    fs::create_dir(&keys).expect("our own folder");
    for path in [folder.path(), &keys] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o700)).expect("our own folder");
    }
    for name in ["storage.root", "field.root"] {
        let copied = fs::copy(other.join("keys").join(name), keys.join(name));
        copied.expect("the first server made it");
    }
    Arc::new(folder)
}

fn one(database: &Database, sql: &str) -> String {
    let rows = database.query(sql).expect("the statement runs");
    let cell = rows
        .into_iter()
        .next()
        .and_then(|row| row.into_iter().next());
    cell.flatten().unwrap_or_default()
}

/// Who numbers the entries of the organisation.
fn holder(database: &Database) -> String {
    one(
        database,
        "SELECT h.lease_holder FROM journal_heads h JOIN organisations o ON o.id = h.org_id WHERE o.slug = 'harbour-foods'",
    )
}

fn pending(database: &Database) -> String {
    one(
        database,
        "SELECT CAST(COUNT(*) AS TEXT) FROM journal_pending",
    )
}

/// `countersign journal verify` beside the running servers: its exit code, and what it said.
fn verify(settings: &[(&'static str, String)], data: &Path) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["journal", "verify", "--data"])
        .arg(data)
        .envs(settings.iter().map(|(name, value)| (*name, value)))
        .output()
        .expect("the binary was built");
    let said = [output.stdout, output.stderr].concat();
    (
        output.status.code(),
        String::from_utf8_lossy(&said).into_owned(),
    )
}

#[test]
fn one_goes_on_when_the_one_that_numbers_the_journal_is_killed() {
    let database = Cluster::shared().empty();
    let mut settings = settings(&database);
    let first_folder = Arc::new(TempDir::new("data"));
    settings.push((
        "COUNTERSIGN_DOCUMENTS_FOLDER",
        shown(&first_folder.path().join("documents")),
    ));
    let first = Server::start_in(launch(&settings), first_folder);
    let (mut ann, kept) = Desk::set_up(&first, &Typed::default());
    let first_node = poll(TAKE_OVER, || {
        Some(holder(&database)).filter(|h| !h.is_empty())
    })
    .expect("a holder");
    let second = Server::start_in(launch(&settings), with_roots_of(first.data()));

    // Signed in on the first, Ann acts on the second, and back.
    let mut ann_there = Desk::at(ann.client.at(&second.client()));
    let link = ann_there.invite("tomas@harbour.example", &["clerk"]);
    assert!(ann.get("/people").text().contains("tomas@harbour.example"));
    let mut tomas = Desk::at(first.client());
    assert_eq!(tomas.get(&link).status, 200, "the link works on the other");

    // Both work until the holder is killed in the middle of it.
    let mut acknowledged = vec!["tomas@harbour.example".to_owned()];
    for n in 0..6 {
        let desk = if n % 2 == 0 { &mut ann } else { &mut ann_there };
        let email = format!("person-{n}@harbour.example");
        desk.invite(&email, &["clerk"]);
        acknowledged.push(email);
    }
    let killed_node = holder(&database);
    let is_first = killed_node == first_node;
    let (mut killed, survivor) = if is_first {
        (first, second)
    } else {
        (second, first)
    };
    let dead = killed.client();
    killed.kill();
    assert!(
        dead.clone()
            .try_request("GET", "/health", &[], b"")
            .is_err(),
        "it is gone"
    );

    let mut desk = Desk::at(ann.client.at(&survivor.client()));
    desk.invite("afterwards@harbour.example", &["clerk"]);
    acknowledged.push("afterwards@harbour.example".to_owned());
    let people = desk.get("/people").text();
    for email in &acknowledged {
        assert!(people.contains(email), "{email} is lost");
    }
    let mut again = Desk::at(survivor.client());
    let typed = Typed::default();
    let code = &kept.recovery_codes[0];
    let answer = again.sign_in("ann@harbour.example", &typed.password, code);
    assert_eq!(answer.header("location"), Some("/"), "{}", answer.text());

    let numbered = poll(TAKE_OVER, || (pending(&database) == "0").then_some(()));
    assert!(
        numbered.is_some(),
        "{} entries wait for a number\n{}",
        pending(&database),
        survivor.said()
    );
    assert_ne!(holder(&database), killed_node, "another node took over");
    let (code, said) = verify(&settings, survivor.data());
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("harbour-foods: sound") && said.contains(" 0 pending"),
        "{said}"
    );

    // The same check sees a gap.
    database
        .query("ALTER TABLE journal_leaves DISABLE TRIGGER ALL; DELETE FROM journal_leaves WHERE seq = 3")
        .expect("the owner may");
    let (code, said) = verify(&settings, survivor.data());
    assert_eq!(code, Some(1), "{said}");
}
