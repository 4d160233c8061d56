//! How entries are written for people and for other programs.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::platform::clock::Micros;
use crate::platform::store::journal::read::Told;
use crate::text_enum;

/// Entries in one exported file, at most.
pub const EXPORT_MAX: usize = 50_000;

text_enum! {
    /// How an export is written.
    pub enum Format {
        /// RFC 4180 with a heading; one line per change, or one for an entry without changes.
        Csv = "csv",
        /// One JSON object per line.
        JsonLines = "jsonl",
    }
}

impl Format {
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::JsonLines => "application/jsonl",
        }
    }
}

/// The entries as a file.
#[must_use]
pub fn export(entries: &[Told], format: Format) -> Vec<u8> {
    match format {
        Format::Csv => csv(entries),
        Format::JsonLines => entries
            .iter()
            .filter_map(|entry| serde_json::to_vec(entry).ok())
            .flat_map(|mut line| {
                line.push(b'\n');
                line
            })
            .collect(),
    }
}

const HEADING: [&str; 14] = [
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
];

fn csv(entries: &[Told]) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut write = |cells: Vec<String>| {
        let cells = cells.iter().map(|cell| defused(cell));
        writer
            .write_record(cells)
            .expect("writing to memory does not fail, and records have one length");
    };
    write(HEADING.map(str::to_owned).to_vec());
    for entry in entries {
        let head = vec![
            entry.seq.map(|seq| seq.to_string()).unwrap_or_default(),
            moment(entry.at_us),
            entry.actor_name.clone().unwrap_or_default(),
            entry.actor.map(|id| id.to_string()).unwrap_or_default(),
            entry
                .on_behalf_of
                .map(|id| id.to_string())
                .unwrap_or_default(),
            entry.credential_kind.clone(),
            entry.credential_id.clone().unwrap_or_default(),
            entry.action.clone(),
            entry.object_kind.clone(),
            entry.object_id.clone(),
            entry.object_version.to_string(),
        ];
        if entry.changes.is_empty() {
            write([head.clone(), vec![String::new(); 3]].concat());
        }
        for change in &entry.changes {
            let values = vec![
                change.field.clone(),
                change.before.clone().unwrap_or_default(),
                change.after.clone().unwrap_or_default(),
            ];
            write([head.clone(), values].concat());
        }
    }
    writer.into_inner().unwrap_or_default()
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
        let text = String::from_utf8(export(&[entry()], Format::Csv)).expect("text");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let record = reader
            .records()
            .next()
            .expect("a line")
            .expect("well-formed");
        assert_eq!(&record[2], "'=cmd|' /C calc'!A0");
        assert_eq!(&record[13], "6300, \"Freight\"\n-5");
        assert_eq!(&record[1], "2026-11-05T23:30:00Z");
        assert_eq!(reader.headers().expect("a heading").len(), record.len());
    }

    #[test]
    fn an_entry_without_changes_is_still_a_line() {
        let quiet = Told {
            changes: Vec::new(),
            ..entry()
        };
        let text =
            String::from_utf8(export(std::slice::from_ref(&quiet), Format::Csv)).expect("text");
        assert_eq!(text.lines().count(), 2);
        let lines = String::from_utf8(export(&[quiet, entry()], Format::JsonLines)).expect("text");
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
