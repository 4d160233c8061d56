//! The page of one's own sessions with sample data.

use super::views::{ActivityPage, AddedRow, AttemptRow, DisownedPage, SessionRow};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Tone};

#[test]
fn the_page_of_sessions_renders() {
    check("people-sessions", |locale| {
        let mut page = sample_page(locale, Section::Home, "");
        page.title = page.t(ActivityPage::TITLE);
        let session = |is_this, last_seen: Option<&str>| SessionRow {
            id: "0197".into(),
            device: "Firefox".into(),
            address: "192.0.2.7".into(),
            began: "05 Nov 2026, 14:03".into(),
            last_seen: last_seen.map(Into::into),
            is_this,
        };
        let attempt = |known: Option<&str>, state| AttemptRow {
            time: "05 Nov 2026, 14:03".into(),
            device: known.map(Into::into),
            address: known.map(Into::into),
            state,
            sign_in: known.map(|_| "0197".into()),
        };
        ActivityPage {
            page,
            sessions: vec![session(true, Some("today")), session(false, None)],
            attempts: vec![
                attempt(Some("192.0.2.7"), Badge::new(Tone::Good, "Signed in")),
                attempt(None, Badge::new(Tone::Bad, "Failed")),
            ],
        }
    });
}

#[test]
fn the_page_after_a_disowned_sign_in_renders() {
    for (name, has_password, must_replace_password) in [
        ("people-disowned", true, true),
        ("people-disowned-replaced", true, false),
        ("people-disowned-elsewhere", false, false),
    ] {
        check(name, |locale| {
            let mut page = sample_page(locale, Section::Home, "");
            page.title = page.t(DisownedPage::TITLE);
            let added = AddedRow {
                what: "The passkey “Phone”".into(),
                made: "05 Nov 2026, 14:03".into(),
            };
            DisownedPage {
                page,
                time: "05 Nov 2026, 14:01".into(),
                device: "Firefox".into(),
                address: "192.0.2.7".into(),
                has_password,
                must_replace_password,
                added: if must_replace_password {
                    vec![added]
                } else {
                    Vec::new()
                },
            }
        });
    }
}
