//! The page of one's own sessions with sample data.

use super::views::{ActivityPage, AttemptRow, SessionRow};
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
