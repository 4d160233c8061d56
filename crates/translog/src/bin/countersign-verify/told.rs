//! What is printed: for people, and as JSON.

use std::fmt::Write as _;

use countersign_translog::bundle::payment::{Lived, Step};
use countersign_translog::bundle::{Report, Standing};
use countersign_translog::entry::View;

use crate::Proven;

pub fn as_text(proven: &Proven) -> String {
    match proven {
        Proven::Bundle(report, lived) => {
            let mut text = bundle_text(report);
            if let Some(lived) = lived {
                text.push_str(&lived_text(lived));
            }
            text
        }
        Proven::Entry(head, index, entry) => format!(
            "Proven: entry {index} of {} in {}\nRoot: {}\n{}\n",
            head.size, head.origin, head.root, entry
        ),
    }
}

fn bundle_text(report: &Report) -> String {
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
    if let Some((silence, number)) = report.silence {
        let (minutes, seconds) = (silence / 60_000_000, silence / 1_000_000 % 60);
        let _ = writeln!(
            text,
            "Longest silence: {minutes} min {seconds} s before entry {number}"
        );
    }
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
    for (name, time) in &report.witnessed {
        let _ = writeln!(text, "Witness: {name}, at {time} seconds since 1970");
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

fn lived_text(lived: &Lived) -> String {
    let mut text = format!(
        "Payment run: released for {} bills to {} accounts\nPayment file: SHA-256 {}\n",
        lived.bills, lived.accounts, lived.file
    );
    for document in &lived.documents {
        let _ = writeln!(text, "Document: SHA-256 {document}");
    }
    for step in &lived.steps {
        let _ = writeln!(text, "{}", step_line(step));
    }
    text
}

fn step_line(step: &Step) -> String {
    let who = |id: Option<countersign_translog::entry::Id>| {
        id.map_or_else(|| "system".to_owned(), |id| id.to_string())
    };
    let behalf = step
        .on_behalf_of
        .map_or_else(String::new, |id| format!(" for {id}"));
    let (kind, id) = &step.object;
    format!(
        "{} {} {}{behalf} {} {kind} {id}",
        step.number,
        step.time,
        who(step.actor),
        step.action
    )
}

/// One entry on one line.
pub fn line(number: u64, entry: &View<'_>) -> String {
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

pub fn as_json(proven: &Proven) -> String {
    match proven {
        Proven::Bundle(report, lived) => bundle_json(report, lived.as_ref()),
        Proven::Entry(head, index, entry) => format!(
            "{{\"proven\":true,\"origin\":{},\"size\":{},\"root\":\"{}\",\"index\":{index},\"entry\":{}}}\n",
            quoted(&head.origin),
            head.size,
            head.root,
            quoted(entry)
        ),
    }
}

fn lived_json(lived: &Lived) -> String {
    let list = |texts: Vec<String>| format!("[{}]", texts.join(","));
    let documents = lived.documents.iter().map(|hash| quoted(&hash.to_string()));
    let steps = lived.steps.iter().map(|step| {
        let id = |id: Option<countersign_translog::entry::Id>| {
            id.map_or_else(|| "null".to_owned(), |id| quoted(&id.to_string()))
        };
        format!(
            "{{\"entry\":{},\"time\":\"{}\",\"actor\":{},\"on_behalf_of\":{},\"action\":{},\"object\":{},\"id\":{}}}",
            step.number,
            step.time,
            id(step.actor),
            id(step.on_behalf_of),
            quoted(&step.action),
            quoted(&step.object.0),
            quoted(&step.object.1)
        )
    });
    format!(
        "{{\"file\":\"{}\",\"documents\":{},\"bills\":{},\"accounts\":{},\"steps\":{}}}",
        lived.file,
        list(documents.collect()),
        lived.bills,
        lived.accounts,
        list(steps.collect())
    )
}

fn bundle_json(report: &Report, lived: Option<&Lived>) -> String {
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
    let witnessed: Vec<String> = report
        .witnessed
        .iter()
        .map(|(name, time)| format!("{{\"name\":{},\"time\":{time}}}", quoted(name)))
        .collect();
    format!(
        "{{\"proven\":true,\"journal\":{},\"epoch\":{},\"size\":{},\"root\":\"{}\",\"time\":\"{}\",\"key\":{},\
         \"key_was_known\":{},\"first\":{},\"end\":{},\"silence_seconds\":{},\"silence_before\":{},\"values\":{},\"declared\":[{}],\"trusted\":[{}],\"witnesses\":[{}],\"payment_run\":{}}}\n",
        quoted(&report.journal),
        head.epoch,
        head.size,
        head.root,
        head.time,
        quoted(&report.key.to_string()),
        report.key_was_known,
        report.first,
        report.end,
        report.silence.map_or(0, |(silence, _)| silence / 1_000_000),
        report
            .silence
            .map_or_else(|| "null".to_owned(), |(_, number)| number.to_string()),
        report.values,
        declared.join(","),
        held.join(","),
        witnessed.join(","),
        lived.map_or_else(|| "null".to_owned(), lived_json),
    )
}

/// A JSON string (RFC 8259, 7).
pub fn quoted(text: &str) -> String {
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
