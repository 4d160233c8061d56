//! The pages of reveals with sample data.

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::{check, sample_page};
use crate::platform::web::view::{Badge, Choice, Fact, FormErrors, Tone};

fn page(locale: Locale, title: &str) -> Page {
    let mut page = sample_page(locale, Section::Journal, "");
    page.title = page.t(title);
    page
}

fn value() -> ValueRow {
    ValueRow {
        name: "vendor-iban:2".into(),
        what: "Bank account".into(),
        owner: "Nordwind Verpackungen GmbH".into(),
        masked: "DE•• •••• 3000".into(),
    }
}

fn list(locale: Locale) -> RevealsPage {
    let row = |tone, state: &str, decided: &str| RevealRow {
        href: "/reveals/1".into(),
        purpose: "The bank asks about a payment".into(),
        reason: "Return of run 12".into(),
        count: "3 values".into(),
        state: Badge::new(tone, state),
        asked: "Ann Lindqvist, 05 Nov 2026, 14:03".into(),
        decided: decided.into(),
    };
    RevealsPage {
        can_ask: true,
        rows: vec![
            row(Tone::Warn, "Waits for another person", ""),
            row(Tone::Good, "Shown", "Tomás Okafor, 05 Nov 2026, 14:10"),
        ],
        page: page(locale, RevealsPage::TITLE),
    }
}

fn new(locale: Locale) -> NewRevealPage {
    let mut errors = FormErrors::default();
    errors.add("reason", "The reason is missing.".into());
    NewRevealPage {
        values: vec![value()],
        is_for_two: false,
        purposes: vec![Choice::new("bank", "The bank asks", "bank")],
        reason: String::new(),
        errors,
        page: page(locale, NewRevealPage::TITLE),
    }
}

fn reveal(locale: Locale) -> RevealPage {
    RevealPage {
        id: "1".into(),
        state: Badge::new(Tone::Warn, "Waits for another person"),
        facts: vec![Fact::new("Purpose", Some("The bank asks".into()), None)],
        values: vec![value(), value()],
        can_decide: true,
        can_open: false,
        can_withdraw: false,
        advice: "You can decide until 06 Nov 2026, 14:03.".into(),
        page: page(locale, RevealPage::TITLE),
    }
}

fn seen(locale: Locale) -> SeenPage {
    let row = |approved_by: &str| SeenRow {
        time: "05 Nov 2026, 14:12".into(),
        person: "Ann Lindqvist".into(),
        purpose: "The bank asks about a payment".into(),
        reason: "Return of run 12".into(),
        count: "1 value".into(),
        approved_by: approved_by.into(),
    };
    SeenPage {
        back: "/vendors/7".into(),
        object: "7".into(),
        lead: "Each time that somebody saw it in full.".into(),
        rows: vec![row(""), row("Tomás Okafor")],
        page: page(locale, SeenPage::TITLE),
    }
}

#[test]
fn every_page_of_reveals_renders() {
    check("reveals", list);
    check("reveals-none", |locale| RevealsPage {
        rows: Vec::new(),
        ..list(locale)
    });
    check("reveals-new", new);
    check("reveals-new-for-two", |locale| NewRevealPage {
        is_for_two: true,
        ..new(locale)
    });
    check("reveals-vendors", |locale| VendorsToRevealPage {
        vendors: vec![Choice::new("7", "Nordwind, 2 accounts", "")],
        from: "n".into(),
        page: page(locale, VendorsToRevealPage::TITLE),
    });
    check("reveals-request", reveal);
    check("reveals-request-approved", |locale| RevealPage {
        can_decide: false,
        can_open: true,
        can_withdraw: true,
        ..reveal(locale)
    });
    check("reveals-shown", |locale| ShownPage {
        values: vec![ShownRow {
            what: "Bank account".into(),
            owner: "Nordwind".into(),
            value: "DE89 3704 0044 0532 0130 00".into(),
        }],
        page: page(locale, ShownPage::TITLE),
    });
    check("reveals-seen", seen);
    check("reveals-seen-none", |locale| SeenPage {
        rows: Vec::new(),
        ..seen(locale)
    });
}
