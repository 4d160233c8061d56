//! Proves a journal's bundle, and a payment run's whole life in it, without the server. It is made of the files beside.

mod bundle;
mod entry;
mod form;
mod note;
mod payment;
mod tree;

use std::io::{BufReader, Write as _};
use std::process::ExitCode;

use form::{Proven, Refused, usable};
use note::{Kind, VerifyingKey};
use serde_json::{Value, json};
use tree::Hash;

const USAGE: &str = "\
Proves a journal's bundle: every entry, their order, who signed, and that nothing went missing since a head you hold.

Usage: countersign-verify BUNDLE [OPTION]...

  BUNDLE                 a file written by `countersign journal export`, or - for standard input
  --trusted CHECKPOINT   a file with a signed head of this journal that you kept: the bundle must contain all of it
  --key KEY              the journal's key, NAME+ID+BASE64, from a source you trust: no other is taken. Its second key
                         (ML-DSA-44) must have signed as well, where you give it
  --witness KEY          a witness that must have signed the newest head
  --payment-run ID       prove the life of this payment run: entered, approved, verified, countersigned and released
  --payment-file FILE    the file that the run must have been released for
  --document FILE        a document that one of its bills must have come from
  --entries              print each entry as well, a JSON object a line

Exit codes: 0 all of it holds, 1 something does not, 2 wrong usage or a file that cannot be read. Without --key or --trusted
it is proven only that the bundle fits together: compare its key, and keep its head.
";

fn main() -> ExitCode {
    if std::env::args_os().any(|argument| argument == "--help") {
        let _ = write!(std::io::stdout(), "{USAGE}");
        return ExitCode::SUCCESS;
    }
    let (code, told) = match proven() {
        Ok(told) => (0, told),
        Err(Refused::Unproven(why)) => (1, json!({"proven": false, "reason": why})),
        Err(Refused::Unusable(why)) => {
            eprintln!("countersign-verify: {why}; see --help");
            return ExitCode::from(2);
        }
    };
    let _ = writeln!(std::io::stdout(), "{told:#}");
    ExitCode::from(code)
}

fn proven() -> Proven<Value> {
    let text = |given: std::ffi::OsString| given.to_string_lossy().into_owned();
    let mut arguments = std::env::args_os().skip(1).map(text);
    let (mut path, mut known, mut entries) = (None, bundle::Known::default(), false);
    let (mut run, mut file, mut documents) = (None, None, Vec::new());
    let read = |path: String| usable(std::fs::read(&path), &path);
    while let Some(argument) = arguments.next() {
        let mut value = || usable(arguments.next().ok_or("it needs a value"), &argument);
        match argument.as_str() {
            "--trusted" => known.heads.push(read(value()?)?),
            "--key" | "--witness" => {
                let key = usable(VerifyingKey::parse(value()?.trim()), &argument)?;
                match key.kind {
                    Kind::Log if argument == "--key" => known.keys.push(key),
                    _ => known.witnesses.push(key),
                }
            }
            "--payment-run" => run = Some(value()?),
            "--payment-file" => file = Some(Hash::of(&read(value()?)?)),
            "--document" => documents.push(Hash::of(&read(value()?)?)),
            "--entries" => entries = true,
            _ if path.is_none() && !argument.starts_with("--") => path = Some(argument),
            _ => return usable(Err("what is it?"), &argument),
        }
    }
    if run.is_none() && (file.is_some() || !documents.is_empty()) {
        return usable(Err("they belong to a --payment-run"), "files and documents");
    }
    let path = usable(path.ok_or("which one?"), "BUNDLE")?;
    let path = if path == "-" { "/dev/stdin" } else { &path };
    let bundle = BufReader::with_capacity(1 << 20, usable(std::fs::File::open(path), path)?);
    let (mut lives, mut out) = (payment::Lives::default(), std::io::stdout().lock());
    let report = bundle::verify(bundle, &known, |number, entry, values| {
        if entries {
            // Whoever closed the other end wants no more of it; the outcome is the exit code's.
            let _ = writeln!(out, "{}", json!({"number": number, "entry": entry}));
        }
        if run.is_some() {
            lives.take(number, entry, values);
        }
    })?;
    let lived = run.map(|run| lives.prove(&run, file, &documents));
    Ok(json!({"proven": true, "bundle": report, "payment_run": lived.transpose()?}))
}
