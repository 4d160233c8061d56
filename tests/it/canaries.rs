//! What thieves want is typed into a running server on every path there is, and then looked for where thieves look: in
//! the embedded engine's file and log, in documents and logs, and in a dump of PostgreSQL's tables. The folder of mails is
//! left out: a mail with an invitation's link is what is meant to be there.
//!
//! Names and texts of bills stand in PostgreSQL's tables as they are; sealed fields and tokens stand nowhere.

mod finder;
mod ways;

use std::process::Command;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use countersign::identity::factors::Seed;
use countersign_sealing::SealedValue as _;
use finder::{Finder, files, hex};

use super::intake::ubl;
use super::support::desk::{Desk, SESSION, Typed};
use super::support::postgres::{Cluster, Database};
use super::support::server::Server;
use super::support::temp::TempDir;
use super::two_servers::{launch, settings};

const BILL_IBAN: &str = "DE12500105170648489890";
const BILL_VAT_ID: &str = "DE314159265";
const WRONG_PASSWORD: &str = "no canary sings at night";
const VENDOR: &str = "Kanarische Verpackungen GmbH";
const BILL_NUMBER: &str = "KANARIE-2026-4711";

/// Whether something may stand in PostgreSQL's tables in clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Name,
    Secret,
}

#[derive(Debug, Clone)]
struct Canary {
    what: String,
    kind: Kind,
    bytes: Vec<u8>,
}

fn canary(kind: Kind, what: &str, bytes: impl AsRef<[u8]>) -> Canary {
    Canary {
        what: what.to_owned(),
        kind,
        bytes: bytes.as_ref().to_vec(),
    }
}

fn secret(what: &str, bytes: impl AsRef<[u8]>) -> Canary {
    canary(Kind::Secret, what, bytes)
}

/// A token as it is shown and as the 32 bytes that it stands for.
fn token(what: &str, shown: &str) -> [Canary; 2] {
    // Behind an API token's random part stands its checksum.
    let bare = shown.strip_prefix("csk_").map_or(shown, |rest| &rest[..43]);
    let raw = URL_SAFE_NO_PAD.decode(bare);
    let raw = raw.unwrap_or_else(|e| panic!("{what} {shown}: {e}"));
    [secret(what, bare), secret(what, raw)]
}

/// Something typed with spaces, and as the program keeps it.
fn spaced(what: &str, typed: &str) -> [Canary; 2] {
    let bare: String = typed
        .chars()
        .filter(|c| c.is_ascii_alphanumeric())
        .collect();
    [secret(what, typed), secret(what, bare)]
}

/// Every row of every table as text; bytes in hexadecimal.
fn dump(database: &Database) -> String {
    let tables = database
        .query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        .expect("the owner may");
    let mut text = String::new();
    for table in tables.into_iter().flatten().flatten() {
        let rows = database.query(&format!("SELECT CAST(t AS TEXT) FROM {table} t"));
        for cell in rows.expect("the owner may").into_iter().flatten().flatten() {
            text.push_str(&cell);
            text.push('\n');
        }
    }
    text
}

/// Types every canary into the server, by each way in, and gives them all.
fn walk(server: &Server, settings: &[(&'static str, String)]) -> Vec<Canary> {
    let typed = Typed {
        organisation: "Harbour Foods".to_owned(),
        entity: "Kanarienvogel Handels GmbH".to_owned(),
        vat_id: "DE 271 828 183".to_owned(),
        iban: "DE75 5121 0800 1245 1261 99".to_owned(),
        password: "yellow canary on a crane".to_owned(),
    };
    let mut all = vec![
        canary(Kind::Name, "entity", &typed.entity),
        canary(Kind::Name, "vendor", VENDOR),
        canary(Kind::Name, "bill", BILL_NUMBER),
        secret("password", &typed.password),
        secret("wrong password", WRONG_PASSWORD),
        secret("bill's IBAN", BILL_IBAN),
        secret("bill's VAT id", BILL_VAT_ID),
    ];
    all.extend(spaced("IBAN", &typed.iban));
    all.extend(spaced("VAT id", &typed.vat_id));
    let session = |all: &mut Vec<Canary>, desk: &Desk| {
        all.extend(token("session", desk.client.cookie(SESSION).expect("one")));
    };

    let setup_link = server.setup_link();
    let setup_path = setup_link
        .strip_prefix(&server.url(""))
        .expect("our own address");
    all.extend(token(
        "setup link",
        setup_path.rsplit('/').next().unwrap_or_default(),
    ));
    let (mut ann, kept) = Desk::set_up(server, &typed);
    session(&mut all, &ann);
    all.push(secret("second factor", &kept.seed));
    let seed = Seed::from_base32(&kept.seed).expect("our own base32");
    all.push(secret("second factor", seed.with_bytes(<[u8]>::to_vec)));
    for code in &kept.recovery_codes {
        all.extend(spaced("recovery code", code));
    }
    assert_eq!(ann.get(setup_path).status, 404, "a link works once");

    let api_token = ann.api_token("ERP", &["people.read"]);
    all.extend(token("API token", &api_token));
    let bearer = server
        .client()
        .always("Authorization", &format!("Bearer {api_token}"));
    for path in ["/api/v1/bills", "/api/v1/nothing", "/people"] {
        bearer.clone().get(path);
    }

    let link = ann.invite("tomas@harbour.example", &["clerk"]);
    all.extend(token(
        "invitation",
        link.rsplit('/').next().unwrap_or_default(),
    ));
    let mut tomas = Desk::at(server.client());
    tomas.get(&link);
    let fields = [
        ("name", "Tomás Okafor"),
        ("password", typed.password.as_str()),
        ("password_again", &typed.password),
    ];
    tomas.submit(&link, &fields);
    tomas.enrol();
    session(&mut all, &tomas);
    assert_eq!(tomas.get(&link).status, 404, "a link works once");

    // One that nobody takes goes out by mail, and stays sealed until then.
    let link = ann.invite("late@harbour.example", &["clerk"]);
    let mailed = link.rsplit('/').next().unwrap_or_default();
    all.extend(token("mailed invitation", mailed));
    server.wait_for_mail("late@harbour.example");

    // What goes wrong is logged more often than what goes well.
    let mut again = Desk::at(server.client());
    let email = "ann@harbour.example";
    assert_eq!(again.sign_in(email, WRONG_PASSWORD, "").status, 422);
    let signed_in = again.sign_in(email, &typed.password, &kept.recovery_codes[0]);
    assert_eq!(signed_in.header("location"), Some("/"));
    session(&mut all, &again);
    again.get(&format!("/people?iban={}", BILL_IBAN));
    again.get(&format!("/{BILL_IBAN}/{VENDOR}").replace(' ', "%20"));
    let no_token = [("email", email), ("password", typed.password.as_str())];
    assert_eq!(again.client.form("/sign-in", &no_token).status, 403);
    let session_cookie = again.client.cookie(SESSION).expect("one").to_owned();
    again.client.json(
        "POST",
        "/api/v1/bills",
        &serde_json::json!({ "iban": BILL_IBAN, "session": session_cookie }),
    );
    again.get("/me");
    let change = [
        ("current", WRONG_PASSWORD),
        ("password", typed.password.as_str()),
        ("password_again", &typed.password),
    ];
    again.submit("/me/password", &change);

    import(server, settings);
    ways::walk(server, &mut again, &mut all);
    all
}

/// A bill comes in beside the running server, as an operator hands it in.
fn import(server: &Server, settings: &[(&'static str, String)]) {
    let folder = TempDir::new("bill");
    let file = folder.path().join("bill.xml");
    let bill = ubl(BILL_NUMBER, VENDOR, "119.00", BILL_IBAN, BILL_VAT_ID);
    std::fs::write(&file, bill).expect("our own folder");
    let output = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(["bills", "import", "--org", "harbour-foods", "--data"])
        .arg(server.data())
        .arg(&file)
        .envs(settings.iter().map(|(name, value)| (*name, value)))
        .output()
        .expect("the binary was built");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("bill.xml: new"),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Where logs go, and how much of them.
fn with_logs(
    folder: &TempDir,
    mut settings: Vec<(&'static str, String)>,
) -> Vec<(&'static str, String)> {
    let logs = folder.path().join("logs");
    let logs = logs.to_str().expect("temporary folders have plain names");
    settings.push(("COUNTERSIGN_LOG_FOLDER", logs.to_owned()));
    settings.push(("COUNTERSIGN_LOG_LEVEL", "debug".to_owned()));
    settings
}

/// Nothing stands in the server's folder, while it runs, after it was killed, and after it ended in order.
fn nothing_in_files(server: &mut Server, finder: &Finder) {
    for part in ["logs", "documents"] {
        assert!(!files(&server.data().join(part)).is_empty(), "no {part}");
    }
    assert_eq!(finder.below(server.data()), [""; 0], "while it runs");
    server.kill();
    assert_eq!(finder.below(server.data()), [""; 0], "after a kill");
    server.restart();
    assert!(server.stop(), "{}", server.said());
    assert_eq!(finder.below(server.data()), [""; 0], "at the end");
    // The finder would have seen it, also in the middle of a file.
    let control = server.data().join("control");
    let text = format!("{} {VENDOR}", "x".repeat(4099));
    std::fs::write(&control, text).expect("our own folder");
    let found = finder.below(server.data());
    assert_eq!(found, [format!("vendor in {}", control.display())]);
}

/// None of these stands in a running server's folder, with spaces or without.
pub fn none_below(server: &Server, texts: &[&str]) {
    let canaries: Vec<Canary> = texts.iter().flat_map(|text| spaced(text, text)).collect();
    let found = Finder::new(canaries.iter()).below(server.data());
    assert_eq!(found, [""; 0], "in clear");
}

/// The terminal says one secret, and only there: the link to set up.
fn nothing_on_the_terminal(server: &Server, canaries: &[Canary]) {
    let said = server.said();
    let others = canaries.iter().filter(|canary| canary.what != "setup link");
    assert_eq!(Finder::new(others).find(said.as_bytes()), None, "{said}");
    assert!(Finder::new(canaries.iter()).find(said.as_bytes()) == Some("setup link"));
}

#[test]
fn the_embedded_engine_keeps_nothing_in_clear() {
    let folder = TempDir::new("data");
    let settings = with_logs(&folder, Vec::new());
    let mut server = Server::start_in(launch(&settings), folder.into());
    let canaries = walk(&server, &settings);
    nothing_on_the_terminal(&server, &canaries);
    nothing_in_files(&mut server, &Finder::new(canaries.iter()));
}

#[test]
fn on_postgresql_no_sealed_field_no_token_and_no_file_is_in_clear() {
    let database = Cluster::shared().empty();
    let folder = TempDir::new("data");
    let settings = with_logs(&folder, settings(&database));
    let mut server = Server::start_in(launch(&settings), folder.into());
    let canaries = walk(&server, &settings);
    nothing_on_the_terminal(&server, &canaries);
    let text = dump(&database);
    let of = |kind| Finder::new(canaries.iter().filter(move |canary| canary.kind == kind));
    assert_eq!(of(Kind::Secret).find(text.as_bytes()), None);
    // The dump is one: names stand in it.
    for name in canaries.iter().filter(|canary| canary.kind == Kind::Name) {
        let found = Finder::new(std::iter::once(name))
            .find(text.as_bytes())
            .is_some();
        assert!(found, "{} is not in the dump", name.what);
    }
    nothing_in_files(&mut server, &Finder::new(canaries.iter()));
}

#[test]
fn a_canary_is_found_in_every_form() {
    let bird = secret("bird", "a yellow bird");
    let finder = Finder::new(std::iter::once(&bird));
    let utf16: Vec<u8> = "a yellow bird"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let hidden = [
        b"x a yellow bird y".to_vec(),
        utf16,
        hex(b"..a yellow bird..").into_bytes(),
        hex(STANDARD_NO_PAD.encode("a yellow bird").as_bytes()).into_bytes(),
        STANDARD_NO_PAD
            .encode("{\"x\":\"a yellow bird\"}")
            .into_bytes(),
        URL_SAFE_NO_PAD.encode("?>?a yellow bird?>?").into_bytes(),
        STANDARD_NO_PAD.encode("1 a yellow bird").into_bytes(),
    ];
    for bytes in hidden {
        assert_eq!(
            finder.find(&bytes),
            Some("bird"),
            "{}",
            String::from_utf8_lossy(&bytes)
        );
    }
    assert_eq!(finder.find(b"a yellow bir"), None);
}
