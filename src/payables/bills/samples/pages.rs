//! The pages of bills with sample data.

use super::{chain, document, events, findings, holds, lines, page, totals};
use crate::payables::bills::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::render_check::check;
use crate::platform::web::view::*;

fn list(locale: Locale) -> BillsPage {
    let page = page(locale, Section::Bills, BillsPage::TITLE);
    let tab = |label: &str, count, current| Tab {
        label: label.into(),
        href: "/bills?view=x".into(),
        count,
        current,
    };
    let column = |label: &str, numeric| Column {
        label: label.into(),
        numeric,
    };
    let row = |id: &str,
               vendor: &str,
               number: &str,
               minor,
               overdue,
               processing: Badge,
               waits: Option<&str>,
               payment: Badge,
               holds: Option<&str>| BillRow {
        id: id.into(),
        vendor: vendor.into(),
        number: number.into(),
        amount: page.money(minor, 2, "EUR"),
        invoice_date: page.date(jiff::civil::date(2026, 11, 3)),
        due_date: page.date(jiff::civil::date(2026, 12, 3)),
        overdue,
        processing,
        waits_for: waits.map(Into::into),
        payment,
        holds: holds.map(|text| Badge::new(Tone::Bad, text)),
    };
    let unpaid = || Badge::new(Tone::Neutral, "Unpaid");
    let rows = vec![
        row(
            "1",
            "Nordwind Verpackungen GmbH",
            "NW-2026-1187",
            245_140,
            false,
            Badge::new(Tone::Info, "In approval"),
            Some("Tomás Okafor"),
            unpaid(),
            Some("2 holds"),
        ),
        row(
            "2",
            "Müller & Söhne OHG",
            "2026/00417",
            1_204_950,
            true,
            Badge::new(Tone::Warn, "Coding"),
            Some("Ann Lindqvist"),
            unpaid(),
            None,
        ),
        row(
            "3",
            "Électricité du Port",
            "F-88121-26",
            61_275,
            false,
            Badge::new(Tone::Good, "Approved"),
            None,
            Badge::new(Tone::Info, "Scheduled"),
            None,
        ),
        row(
            "4",
            "O'Brien Cold Storage",
            "CN-0092",
            -38_000,
            false,
            Badge::new(Tone::Good, "Approved"),
            None,
            Badge::new(Tone::Good, "Settled"),
            None,
        ),
        row(
            "5",
            "scan-2026-11-05.pdf",
            "–",
            0,
            false,
            Badge::new(Tone::Warn, "Waits for typing"),
            Some("anyone"),
            unpaid(),
            None,
        ),
    ];
    BillsPage {
        can_add: true,
        tabs: vec![
            tab("All", Some(128), true),
            tab("To type", Some(1), false),
            tab("To code", Some(4), false),
            tab("In approval", Some(6), false),
            tab("Approved", None, false),
            tab("On hold", Some(3), false),
        ],
        view: "all".into(),
        query: String::new(),
        vendors: vec![Choice::new("", "All vendors", "")],
        decided_for: vec![
            Choice::new("", "Anybody", ""),
            Choice::new("0197", "for Ann Lindqvist, until 3 July", ""),
        ],
        due: vec![
            Choice::new("", "Any time", ""),
            Choice::new("week", "This week", ""),
        ],
        filtered: false,
        columns: vec![
            column("Vendor", false),
            column("Total", true),
            column("Dated", false),
            column("Due", false),
            column("Processing", false),
            column("Payment", false),
            column("Holds", false),
        ],
        rows,
        pager: Pager {
            previous: None,
            next: Some("/bills?after=5".into()),
        },
        page,
    }
}

fn show(locale: Locale) -> BillPage {
    let mut page = page(locale, Section::Bills, BillsPage::TITLE);
    page.title = "Nordwind Verpackungen GmbH NW-2026-1187".into();
    let axis = |name: &str, tone, text: &str| Axis {
        name: name.into(),
        badge: Badge::new(tone, text),
    };
    let term = |label: &str, value: &str, term: &str| {
        Fact::new(label, Some(value.into()), Some(Source::Term(term.into())))
    };
    let mut account = term(
        "Account on document",
        "DE•• •••• •••• •••• ••13 00",
        "BT-84",
    );
    account.remark = Some("Differs from the verified account ending in 0342".into());
    BillPage {
        id: "1".into(),
        version: 4,
        vendor: "Nordwind Verpackungen GmbH".into(),
        number: "NW-2026-1187".into(),
        summary: "Invoice of 03 Nov 2026, due 03 Dec 2026, to Harbour Foods Ltd".into(),
        amount: page.money(245_140, 2, "EUR"),
        axes: vec![
            axis("Processing", Tone::Info, "In approval"),
            axis("Posting", Tone::Neutral, "Not exported"),
            axis("Payment", Tone::Neutral, "Unpaid"),
            axis("Match", Tone::Good, "Within tolerance"),
        ],
        not_payable: vec!["Possible duplicate".into(), "It is not approved.".into()],
        notices: vec![Notice {
            tone: Tone::Warn,
            text: "Its approval is void: another bank account of the vendor was verified.".into(),
        }],
        holds: holds()
            .into_iter()
            .zip([false, true])
            .map(|(hold, can_release)| OpenHold {
                hold,
                name: format!("h{can_release}"),
                detail: String::new(),
                can_release,
            })
            .collect(),
        errors: FormErrors::default(),
        document: document(&page),
        groups: vec![
            FactGroup {
                title: "Invoice".into(),
                facts: vec![
                    term("Invoice number", "NW-2026-1187", "BT-1"),
                    term("Invoice date", "03 Nov 2026", "BT-2"),
                    Fact::new(
                        "Due",
                        Some("03 Dec 2026".into()),
                        Some(Source::Computed("30 days net".into())),
                    ),
                    Fact::new(
                        "Purchase order",
                        Some("PO-5512".into()),
                        Some(Source::Typed("Ann Lindqvist".into())),
                    ),
                    Fact::new("Delivery note", None, None),
                ],
            },
            FactGroup {
                title: "Payment".into(),
                facts: vec![
                    account,
                    term("Remittance information", "NW-2026-1187", "BT-83"),
                ],
            },
        ],
        lines: lines(&page),
        totals: totals(&page),
        vat: vec![term("19 %", "391.40", "BG-23")],
        findings: findings(),
        chain: chain(),
        events: events(&page),
        can_type: false,
        can_code: true,
        can_send: true,
        can_decide: false,
        can_hold: true,
        can_settle: true,
        can_close: true,
        page,
    }
}

fn code(locale: Locale) -> CodePage {
    let page = page(locale, Section::Bills, CodePage::TITLE);
    let mut errors = FormErrors::default();
    errors.add(
        "l2p1-account",
        "There is no GL account 68155. Choose one of the list.".into(),
    );
    let part = |key: &str, account: &str, centre: &str, amount: &str| CodePart {
        key: key.into(),
        gl_account: account.into(),
        cost_centre: centre.into(),
        amount: amount.into(),
    };
    CodePage {
        id: "1".into(),
        version: 4,
        vendor: "Nordwind Verpackungen GmbH".into(),
        number: "NW-2026-1187".into(),
        amount: page.money(245_140, 2, "EUR"),
        document: DocumentView {
            images: Vec::new(),
            readable: None,
            ..document(&page)
        },
        lines: vec![
            CodeLine {
                key: "l1".into(),
                description: "Corrugated boxes 400×300×200".into(),
                quantity: "2,000 pcs × 0.84".into(),
                net: page.amount(168_000, 2),
                parts: vec![
                    part("l1p1", "5400", "210", "1,000.00"),
                    part("l1p2", "5400", "220", "680.00"),
                ],
            },
            CodeLine {
                key: "l2".into(),
                description: "Paper tape, 50 m".into(),
                quantity: "100 rolls × 3.80".into(),
                net: page.amount(38_000, 2),
                parts: vec![part("l2p1", "68155", "", "380.00")],
            },
        ],
        gl_accounts: vec![
            Choice::new("5400", "5400 Packaging", ""),
            Choice::new("6815", "6815 Office supplies", ""),
        ],
        cost_centres: vec![Choice::new("210", "210 Dispatch", "")],
        totals: totals(&page),
        meanwhile: events(&page),
        errors,
        page,
    }
}

fn edit(locale: Locale) -> EditPage {
    let page = page(locale, Section::Bills, EditPage::TITLE);
    let image = |n: u32| PageImage {
        src: format!("/documents/9/pages/{n}.png"),
        width: 1240,
        height: 1754,
    };
    EditPage {
        id: "5".into(),
        version: 1,
        document: DocumentView {
            images: vec![image(1), image(2)],
            readable: None,
            ..document(&page)
        },
        kinds: vec![
            Choice::new("380", "Invoice", "380"),
            Choice::new("381", "Credit note", "380"),
        ],
        payable_hint: "Empty means the total.".into(),
        meanwhile: events(&page),
        form: BillForm {
            currency: "EUR".into(),
            ..BillForm::default()
        },
        errors: FormErrors::default(),
        page,
    }
}

fn close(locale: Locale) -> ClosePage {
    let page = page(locale, Section::Bills, "bills-cancel");
    let mut errors = FormErrors::default();
    errors.add("reason", "Give a reason.".into());
    ClosePage {
        id: "1".into(),
        version: 4,
        bill: "Nordwind Verpackungen GmbH NW-2026-1187".into(),
        way: "cancel",
        lead: "It stays in the books.".into(),
        reason: String::new(),
        meanwhile: events(&page),
        errors,
        page,
    }
}

#[test]
fn every_page_of_bills_renders() {
    check("bills-list", list);
    check("bills-list-empty", |locale| BillsPage {
        rows: Vec::new(),
        ..list(locale)
    });
    check("bills-list-none-found", |locale| BillsPage {
        rows: Vec::new(),
        filtered: true,
        ..list(locale)
    });
    check("bills-show", show);
    check("bills-code", code);
    check("bills-edit", edit);
    check("bills-close", close);
}
