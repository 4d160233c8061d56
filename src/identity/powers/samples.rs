//! The page of requests with sample data.

use super::views::{RequestRow, RequestsPage};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Tone};

#[test]
fn the_page_of_requests_renders() {
    check("people-requests", |locale| {
        let mut page = sample_page(locale, Section::People, "");
        page.title = page.t(RequestsPage::TITLE);
        let row = |is_own, decided_by: Option<&str>| RequestRow {
            id: "0197".into(),
            href: "/people/0197".into(),
            person: "Tomás Okafor".into(),
            what: "Approver, Payer".into(),
            state: Badge::new(Tone::Warn, "Waits"),
            proposed_by: "Ann Lindqvist".into(),
            proposed: "05 Nov 2026, 14:03".into(),
            until: "12 Nov 2026, 14:03".into(),
            decided_by: decided_by.map(Into::into),
            is_own,
        };
        RequestsPage {
            page,
            can_decide: true,
            open: vec![row(false, None), row(true, None)],
            closed: vec![row(false, Some("Nia Brandt")), row(true, None)],
            alone: Some("Ann Lindqvist is the only administrator.".into()),
        }
    });
}
