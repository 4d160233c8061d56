//! The command line: one line a file, exit codes, and work beside a server on the same data folder.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use countersign::identity::organisations::EntityId;
use countersign::params;
use countersign::platform::cli::Place;
use countersign::platform::clock::Clock;
use countersign::platform::ids::OrgId;
use countersign::platform::installation;
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::{Entry, Sql, StoreError};
use countersign_sealing::SystemEntropy;
use serde_json::Value;

use super::{ENTITY, IBAN, VAT_ID, ubl};
use crate::support;
use crate::support::temp::TempDir;

const ORGANISATION: Sql = Sql::change(
    "organisations",
    "INSERT INTO organisations (org_id, id, slug, name, time_zone, created_us, version) VALUES ($1, $1, 'harbour', 'Harbour', 'UTC', $2, 1) RETURNING id",
);

fn countersign(args: &[&str], input: impl AsRef<[u8]>) -> Output {
    use std::io::Write as _;
    let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_ref())
        .expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object a line"))
        .collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

#[test]
fn check_says_a_line_for_each_file_and_keeps_nothing() {
    let folder = TempDir::new("check");
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("it is written");
        path
    };
    let good = write(
        "a-good.xml",
        &ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID),
    );
    let broken = write("b-broken.xml", b"<Invoice");
    let missing = folder.path().join("c-missing.xml");
    let alone = countersign(&["bills", "check", "--json", text(&good)], "");
    assert_eq!(
        alone.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&alone.stderr)
    );
    let line = &lines(&alone)[0];
    assert_eq!(
        (&line["file"], &line["verdict"], &line["syntax"]),
        (
            &text(&good).into(),
            &"accepted".into(),
            &"ubl-invoice".into()
        )
    );
    assert_eq!(line["totals"]["with_vat"], "119.00");
    for member in [
        "sha256", "profile", "rulesets", "fatal", "warning", "findings", "fields",
    ] {
        assert!(!line[member].is_null(), "{member}");
    }
    let list = format!("{}\n{}\n{}\n", text(&good), text(&broken), text(&missing));
    let all = countersign(&["bills", "check", "--json", "-"], &list);
    assert_eq!(all.status.code(), Some(1));
    let verdicts: Vec<_> = lines(&all)
        .iter()
        .map(|l| l["verdict"].as_str().expect("a verdict").to_owned())
        .collect();
    assert_eq!(verdicts, ["accepted", "unreadable", "unreadable"]);
    let hashes: Vec<_> = lines(&all).iter().map(|l| l["sha256"].clone()).collect();
    assert!(hashes[1].is_string() && hashes[2].is_null(), "{hashes:?}");
    assert_eq!(countersign(&["bills", "check"], "").status.code(), Some(2));
    assert_eq!(
        std::fs::read_dir(folder.path()).expect("it reads").count(),
        2
    );
}

#[test]
fn a_list_takes_folders_and_names_that_are_no_text_and_goes_on_to_its_end() {
    use std::os::unix::ffi::OsStrExt as _;
    let folder = TempDir::new("list");
    let below = folder.path().join("below");
    std::fs::create_dir(&below).expect("a folder");
    let odd = folder
        .path()
        .join(std::ffi::OsStr::from_bytes(b"no text \xff.xml"));
    let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    for path in [&below.join("a.xml"), &below.join("b.xml"), &odd] {
        std::fs::write(path, &bytes).expect("it is written");
    }
    let last = format!("{}/./below/../below/a.xml", text(folder.path()));
    let mut list = below.as_os_str().as_bytes().to_vec();
    for path in [odd.as_os_str().as_bytes(), b"/dev/zero", last.as_bytes()] {
        list.push(b'\n');
        list.extend_from_slice(path);
    }
    let output = countersign(&["bills", "check", "--json", "-"], &list);
    assert_eq!(output.status.code(), Some(1), "an endless file is none");
    let found = lines(&output);
    let verdicts: Vec<_> = found.iter().map(|l| l["verdict"].as_str()).collect();
    let good = Some("accepted");
    assert_eq!(
        verdicts,
        [good, good, good, Some("unreadable"), good],
        "{found:?}"
    );
    let hex: String = odd
        .as_os_str()
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(found[2]["file_hex"], Value::String(hex));
    assert!(found[0]["file_hex"].is_null());
    assert_eq!(found[3]["fatal"][0], "CS-INTAKE-SIZE");
    assert_eq!(found[4]["file"], Value::String(last), "as it was given");
}

#[test]
fn check_gives_every_real_document_its_syntax() {
    let Some(list) = support::material("verdicts-einvoice.jsonl") else {
        return;
    };
    let folder = list.parent().expect("a folder").to_owned();
    let wanted: Vec<Value> = std::fs::read_to_string(&list)
        .expect("it reads")
        .lines()
        .map(|l| serde_json::from_str(l).expect("JSON"))
        .collect();
    let paths: String = wanted
        .iter()
        .map(|w| {
            format!(
                "{}\n",
                folder.join(w["file"].as_str().expect("a file")).display()
            )
        })
        .collect();
    let output = countersign(&["bills", "check", "--json", "-"], &paths);
    let found = lines(&output);
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(found["sha256"], wanted["sha256"]);
        let readable = wanted["syntax"].is_string() || wanted["embedded"].is_string();
        assert_eq!(found["syntax"].is_string(), readable, "{}", wanted["file"]);
        assert_eq!(
            found["verdict"] == "unreadable",
            !readable,
            "{}",
            wanted["file"]
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn import_works_beside_a_server_on_the_same_folder() {
    let (data, inbox) = (TempDir::new("data"), TempDir::new("inbox"));
    let place = Place {
        data: Some(data.path().to_owned()),
        ..Place::default()
    };
    let config = place.load(None).expect("defaults serve");
    let app = installation::open(
        &config,
        Clock::System,
        std::sync::Arc::new(SystemEntropy),
        None,
        installation::Opening::MakeOrUpdate,
    )
    .await
    .expect("it opens");
    let organisation: OrgId = app.id();
    let caller = app.caller(
        Scope::of(organisation),
        CredentialKind::CommandLine,
        app.id(),
    );
    let keys = app.keys.new_organisation(organisation, &SystemEntropy);
    let keys = keys.await.expect("roots in files");
    app.store
        .write::<_, StoreError, _>(caller, move |tx| {
            let (entity, now): (EntityId, _) = (tx.id(), tx.now());
            tx.begin_journal()?;
            tx.change_one(&ORGANISATION, params![now])?;
            tx.change_one(&ENTITY, params![entity, now])?;
            keys.insert(tx).map_err(|_| StoreError::Missing)?;
            tx.commit(
                Entry::new("organisation.created", "organisation", organisation),
                (),
            )
        })
        .await
        .expect("an organisation");
    let bytes = ubl("A-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    std::fs::create_dir(inbox.path().join("below")).expect("a folder");
    for (name, bytes) in [
        ("a.xml", &bytes[..]),
        ("below/b.xml", &bytes),
        ("below/c.pdf", b"Dear Sirs"),
    ] {
        std::fs::write(inbox.path().join(name), bytes).expect("it is written");
    }
    let args = [
        "bills",
        "import",
        text(inbox.path()),
        "--org",
        "harbour",
        "--json",
        "--data",
        text(data.path()),
    ]
    .map(str::to_owned);
    let output =
        tokio::task::spawn_blocking(move || countersign(&args.each_ref().map(String::as_str), ""))
            .await
            .expect("it ran");
    assert_eq!(
        output.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let found = lines(&output);
    let outcomes: Vec<_> = found
        .iter()
        .map(|l| l["outcome"].as_str().expect("an outcome"))
        .collect();
    assert_eq!(outcomes, ["new", "duplicate", "kept-for-typing"]);
    assert_eq!(found[0]["bill"], found[1]["bill"]);
    assert_eq!(found[2]["findings"][0]["rule"], "CS-INTAKE-KIND");
    let stranger = [
        "bills",
        "import",
        text(inbox.path()),
        "--org",
        "nobody",
        "--data",
        text(data.path()),
    ]
    .map(str::to_owned);
    let output = tokio::task::spawn_blocking(move || {
        countersign(&stranger.each_ref().map(String::as_str), "")
    })
    .await
    .expect("it ran");
    assert_eq!(output.status.code(), Some(2));
}
