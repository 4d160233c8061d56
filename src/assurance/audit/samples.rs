//! The journal's page with sample data.

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Change, Choice, Pager, Tone};

fn journal(locale: Locale) -> JournalPage {
    let mut page = sample_page(locale, Section::Journal, "");
    page.title = page.t(JournalPage::TITLE);
    let row =
        |number: Option<&str>, actor: &str, action: &str, object: &str, changes: Vec<Change>| {
            JournalRow {
                number: number.map(Into::into),
                time: page.time(1_793_920_000_000_000),
                machine_time: page.machine_time(1_793_920_000_000_000),
                actor: actor.into(),
                credential: "session, password and TOTP".into(),
                action: action.into(),
                canonical: "bill.coded".into(),
                object: object.into(),
                object_href: Some("/bills/1".into()),
                object_filter: "/journal?object=1".into(),
                request: "5f2a9c01".into(),
                request_filter: "/journal?request=5f2a9c01".into(),
                changes,
            }
        };
    let change = |field: &str, before: Option<&str>, after: Option<&str>| Change {
        field: field.into(),
        before: before.map(Into::into),
        after: after.map(Into::into),
    };
    JournalPage {
        proof: Badge::new(Tone::Good, "Verified"),
        proof_text: "10,482 entries, checked 4 minutes ago. Every entry is in the tree.".into(),
        head: "10482 · 7b19c0e4…f2".into(),
        people: vec![Choice::new("", "Everybody", "")],
        actions: vec![Choice::new("", "Everything", "")],
        from: String::new(),
        until: String::new(),
        person: String::new(),
        action: String::new(),
        kind: String::new(),
        object: String::new(),
        request: String::new(),
        filtered: false,
        rows: vec![
            row(
                None,
                "Tomás Okafor",
                "approved",
                "bill NW-2026-1187",
                vec![change("Processing", Some("in approval"), Some("approved"))],
            ),
            row(
                Some("10482"),
                "Ann Lindqvist",
                "coded",
                "bill NW-2026-1187",
                vec![
                    change("Line 2, GL account", None, Some("6815")),
                    change("Line 2, cost centre", Some("210"), None),
                ],
            ),
            row(Some("10481"), "Ann Lindqvist", "signed in", "", Vec::new()),
        ],
        pager: Pager {
            previous: None,
            next: Some("/journal?after=10481".into()),
        },
        page,
    }
}

#[test]
fn the_journal_renders() {
    check("journal", journal);
    check("journal-empty", |locale| JournalPage {
        rows: Vec::new(),
        ..journal(locale)
    });
}
