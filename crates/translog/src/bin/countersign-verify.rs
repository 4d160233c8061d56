//! Proves a journal's bundle on any machine, without the server and without trusting it.
//!
//! `countersign-verify BUNDLE [--trusted CHECKPOINT]... [--key KEY]... [--json] [--entries]`
//!
//! Exit codes: 0, all of it holds; 1, something does not; 2, wrong usage, or a file cannot be read.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{BufReader, Read, Write as _};
use std::process::ExitCode;

use countersign_translog::bundle::{BundleError, Known, Refused, Report, Standing, verify};
use countersign_translog::entry::View;
use countersign_translog::note::VerifyingKey;

const USAGE: &str = "\
Proves a journal's bundle: every entry, their order, who signed, and that nothing went missing since a head you hold.

Usage: countersign-verify BUNDLE [--trusted CHECKPOINT]... [--key KEY]... [--json] [--entries]

  BUNDLE                 a file written by `countersign journal export`, or - for standard input
  --trusted CHECKPOINT   a file with a signed head of this journal that you kept: the bundle must contain all of it
  --key KEY              the journal's key as you got it from a source you trust, NAME+ID+BASE64: no other is taken
  --json                 print the outcome as one JSON object
  --entries              print each entry as well, one line each

Exit codes: 0 all of it holds, 1 something does not, 2 wrong usage or a file that cannot be read.
";

/// What was asked for.
#[derive(Default)]
struct Asked {
    bundle: Option<String>,
    known: Known,
    json: bool,
    entries: bool,
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
    let outcome = asked(arguments).and_then(|asked| {
        let bundle = open(asked.bundle.as_deref())?;
        Ok((run(bundle, &asked), asked.json))
    });
    match outcome {
        Ok((outcome, json)) => {
            let (code, text) = told(&outcome, json);
            print!("{text}");
            ExitCode::from(code)
        }
        Err(error) => {
            eprintln!("countersign-verify: {error}");
            ExitCode::from(2)
        }
    }
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
            "--trusted" => {
                let path = value()?;
                let head = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
                asked.known.heads.push(head);
            }
            "--key" => {
                let key = value()?;
                let key =
                    VerifyingKey::parse(key.trim()).map_err(|error| format!("--key: {error}"))?;
                asked.known.keys.push(key);
            }
            "--json" => asked.json = true,
            "--entries" => asked.entries = true,
            option if option.starts_with("--") => {
                return Err(format!("there is no option {option}; see --help"));
            }
            _ if asked.bundle.is_some() => {
                return Err("one bundle at a time; see --help".to_owned());
            }
            _ => asked.bundle = Some(argument),
        }
    }
    Ok(asked)
}

fn open(path: Option<&str>) -> Result<Box<dyn Read>, String> {
    match path {
        None => Err("which bundle? See --help".to_owned()),
        Some("-") => Ok(Box::new(std::io::stdin())),
        Some(path) => match File::open(path) {
            Ok(file) => Ok(Box::new(file)),
            Err(error) => Err(format!("{path}: {error}")),
        },
    }
}

fn run(bundle: impl Read, asked: &Asked) -> Result<Report, Refused> {
    let mut out = std::io::stdout().lock();
    verify(
        BufReader::with_capacity(1 << 20, bundle),
        &asked.known,
        |number, entry| {
            if asked.entries {
                // Whoever closed the other end wants no more of it; the outcome is the exit code's.
                let _ = writeln!(out, "{}", line(number, entry));
            }
        },
    )
}

fn line(number: u64, entry: &View<'_>) -> String {
    let View {
        time,
        action,
        object_kind,
        object_id,
        object_version,
        ..
    } = entry;
    let actor = entry
        .actor
        .map_or_else(|| "system".to_owned(), |actor| actor.to_string());
    format!("{number} {time} {actor} {action} {object_kind} {object_id} {object_version}")
}

/// The exit code, and what to print.
fn told(outcome: &Result<Report, Refused>, json: bool) -> (u8, String) {
    let code = match outcome {
        Ok(_) => 0,
        Err(Refused::Bundle(BundleError::Unreadable(_))) => 2,
        Err(_) => 1,
    };
    let text = match outcome {
        Ok(report) if json => as_json(report),
        Err(refused) if json => format!(
            "{{\"proven\":false,\"reason\":{}}}\n",
            quoted(&refused.to_string())
        ),
        Ok(report) => as_text(report),
        Err(refused) => format!("NOT PROVEN: {refused}\n"),
    };
    (code, text)
}

fn as_text(report: &Report) -> String {
    let head = &report.head;
    let mut text = format!(
        "Proven: {} of {} entries ({} to {}) of {}, epoch {}, as signed at {}\nRoot: {}\nKey: {}{}\n",
        report.end - report.first,
        head.size,
        report.first,
        report.end.saturating_sub(1),
        report.journal,
        head.epoch,
        head.time,
        head.root,
        report.key,
        if report.key_was_known {
            ""
        } else {
            "\n     You gave no key: compare this one with a source you trust."
        },
    );
    // Writing to a String cannot fail.
    let _ = match report.values {
        0 => Ok(()),
        values => writeln!(text, "Values shown: {values}, each as it was committed"),
    };
    for declared in &report.declared {
        let _ = writeln!(
            text,
            "Declared restore at entry {}: epoch {} ended at {} entries, of which {} were given up",
            declared.number,
            declared.rollback.old().epoch,
            declared.rollback.old().size,
            declared.rollback.lost().end - declared.rollback.lost().start,
        );
    }
    for (held, standing) in &report.held {
        let _ = match standing {
            Standing::Contained => writeln!(
                text,
                "Your head of {} entries: all of them are there, unchanged",
                held.size
            ),
            Standing::GivenUp(number) => writeln!(
                text,
                "Your head of {} entries: given up by the restore that entry {number} declares",
                held.size
            ),
        };
    }
    if report.held.is_empty() {
        text.push_str("You gave no earlier head: keep this one, and the next bundle can be held against it.\n");
    }
    text
}

fn as_json(report: &Report) -> String {
    let head = &report.head;
    let declared: Vec<String> = report
        .declared
        .iter()
        .map(|declared| {
            let (old, lost) = (declared.rollback.old(), declared.rollback.lost());
            format!(
                "{{\"entry\":{},\"epoch\":{},\"size\":{},\"root\":\"{}\",\"kept\":{}}}",
                declared.number, old.epoch, old.size, old.root, lost.start
            )
        })
        .collect();
    let held: Vec<String> = report
        .held
        .iter()
        .map(|(held, standing)| {
            let (word, by) = match standing {
                Standing::Contained => ("contained", "null".to_owned()),
                Standing::GivenUp(number) => ("given-up", number.to_string()),
            };
            format!(
                "{{\"epoch\":{},\"size\":{},\"standing\":\"{word}\",\"by\":{by}}}",
                held.epoch, held.size
            )
        })
        .collect();
    format!(
        "{{\"proven\":true,\"journal\":{},\"epoch\":{},\"size\":{},\"root\":\"{}\",\"time\":\"{}\",\"key\":{},\
         \"key_was_known\":{},\"first\":{},\"end\":{},\"values\":{},\"declared\":[{}],\"trusted\":[{}]}}\n",
        quoted(&report.journal),
        head.epoch,
        head.size,
        head.root,
        head.time,
        quoted(&report.key.to_string()),
        report.key_was_known,
        report.first,
        report.end,
        report.values,
        declared.join(","),
        held.join(","),
    )
}

/// A JSON string (RFC 8259, 7).
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        let _ = match character {
            '"' | '\\' => write!(quoted, "\\{character}"),
            control if control < ' ' => write!(quoted, "\\u{:04x}", u32::from(control)),
            plain => write!(quoted, "{plain}"),
        };
    }
    quoted.push('"');
    quoted
}
