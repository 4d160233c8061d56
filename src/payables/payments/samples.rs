//! The pages of payment runs with sample data.

use super::views::*;
use crate::payables::bills::samples::page;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::check;
use crate::platform::web::view::*;

fn list(locale: Locale) -> PaymentsPage {
    let page = page(locale, Section::Payments, PaymentsPage::TITLE);
    let row = |id: &str, state: Badge, waits: Option<&str>| RunRow {
        id: id.into(),
        name: format!("Run {id}"),
        from_account: "IE•• •••• 8821".into(),
        date: page.date(jiff::civil::date(2026, 11, 26)),
        state,
        waits_for: waits.map(Into::into),
        count: "14".into(),
        sum: page.money(4_821_077, 2, "EUR"),
    };
    PaymentsPage {
        rows: vec![
            row(
                "12",
                Badge::new(Tone::Warn, "Proposed"),
                Some("waits for a second person"),
            ),
            row("11", Badge::new(Tone::Good, "Settled"), None),
        ],
        pager: Pager::default(),
        can_propose: true,
        page,
    }
}

fn left_out(page: &Page) -> Vec<LeftOut> {
    let row = |id: &str, vendor: &str, why: &str, label: &str, minor| LeftOut {
        bill_id: id.into(),
        vendor: vendor.into(),
        number: "2026/00417".into(),
        why: why.into(),
        action: Some(Action {
            label: label.into(),
            href: format!("/bills/{id}"),
        }),
        amount: page.money(minor, 2, "EUR"),
    };
    vec![
        row(
            "21",
            "Nordwind Verpackungen GmbH",
            "Bank account differs from the verified one",
            "See the hold",
            245_140,
        ),
        row(
            "22",
            "Brightwater Supplies",
            "No verified bank account",
            "Enter an account",
            9_900,
        ),
    ]
}

fn propose(locale: Locale) -> ProposePage {
    let page = page(locale, Section::Payments, ProposePage::TITLE);
    let row = |id: &str, vendor: &str, remark: Option<&str>, minor| ProposedPayment {
        bill_id: id.into(),
        vendor: vendor.into(),
        number: "F-88121-26".into(),
        account_masked: "FR•• •••• 5190".into(),
        account_proof: "verified by Maeve Byrne, 13 Jan 2025".into(),
        due_date: page.date(jiff::civil::date(2026, 11, 28)),
        remark: remark.map(Into::into),
        amount: page.money(minor, 2, "EUR"),
    };
    ProposePage {
        accounts: vec![Choice::new("1", "Main account IE•• •••• 8821", "1")],
        account: "1".into(),
        due_until: "2026-11-30".into(),
        execution_date: "2026-11-26".into(),
        rows: vec![
            row("3", "Électricité du Port", None, 61_275),
            row(
                "4",
                "Müller & Söhne OHG",
                Some("2 % discount until 27 Nov"),
                1_180_851,
            ),
            row("5", "O'Brien Cold Storage", None, 410_000),
        ],
        sum: page.money(1_652_126, 2, "EUR"),
        left_out: left_out(&page),
        left: Some(Notice {
            tone: Tone::Warn,
            text: "Nobody else may countersign.".into(),
        }),
        more: Some(Notice {
            tone: Tone::Warn,
            text: "More is due than is shown.".into(),
        }),
        errors: FormErrors::default(),
        page,
    }
}

fn run(locale: Locale) -> RunPage {
    let mut page = page(locale, Section::Payments, PaymentsPage::TITLE);
    page.title = "Run 12".into();
    let row = |id: &str, vendor: &str, minor| PaymentRow {
        bill_id: id.into(),
        vendor: vendor.into(),
        number: "F-88121-26".into(),
        remittance: "RF18 5390 0754 7034".into(),
        account_masked: "FR•• •••• 5190".into(),
        account_proof: "verified by Maeve Byrne".into(),
        state: Badge::new(Tone::Info, "Scheduled"),
        amount: page.money(minor, 2, "EUR"),
    };
    let step = |who: &str, why: &str, tone, state: &str| ChainStep {
        who: who.into(),
        why: why.into(),
        state: Badge::new(tone, state),
    };
    RunPage {
        id: "12".into(),
        digest: "41dd".into(),
        state: Badge::new(Tone::Warn, "Proposed"),
        summary: "to be paid on 26 Nov 2026 from IE•• •••• 8821".into(),
        sum: page.money(1_652_126, 2, "EUR"),
        trouble: None,
        conceded: Some(Notice {
            tone: Tone::Warn,
            text: "The human who approved also verified the account: F-88121-26.".into(),
        }),
        version: 1,
        can_remove: true,
        can_return: false,
        removable: vec![Choice::new("3", "F-88121-26 Électricité du Port", "3")],
        errors: FormErrors::default(),
        rows: vec![
            row("3", "Électricité du Port", 61_275),
            row("4", "Müller & Söhne OHG", 1_180_851),
            row("5", "O'Brien Cold Storage", 410_000),
        ],
        left_out: left_out(&page),
        next_step: "Check the payments, then approve the run. Ann Lindqvist proposed it.".into(),
        blocked: None,
        actions: vec![
            RunAction {
                verb: "countersign",
                label: "Approve this run".into(),
                primary: true,
                danger: false,
                needs_reason: false,
            },
            RunAction {
                verb: "void",
                label: "Void this run".into(),
                primary: false,
                danger: true,
                needs_reason: true,
            },
        ],
        file: None,
        facts: vec![
            Fact::new("Format", Some("pain.001.001.09".into()), None),
            Fact {
                numeric: true,
                ..Fact::new(
                    "Control sum",
                    Some(page.money(1_652_126, 2, "EUR")),
                    Some(Source::Computed("3 payments".into())),
                )
            },
        ],
        chain: vec![
            step("Ann Lindqvist", "proposed", Tone::Good, "Done"),
            step("Another person", "approves", Tone::Info, "Waiting"),
            step("Payer", "releases", Tone::Neutral, "Then"),
        ],
        page,
    }
}

#[test]
fn every_page_of_payments_renders() {
    check("payments-list", list);
    check("payments-list-empty", |locale| PaymentsPage {
        rows: Vec::new(),
        ..list(locale)
    });
    check("payments-propose", propose);
    check("payments-propose-empty", |locale| ProposePage {
        rows: Vec::new(),
        left_out: Vec::new(),
        ..propose(locale)
    });
    check("payments-run", run);
    check("payments-run-file", |locale| RunPage {
        blocked: Some("You proposed this run, so another person releases it.".into()),
        can_remove: false,
        can_return: true,
        actions: Vec::new(),
        file: Some(PaymentFile {
            name: "run-12.xml".into(),
            size: "14 kB".into(),
            sha256: "a3".repeat(32),
        }),
        ..run(locale)
    });
}
