//! Proves a journal's bundle, a payment run's whole life in it, or one entry's proof on any machine, without the server and
//! without trusting it. How it is used: [`USAGE`].

mod told;

use std::fs::File;
use std::io::{BufReader, Read, Write as _};
use std::process::ExitCode;

use countersign_translog::Hash;
use countersign_translog::bundle::payment::{Lived, Run, Unproven, Values};
use countersign_translog::bundle::{BundleError, Known, Refused, Report, verify, witnessed};
use countersign_translog::checkpoint::Checkpoint;
use countersign_translog::entry::View;
use countersign_translog::note::{Kind, VerifyingKey};
use countersign_translog::proof::{PROOF, Proof, ProofError};

const USAGE: &str = "\
Proves a journal's bundle: every entry, their order, who signed, and that nothing went missing since a head you hold.

Usage: countersign-verify BUNDLE [--trusted CHECKPOINT]... [--key KEY]... [--witness KEY]... [--json] [--entries]
                          [--payment-run ID [--payment-file FILE] [--document FILE]...]
       countersign-verify PROOF --key KEY... [--json]

  BUNDLE                 a file written by `countersign journal export`, or - for standard input
  PROOF                  a .tlog-proof of one entry
  --trusted CHECKPOINT   a file with a signed head of this journal that you kept: the bundle must contain all of it
  --key KEY              the journal's key as you got it from a source you trust, NAME+ID+BASE64: no other is taken. Its
                         second key (ML-DSA-44) must have signed as well, where you give it
  --witness KEY          a witness that must have signed the newest head
  --payment-run ID       prove the life of this payment run: entered, approved, verified, countersigned and released
  --payment-file FILE    the file that the run must have been released for
  --document FILE        a document that one of its bills must have come from
  --json                 print the outcome as one JSON object
  --entries              print each entry as well, one line each

Exit codes: 0 all of it holds, 1 something does not, 2 wrong usage or a file that cannot be read.
";

/// What was asked for.
#[derive(Default)]
struct Asked {
    file: Option<String>,
    known: Known,
    run: Option<String>,
    payment_file: Option<Hash>,
    documents: Vec<Hash>,
    json: bool,
    entries: bool,
}

/// What holds.
enum Proven {
    Bundle(Box<Report>, Option<Lived>),
    /// An entry, its number, and the head that it is under.
    Entry(Checkpoint, u64, String),
}

/// What does not.
#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error(transparent)]
    Bundle(#[from] Refused),
    #[error(transparent)]
    Life(#[from] Unproven),
    #[error(transparent)]
    Proof(#[from] ProofError),
    #[error("{0}")]
    Usage(String),
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1).peekable();
    if arguments
        .peek()
        .is_none_or(|first| first == "--help" || first == "-h")
    {
        print!("{USAGE}");
        return ExitCode::from(if arguments.peek().is_some() { 0 } else { 2 });
    }
    let asked = match asked(arguments) {
        Ok(asked) => asked,
        Err(error) => return unusable(&error),
    };
    match proven(&asked) {
        Ok(proven) if asked.json => print!("{}", told::as_json(&proven)),
        Ok(proven) => print!("{}", told::as_text(&proven)),
        Err(Failed::Usage(error)) => return unusable(&error),
        Err(failed) => return refused(&failed, asked.json),
    }
    ExitCode::SUCCESS
}

fn unusable(error: &str) -> ExitCode {
    eprintln!("countersign-verify: {error}");
    ExitCode::from(2)
}

fn refused(failed: &Failed, json: bool) -> ExitCode {
    let reason = failed.to_string();
    if json {
        println!("{{\"proven\":false,\"reason\":{}}}", told::quoted(&reason));
    } else {
        println!("NOT PROVEN: {reason}");
    }
    let is_unreadable = matches!(
        failed,
        Failed::Bundle(Refused::Bundle(BundleError::Unreadable(_)))
    );
    ExitCode::from(if is_unreadable { 2 } else { 1 })
}

fn asked(mut arguments: impl Iterator<Item = String>) -> Result<Asked, String> {
    let mut asked = Asked::default();
    while let Some(argument) = arguments.next() {
        let mut value = || {
            arguments
                .next()
                .ok_or(format!("{argument} needs a value; see --help"))
        };
        match argument.as_str() {
            "--trusted" => asked.known.heads.push(read(&value()?)?),
            "--key" | "--witness" => {
                let key = VerifyingKey::parse(value()?.trim());
                let key = key.map_err(|error| format!("{argument}: {error}"))?;
                if argument == "--key" && key.kind() == Kind::Log {
                    asked.known.keys.push(key);
                } else {
                    asked.known.witnesses.push(key);
                }
            }
            "--payment-run" => asked.run = Some(value()?),
            "--payment-file" => asked.payment_file = Some(Hash::of(&[&read(&value()?)?])),
            "--document" => asked.documents.push(Hash::of(&[&read(&value()?)?])),
            "--json" => asked.json = true,
            "--entries" => asked.entries = true,
            option if option.starts_with("--") => {
                return Err(format!("there is no option {option}; see --help"));
            }
            _ if asked.file.is_some() => {
                return Err("one file at a time; see --help".to_owned());
            }
            _ => asked.file = Some(argument),
        }
    }
    if asked.run.is_none() && (asked.payment_file.is_some() || !asked.documents.is_empty()) {
        return Err(
            "--payment-file and --document belong to a --payment-run; see --help".to_owned(),
        );
    }
    Ok(asked)
}

fn read(path: &str) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("{path}: {error}"))
}

fn open(path: &str) -> Result<Box<dyn Read>, Failed> {
    if path == "-" {
        return Ok(Box::new(std::io::stdin()));
    }
    match File::open(path) {
        Ok(file) => Ok(Box::new(file)),
        Err(error) => Err(Failed::Usage(format!("{path}: {error}"))),
    }
}

fn proven(asked: &Asked) -> Result<Proven, Failed> {
    let path = asked.file.as_deref();
    let path = path.ok_or(Failed::Usage("which file? See --help".to_owned()))?;
    let mut start = Vec::new();
    let mut file = open(path)?;
    let unreadable = |error| Failed::Usage(format!("{path}: {error}"));
    (&mut file)
        .take(PROOF.len() as u64)
        .read_to_end(&mut start)
        .map_err(unreadable)?;
    if start == PROOF.as_bytes() {
        file.read_to_end(&mut start).map_err(unreadable)?;
        return entry(&start, &asked.known);
    }
    let whole = start.as_slice().chain(file);
    let Some(run) = &asked.run else {
        return Ok(Proven::Bundle(
            Box::new(walked(whole, asked, asked.entries, |_, _, _| {})?),
            None,
        ));
    };
    if path == "-" {
        let twice = "a payment run is looked for twice: give the bundle as a file";
        return Err(Failed::Usage(twice.to_owned()));
    }
    let mut run = Run::new(run);
    walked(whole, asked, false, |number, entry, values| {
        run.take(number, entry, values)
    })?;
    let mut life = run.life()?;
    let report = walked(
        open(path)?,
        asked,
        asked.entries,
        |number, entry, values| {
            life.take(number, entry, values);
        },
    )?;
    let lived = life.prove(asked.payment_file, &asked.documents)?;
    Ok(Proven::Bundle(Box::new(report), Some(lived)))
}

fn walked(
    bundle: impl Read,
    asked: &Asked,
    prints: bool,
    mut each: impl FnMut(u64, &View<'_>, &Values),
) -> Result<Report, Refused> {
    let mut out = std::io::stdout().lock();
    let bundle = BufReader::with_capacity(1 << 20, bundle);
    verify(bundle, &asked.known, |number, entry, values| {
        if prints {
            // Whoever closed the other end wants no more of it; the outcome is the exit code's.
            let _ = writeln!(out, "{}", told::line(number, entry));
        }
        each(number, entry, values);
    })
}

fn entry(proof: &[u8], known: &Known) -> Result<Proven, Failed> {
    if known.keys.is_empty() {
        return Err(Failed::Usage(
            "a proof needs the journal's --key; see --help".to_owned(),
        ));
    }
    let proof = Proof::parse(proof)?;
    let head = proof.verify(None, &known.keys)?;
    witnessed(proof.checkpoint.as_bytes(), &known.witnesses)?;
    let entry = proof.extra.as_deref().map(String::from_utf8_lossy);
    Ok(Proven::Entry(
        head,
        proof.index,
        entry.unwrap_or_default().into_owned(),
    ))
}
