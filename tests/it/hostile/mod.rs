//! Files that mean harm or are broken, by the hundred: each gets a finding or an error that says what to do, nothing
//! panics, memory stays bounded, and the server goes on.

mod files;
pub mod upload;

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use countersign::payables::intake::actions::MAX_BYTES;
use countersign_sealing::SeededEntropy;
use rustix::process::Signal;
use serde_json::{Value, json};

use super::intake::{IBAN, VAT_ID, ubl};
use super::support::child::Guarded;
use super::support::desk::{Desk, Typed};
use super::support::server::{Launch, Server};
use super::support::temp::TempDir;
use super::support::{counts, measured, poll};

use self::files::{Harm, Sources};

const PART: &str = "hostile";
const SEED: u64 = 0x405;
/// For the server, and for a worker.
///
/// The code of the program itself is resident too, and takes some 50 MiB more where it is not optimised.
const RSS_MAX_MIB: u64 = if cfg!(debug_assertions) { 350 } else { 300 };
/// A hundred of these may hang: each is given so long.
const WORKER_TIMEOUT_MS: &str = "4000";
const PATIENCE: Duration = Duration::from_secs(40 * 60);

/// What is wrong with the answer to a file, if anything is. `outcome` is "new" or "created" where a bill was made of it.
fn judge(harm: Harm, answer: &Value) -> Result<(), String> {
    let outcome = answer["outcome"].as_str().unwrap_or_default();
    let says = |text: &Value| text.as_str().is_some_and(|text| text.len() > 15);
    let findings = answer["findings"].as_array().map_or(&[][..], Vec::as_slice);
    let is_explained = says(&answer["error"]) || findings.iter().any(|f| says(&f["message"]));
    match outcome {
        "new" | "created" | "findings" if !harm.is_never_a_bill() => Ok(()),
        "duplicate" => Ok(()),
        "kept-for-typing" | "typing" | "failed" if is_explained => Ok(()),
        _ => Err(format!("{harm:?}: {answer}")),
    }
}

/// The most memory that a process has held, without its children, in MiB (proc_pid_status(5), VmHWM).
fn peak_mib(process: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib / 1024)
}

/// Hands a folder in beside the running server; gives an answer a file, and the most memory that it took.
fn import(server: &Server, folder: &Path) -> (Vec<Value>, u64) {
    let out = TempDir::new("import");
    let (answers, errors) = (out.path().join("answers"), out.path().join("errors"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_countersign"));
    command
        .args([
            "bills",
            "import",
            "--json",
            "--org",
            "harbour-foods",
            "--data",
        ])
        .arg(server.data())
        .arg(folder)
        .env("COUNTERSIGN_WORKERS_TIMEOUT_MS", WORKER_TIMEOUT_MS)
        .stdin(Stdio::null())
        .stdout(fs::File::create(&answers).expect("our own folder"))
        .stderr(fs::File::create(&errors).expect("our own folder"));
    let mut process = Guarded::spawn(&mut command, Signal::KILL, None);
    let mut peak = 0;
    let ended = poll(PATIENCE, || {
        peak = peak.max(peak_mib(process.id()).unwrap_or_default());
        process.exited()
    });
    let said = fs::read_to_string(&errors).expect("our own file");
    assert!(ended.is_some(), "it did not end: {said}");
    assert!(!said.contains("panicked"), "{said}");
    let answers = fs::read_to_string(&answers).expect("our own file");
    let answers: Vec<Value> = answers
        .lines()
        .map(|line| serde_json::from_str(line).expect("one JSON object a line"))
        .collect();
    assert!(!answers.is_empty(), "{said}");
    (answers, peak)
}

#[test]
fn hostile_files_beside_a_running_server() {
    let result = "bills import beside a running server";
    if measured::already(PART, result) {
        return;
    }
    let Some(sources) = Sources::read() else {
        return;
    };
    let (count, started, random) = (
        counts::of(PART, 60, 500),
        Instant::now(),
        SeededEntropy::new(SEED),
    );
    let server = Server::start(Launch::embedded());
    Desk::set_up(&server, &Typed::default());
    let folder = TempDir::new("hostile");
    let mut harms = Vec::new();
    for n in 0..usize::try_from(count).expect("it fits") {
        let hostile = sources.make(n, &random);
        fs::write(folder.path().join(&hostile.name), &hostile.bytes).expect("our own folder");
        harms.push(hostile.harm);
    }
    let large = fs::File::create(folder.path().join("9998-large.pdf")).expect("our own folder");
    large.set_len(MAX_BYTES + 1).expect("a file with a hole");
    let sound = ubl("SOUND-1", "Nordwind GmbH", "119.00", IBAN, VAT_ID);
    fs::write(folder.path().join("9999-sound.xml"), sound).expect("our own folder");

    let (answers, peak) = import(&server, folder.path());
    assert_eq!(answers.len(), harms.len() + 2, "an answer for each file");
    let number = |answer: &Value| -> usize {
        let path = Path::new(answer["file"].as_str().expect("a path"));
        let name = path
            .file_name()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        name[..4].parse().expect("names begin with a number")
    };
    let mut explained = 0;
    for answer in &answers {
        match number(answer) {
            9998 => assert_eq!(answer["outcome"], "failed", "{answer}"),
            9999 => assert_eq!(answer["outcome"], "new", "the next one works: {answer}"),
            n => {
                judge(harms[n], answer).unwrap_or_else(|wrong| panic!("{wrong}"));
                explained += u64::from(answer["outcome"] != "new");
            }
        }
    }
    assert!(peak < RSS_MAX_MIB, "it held {peak} MiB");
    assert_eq!(server.client().get("/health").status, 200);
    assert!(!server.said().contains("panicked"), "{}", server.said());
    eprintln!("{count} files, {explained} explained, at most {peak} MiB");
    let figures = json!({ "explained": explained, "peak_mib": peak });
    measured::record(PART, result, count, SEED, started.elapsed(), figures);
}

#[test]
fn an_answer_that_says_nothing_is_seen() {
    let silent = json!({ "outcome": "kept-for-typing", "findings": [] });
    assert!(judge(Harm::Cut, &silent).is_err());
    assert!(judge(Harm::BrokenPdf, &silent).is_err());
    let bill = json!({ "outcome": "new", "findings": [] });
    assert!(judge(Harm::XmlBomb, &bill).is_err());
    assert!(judge(Harm::Flipped, &bill).is_ok());
    let failed = json!({ "outcome": "failed", "error": "too large: ask for a smaller one" });
    assert!(judge(Harm::ZipBomb, &failed).is_ok());
}
