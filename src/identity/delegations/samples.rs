//! The page of delegations with sample data.

use super::views::{DelegationRow, DelegationsPage};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, FormErrors, Tone};

#[test]
fn the_page_of_delegations_renders() {
    check("me-delegations", |locale| {
        let mut page = sample_page(locale, Section::Home, "");
        page.title = page.t(DelegationsPage::TITLE);
        let row = |can_end| DelegationRow {
            id: "0197".into(),
            principal: "Ann Lindqvist".into(),
            delegate: "Tomás Okafor".into(),
            entity: "All legal entities".into(),
            from: "05 Nov 2026".into(),
            until: "12 Nov 2026".into(),
            state: Badge::new(Tone::Good, "Stands"),
            waits: can_end,
            can_end,
        };
        let mut errors = FormErrors::default();
        errors.add("until", "This is no date.".into());
        DelegationsPage {
            page,
            can_delegate: true,
            administers: true,
            principals: vec![Choice::new("0198", "Cleo Brandt", "")],
            rows: vec![row(true), row(false)],
            delegates: vec![Choice::new("0197", "Tomás Okafor", "")],
            entities: vec![Choice::new("", "All legal entities", "")],
            from: "2026-11-05".into(),
            until: "12.11.".into(),
            errors,
        }
    });
}
