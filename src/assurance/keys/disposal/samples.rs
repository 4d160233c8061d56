//! The pages of disposal with sample data.

use super::views::{DisposalPage, DisposalRow, DisposalsPage};
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, Tone};

fn row() -> DisposalRow {
    DisposalRow {
        href: "/keys/disposals/0197".into(),
        subject: "Vendor: Nordwind".into(),
        state: Badge::new(Tone::Warn, "Waits"),
        proposed_by: "Ann Lindqvist".into(),
        proposed: "05 Nov 2026, 14:03".into(),
    }
}

#[test]
fn the_list_of_disposals_renders() {
    check("key-disposals", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(DisposalsPage::TITLE);
        DisposalsPage {
            page,
            subjects: vec![Choice::new("vendor:0197", "Vendor: Nordwind", "")],
            rows: vec![row()],
        }
    });
}

#[test]
fn a_receipt_renders() {
    check("key-disposal", |locale| {
        let mut page = sample_page(locale, Section::Settings, "");
        page.title = page.t(DisposalPage::TITLE);
        DisposalPage {
            page,
            id: "0197".into(),
            row: row(),
            reason: "The contract ended in 2016.".into(),
            is_open: true,
            is_own: false,
            done: Some(("05 Nov 2026, 14:03".into(), "05 Dec 2026, 14:03".into())),
            unreadable: vec!["vendors.vat_id_sealed".into()],
            stays: vec![("The name stays.".into(), "vendors.name".into())],
        }
    });
}
