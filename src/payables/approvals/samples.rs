//! An approver's pages with sample data.

use super::rules::form::TypedPolicy;
use super::views::*;
use crate::payables::bills::samples::{
    chain, document, events, findings, holds, lines, page, totals,
};
use crate::payables::bills::views::FactGroup;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::check;
use crate::platform::web::view::*;

fn inbox(locale: Locale) -> InboxPage {
    let page = page(locale, Section::Approvals, InboxPage::TITLE);
    let row =
        |id: &str, vendor: &str, minor, urgent, why: &str, remark: Option<Badge>| ApprovalRow {
            id: id.into(),
            vendor: vendor.into(),
            number: format!("NW-2026-118{id}"),
            purpose: "packaging".into(),
            amount: page.money(minor, 2, "EUR"),
            due_date: page.date(jiff::civil::date(2026, 11, 24)),
            urgent,
            why_you: why.into(),
            remark,
            sent_by: "Ann Lindqvist".into(),
            waiting_since: "since yesterday".into(),
        };
    let rows = vec![
        row(
            "7",
            "Nordwind Verpackungen GmbH",
            245_140,
            true,
            "Over 2,000.00 EUR",
            Some(Badge::new(Tone::Bad, "2 holds")),
        ),
        row(
            "8",
            "Müller & Söhne OHG",
            1_204_950,
            false,
            "Over 10,000.00 EUR, second approval",
            Some(Badge::new(Tone::Warn, "40 % above usual")),
        ),
        row(
            "9",
            "Électricité du Port",
            61_275,
            false,
            "You own cost centre 410",
            None,
        ),
    ];
    let tab = |label: &str, count, current| Tab {
        label: label.into(),
        href: "/approvals".into(),
        count,
        current,
    };
    InboxPage {
        tabs: vec![
            tab("Waiting", Some(3), true),
            tab("Decided by me", None, false),
        ],
        rows,
        pager: Pager::default(),
        decided: false,
        page,
    }
}

fn decide(locale: Locale) -> DecidePage {
    let mut page = page(locale, Section::Approvals, InboxPage::TITLE);
    page.title = "Nordwind Verpackungen GmbH NW-2026-1187".into();
    let computed = |label: &str, value: &str, how: &str| {
        Fact::new(
            label,
            Some(value.into()),
            Some(Source::Computed(how.into())),
        )
    };
    let mut usual = computed("Usual amount", "1,748.00 EUR", "last 12 bills");
    usual.remark = Some("40 % above usual".into());
    DecidePage {
        id: "7".into(),
        digest: "9f2c".into(),
        vendor: "Nordwind Verpackungen GmbH".into(),
        number: "NW-2026-1187".into(),
        summary: "Invoice of 03 Nov 2026, due 03 Dec 2026, to Harbour Foods Ltd".into(),
        amount: page.money(245_140, 2, "EUR"),
        why_you: "You are asked because the amount is over 2,000.00 EUR.".into(),
        step: Some("Your approval would be number 1 of 2, under version 3 of the policy.".into()),
        blocked: None,
        comment: String::new(),
        errors: FormErrors::default(),
        holds: holds(),
        document: document(&page),
        facts: vec![
            computed("Paid to", "DE•• •••• 0342", "verified by Maeve Byrne"),
            usual,
            computed("Entered by", "Ann Lindqvist", "05 Nov 2026"),
            Fact::new("Purchase order", None, None),
        ],
        groups: vec![FactGroup {
            title: page.t("bills-section-header"),
            facts: vec![computed("Invoice number", "NW-2026-1187", "BT-1")],
        }],
        lines: lines(&page),
        totals: totals(&page),
        vat: vec![computed("S 19 %", "391.40 EUR", "BT-117")],
        chain: chain(),
        findings: findings(),
        events: events(&page),
        page,
    }
}

fn policy(locale: Locale) -> PolicyPage {
    let page = page(locale, Section::Policy, PolicyPage::TITLE);
    let bands = vec![
        BandRow {
            amount: page.t1("approvals-policy-up-to", "limit", page.amount(1_000, 0)),
            approvals: page.t1("approvals-policy-needed", "count", 1),
        },
        BandRow {
            amount: page.t1("approvals-policy-above", "limit", page.amount(1_000, 0)),
            approvals: page.t1("approvals-policy-needed", "count", 2),
        },
    ];
    let typed = TypedPolicy::of([
        ("band1-up-to", "5.000"),
        ("band1-approvals", "1"),
        ("last-approvals", "2"),
    ]);
    let (ann, when) = ("Ann Lindqvist", page.time(1_793_920_000_000_000));
    let mut errors = FormErrors::default();
    errors.add("band1-up-to", page.t1("approvals-policy-limit", "band", 1));
    PolicyPage {
        version: Some(2),
        set: page.t2("approvals-policy-set-by", "person", ann, "when", when),
        units: page.t1("approvals-policy-units", "currencies", "EUR, GBP"),
        earlier: vec![EarlierPolicy {
            version: 1,
            bands: bands.clone(),
            set: page.t1("approvals-policy-set-at-setup", "when", page.time(0)),
        }],
        bands,
        form: Some(PolicyForm {
            seen: 2,
            typed,
            errors,
        }),
        page,
    }
}

#[test]
fn the_policy_renders() {
    check("approvals-policy", policy);
    check("approvals-policy-reading", |locale| PolicyPage {
        form: None,
        earlier: Vec::new(),
        ..policy(locale)
    });
    check("approvals-policy-none", |locale| PolicyPage {
        version: None,
        bands: Vec::new(),
        earlier: Vec::new(),
        ..policy(locale)
    });
}

#[test]
fn an_approvers_pages_render() {
    check("approvals-inbox", inbox);
    check("approvals-inbox-empty", |locale| InboxPage {
        rows: Vec::new(),
        ..inbox(locale)
    });
    check("approvals-decide", |locale| DecidePage {
        holds: Vec::new(),
        ..decide(locale)
    });
    check("approvals-decide-blocked", |locale| DecidePage {
        blocked: Some("You entered this bill, so another person approves it.".into()),
        ..decide(locale)
    });
    check("approvals-decide-error", |locale| {
        let mut view = decide(locale);
        view.errors
            .add("comment", "Say why you send it back.".into());
        view
    });
}
