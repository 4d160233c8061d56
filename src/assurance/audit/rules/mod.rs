//! How entries are written for people and for other programs.

mod classes;
mod ocsf;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::store::journal::read::Told;
use crate::text_enum;

text_enum! {
    /// How an export is written.
    pub enum Format {
        /// RFC 4180 with a heading; one line per change, or one for an entry without changes.
        Csv = "csv",
        /// One JSON object per line.
        JsonLines = "jsonl",
        /// One event of the Open Cybersecurity Schema Framework per line, as JSON.
        Ocsf = "ocsf",
    }
}

impl Format {
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines | Self::Ocsf => "application/jsonl",
        }
    }

    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "journal.csv",
            Self::JsonLines => "journal.jsonl",
            Self::Ocsf => "journal.ocsf.jsonl",
        }
    }
}

/// What stands before the first entry.
#[must_use]
pub fn heading(format: Format) -> Vec<u8> {
    match format {
        Format::Csv => csv(|write| write(HEADING.map(str::to_owned).to_vec())),
        Format::JsonLines | Format::Ocsf => Vec::new(),
    }
}

/// Entries as they stand in a file, without its heading: parts of a file may be written one after the other.
#[must_use]
pub fn part(entries: &[Told], organisation: OrgId, format: Format) -> Vec<u8> {
    match format {
        Format::Csv => csv(|write| entries.iter().for_each(|entry| records(entry, write))),
        Format::JsonLines => lines(entries.iter().map(serde_json::to_vec)),
        Format::Ocsf => lines(
            entries
                .iter()
                .map(|entry| serde_json::to_vec(&ocsf::event(entry, organisation))),
        ),
    }
}

/// One entry as JSON; as text, which stands in tables, there is none.
#[must_use]
pub fn json(entry: &Told, organisation: OrgId, format: Format) -> Option<serde_json::Value> {
    match format {
        Format::Csv => None,
        Format::JsonLines => serde_json::to_value(entry).ok(),
        Format::Ocsf => Some(ocsf::event(entry, organisation)),
    }
}

/// How grave an action is, as the `severity_id` of its event: 1 informational, 2 low, 4 high.
#[must_use]
pub fn severity(action: &str) -> u8 {
    ocsf::severity(action).0
}

fn lines(all: impl Iterator<Item = serde_json::Result<Vec<u8>>>) -> Vec<u8> {
    all.flat_map(|line| {
        let mut line = line.expect("texts and numbers are written as JSON");
        line.push(b'\n');
        line
    })
    .collect()
}

const HEADING: [&str; 15] = [
    "number",
    "time",
    "person",
    "person_id",
    "on_behalf_of",
    "credential",
    "credential_id",
    "action",
    "object",
    "object_id",
    "version",
    "field",
    "before",
    "after",
    "request",
];

fn csv(fill: impl FnOnce(&mut dyn FnMut(Vec<String>))) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    fill(&mut |cells: Vec<String>| {
        let cells = cells.iter().map(|cell| defused(cell));
        writer
            .write_record(cells)
            .expect("writing to memory does not fail, and records have one length");
    });
    writer
        .into_inner()
        .expect("writing to memory does not fail")
}

fn records(entry: &Told, write: &mut dyn FnMut(Vec<String>)) {
    let id = |id: Option<crate::platform::ids::PersonId>| id.map(|id| id.to_string());
    let head = vec![
        entry.seq.map(|seq| seq.to_string()).unwrap_or_default(),
        moment(entry.at_us),
        entry.actor_name.clone().unwrap_or_default(),
        id(entry.actor).unwrap_or_default(),
        id(entry.on_behalf_of).unwrap_or_default(),
        entry.credential_kind.clone(),
        entry.credential_id.clone().unwrap_or_default(),
        entry.action.clone(),
        entry.object_kind.clone(),
        entry.object_id.clone(),
        entry.object_version.to_string(),
    ];
    let request = entry.request_id.clone();
    if entry.changes.is_empty() {
        let values = vec![String::new(), String::new(), String::new(), request.clone()];
        write([head.clone(), values].concat());
    }
    for change in &entry.changes {
        let values = vec![
            change.field.clone(),
            change.before.clone().unwrap_or_default(),
            change.after.clone().unwrap_or_default(),
            request.clone(),
        ];
        write([head.clone(), values].concat());
    }
}

/// A cell that a spreadsheet would run as a formula, made text: what a vendor wrote on a bill stands in the journal.
fn defused(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// RFC 3339, UTC.
fn moment(at_us: i64) -> String {
    Timestamp::from_microsecond(at_us)
        .map(|at| at.to_string())
        .unwrap_or_default()
}

/// `bill.sent-back` as words: what was done, in the journal's own names.
#[must_use]
pub fn words(name: &str) -> String {
    name.replace(['.', '-'], " ")
}

/// The first moment of a day in the organisation's zone.
#[must_use]
pub fn start_of(day: Date, zone: &TimeZone) -> Option<Micros> {
    let start = day.to_zoned(zone.clone()).ok()?;
    Some(Micros(start.timestamp().as_microsecond()))
}

/// The first moment of the day after.
#[must_use]
pub fn end_of(day: Date, zone: &TimeZone) -> Option<Micros> {
    start_of(day.tomorrow().ok()?, zone)
}

/// The page of an object that an entry is about.
#[must_use]
pub fn href(kind: &str, id: &str) -> Option<String> {
    let folder = match kind {
        "bill" => "bills",
        "vendor" => "vendors",
        "payment-run" => "payments",
        "reveal" => "reveals",
        _ => return None,
    };
    Some(format!("/{folder}/{id}"))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::platform::ids::{EntryId, Id as _};
    use crate::platform::store::journal::Change;

    fn export(entries: &[Told], format: Format) -> String {
        let mut bytes = heading(format);
        for entry in entries {
            bytes.extend(part(
                std::slice::from_ref(entry),
                OrgId::from_uuid(Uuid::nil()),
                format,
            ));
        }
        String::from_utf8(bytes).expect("text")
    }

    fn entry() -> Told {
        Told {
            id: EntryId::from_uuid(Uuid::nil()),
            seq: Some(7),
            at_us: 1_793_921_400_000_000,
            actor: None,
            actor_name: Some("=cmd|' /C calc'!A0".to_owned()),
            on_behalf_of: None,
            credential_kind: "session".to_owned(),
            credential_id: None,
            action: "bill.coded".to_owned(),
            object_kind: "bill".to_owned(),
            object_id: "b".to_owned(),
            object_version: 2,
            request_id: "r".to_owned(),
            changes: vec![Change {
                field: "line.1".to_owned(),
                before: None,
                after: Some("6300, \"Freight\"\n-5".to_owned()),
            }],
            is_open: true,
        }
    }

    #[test]
    fn an_export_reads_back_and_runs_nothing() {
        let text = export(&[entry()], Format::Csv);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let record = reader
            .records()
            .next()
            .expect("a line")
            .expect("well-formed");
        assert_eq!(&record[2], "'=cmd|' /C calc'!A0");
        assert_eq!(&record[13], "6300, \"Freight\"\n-5");
        assert_eq!(&record[1], "2026-11-05T23:30:00Z");
        assert_eq!(&record[14], "r");
        assert_eq!(reader.headers().expect("a heading").len(), record.len());
    }

    #[test]
    fn an_entry_without_changes_is_still_a_line() {
        let quiet = Told {
            changes: Vec::new(),
            ..entry()
        };
        let text = export(std::slice::from_ref(&quiet), Format::Csv);
        assert_eq!(text.lines().count(), 2);
        let lines = export(&[quiet, entry()], Format::JsonLines);
        let read: Vec<serde_json::Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"))
            .collect();
        assert_eq!(read.len(), 2);
        assert_eq!(read[1]["changes"][0]["field"], "line.1");
    }

    #[test]
    fn days_are_those_of_the_organisation() {
        let east = TimeZone::fixed(jiff::tz::offset(2));
        let day = date(2026, 11, 5);
        let (start, end) = (
            start_of(day, &east).expect("a day"),
            end_of(day, &east).expect("a day"),
        );
        assert_eq!(end.since(start), Micros::DAY);
        assert_eq!(moment(start.0), "2026-11-04T22:00:00Z");
        assert_eq!(end_of(Date::MAX, &east), None);
    }
}
