//! The roots wherever they are kept: a server lives with them, and does not start where one of them is wrong.

mod backed_up;
mod columns;
mod cut_off;
mod files;
mod filled;
mod in_use;
mod kms;
mod meanwhile;
mod memory;
mod moved;
mod put_back;
mod replaced;
mod rotation;
mod softhsm;
mod swaps;
mod told;
mod told_attacks;
mod told_in_parts;
mod unguarded;
mod vault;
mod wrapped;

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use super::support::desk::{Desk, Typed};
use super::support::server::Server;
use super::support::{free_port, poll};

const FIELD: &str = "COUNTERSIGN_KEYS_FIELD";
const STORAGE: &str = "COUNTERSIGN_KEYS_STORAGE";

type Variables = [(&'static str, String)];

/// `countersign` with these arguments in a data folder; what serves although it should not is ended.
fn run(arguments: &[&str], data: &Path, variables: &Variables) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_countersign"))
        .args(arguments)
        .arg("--data")
        .arg(data)
        .envs(variables.iter().map(|(name, value)| (name, value)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary was built");
    let ended = poll(Duration::from_secs(60), || child.try_wait().ok().flatten());
    if ended.is_none() {
        child.kill().expect("our own child");
    }
    child.wait_with_output().expect("it has ended")
}

/// Why the server does not start; that it serves nobody is part of it. The doctor says the same.
fn refusal(data: &Path, variables: &Variables) -> String {
    let listen = format!("127.0.0.1:{}", free_port());
    let output = run(&["serve", "--listen", &listen], data, variables);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{out}{said}");
    assert!(!out.contains("ready"), "{out}");
    said
}

/// What the doctor fails.
fn doctor(data: &Path, variables: &Variables) -> String {
    fs::set_permissions(data, fs::Permissions::from_mode(0o700)).expect("our own folder");
    let output = run(&["doctor"], data, variables);
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    out.lines()
        .filter(|line| line.starts_with("FAIL"))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// A root in a file of its own, and its path. It opens nothing: two equal roots are found before that is tried.
fn known_root(data: &Path) -> ([u8; 32], String) {
    let key = *b"a root that is known to anybody.";
    let file = data.join("known.root");
    fs::write(&file, key).expect("our own folder");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("our own file");
    (key, file.display().to_string())
}

/// Somebody sets the organisation up; later she sees what the field root alone opens.
fn set_up(server: &Server) -> Desk {
    Desk::set_up(server, &Typed::default()).0
}

/// Whether the keys open what is stored: an account of the vendor that is entered is sealed, and the settings open ours.
fn works(desk: &mut Desk, name: &str) {
    desk.get("/vendors/new");
    let fields = [
        ("name", name),
        ("vat_id", "DE173205089"),
        ("country", "DE"),
        ("terms_days", "30"),
    ];
    let answer = desk.submit("/vendors", &fields);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let vendor = answer.header("location").expect("its page").to_owned();
    let page = desk.get(&vendor);
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.text().contains(name));
}
