//! The parts of a bill that the render tests of several fields share.

mod pages;

use super::views::*;
use crate::platform::web::locale::Locale;
use crate::platform::web::nav::Section;
use crate::platform::web::page::Page;
use crate::platform::web::render_check::sample_page;
use crate::platform::web::view::*;

pub(crate) fn page(locale: Locale, section: Section, id: &str) -> Page {
    let mut page = sample_page(locale, section, "");
    page.title = page.t(id);
    page
}

pub(crate) fn event(page: &Page, actor: &str, text: &str, tone: Tone) -> Event {
    let micros = 1_793_920_000_000_000;
    Event {
        time: page.time(micros),
        machine_time: page.machine_time(micros),
        actor: actor.into(),
        text: text.into(),
        canonical: "bill.coded".into(),
        comment: None,
        tone,
        changes: Vec::new(),
    }
}

pub(crate) fn events(page: &Page) -> Vec<Event> {
    let mut coded = event(page, "Ann Lindqvist", "coded 2 lines", Tone::Good);
    coded.changes.push(Change {
        field: "Line 2, GL account".into(),
        before: Some("6300".into()),
        after: Some("6815 Office supplies".into()),
    });
    let mut sent = event(
        page,
        "Ann Lindqvist",
        "sent the bill to approval",
        Tone::Info,
    );
    sent.comment = Some("Second delivery, the first was billed in October.".into());
    vec![
        sent,
        coded,
        event(
            page,
            "Countersign",
            "read the document: UBL 2.1, XRechnung 3.0",
            Tone::Good,
        ),
    ]
}

pub(crate) fn totals(page: &Page) -> Vec<Total> {
    [
        ("Net", 206_000, false),
        ("VAT 19 %", 39_140, false),
        ("Total", 245_140, true),
    ]
    .into_iter()
    .map(|(label, minor, grand)| Total {
        label: label.into(),
        amount: page.money(minor, 2, "EUR"),
        grand,
    })
    .collect()
}

pub(crate) fn document(page: &Page) -> DocumentView {
    let fact = |label: &str, value: &str| Fact::new(label, Some(value.into()), None);
    DocumentView {
        name: "NW-2026-1187.xml".into(),
        download_href: Some("/documents/1/original".into()),
        tabs: vec![
            Tab {
                label: "Invoice".into(),
                href: "/bills/1".into(),
                count: None,
                current: true,
            },
            Tab {
                label: "XML".into(),
                href: "/bills/1?document=xml".into(),
                count: None,
                current: false,
            },
        ],
        images: Vec::new(),
        cut: None,
        readable: Some(ReadableInvoice {
            title: format!("{} NW-2026-1187", page.t("bills-section-header")),
            sections: vec![
                FactGroup {
                    title: "From".into(),
                    facts: vec![fact("Name", "Nordwind Verpackungen GmbH")],
                },
                FactGroup {
                    title: "Invoice".into(),
                    facts: vec![
                        fact("Invoice date", "03 Nov 2026"),
                        fact("Due", "03 Dec 2026"),
                        fact("Buyer reference", "04011000-12345-67"),
                        fact("Credit transfer to", "DE•• •••• •••• •••• ••13 00"),
                    ],
                },
            ],
            cut: Some("3 more lines are in the original.".into()),
        }),
    }
}

pub(crate) fn lines(page: &Page) -> Vec<BillLine> {
    let line =
        |description: &str, quantity: &str, account: Option<&str>, centre: Option<&str>, net| {
            BillLine {
                description: description.into(),
                quantity: quantity.into(),
                gl_account: account.map(Into::into),
                cost_centre: centre.map(Into::into),
                vat_rate: "19 %".into(),
                net: page.amount(net, 2),
            }
        };
    vec![
        line(
            "Corrugated boxes 400×300×200",
            "2,000 pcs × 0.84",
            Some("5400 Packaging"),
            Some("210 Dispatch"),
            168_000,
        ),
        line("Paper tape, 50 m", "100 rolls × 3.80", None, None, 38_000),
    ]
}

pub(crate) fn holds() -> Vec<Hold> {
    let action = |label: &str, href: &str| {
        Some(Action {
            label: label.into(),
            href: href.into(),
        })
    };
    vec![
        Hold { kind: "Bank account differs".into(), why: "The document names an account ending in 1300. The verified account ends in 0342.".into(), advice: "Call the vendor on a number you already knew. Then enter and verify the new account, or release the hold.".into(), placed: "Placed by Countersign, 05 Nov 2026, 09:14".into(), action: action("Compare accounts", "/vendors/7") },
        Hold { kind: "Possible duplicate".into(), why: "NW-2026-1178 of 27 Oct 2026 has the same vendor and total.".into(), advice: "Compare both documents. Cancel one, or release the hold with a reason.".into(), placed: "Placed by Countersign, 05 Nov 2026, 09:14".into(), action: action("Compare bills", "/bills/2") },
    ]
}

pub(crate) fn chain() -> Vec<ChainStep> {
    vec![
        ChainStep {
            who: "Maeve Byrne".into(),
            why: "cost centre 210".into(),
            state: Badge::new(Tone::Good, "Approved"),
        },
        ChainStep {
            who: "Tomás Okafor".into(),
            why: "over 2,000.00 EUR".into(),
            state: Badge::new(Tone::Info, "Waiting since yesterday"),
        },
    ]
}

pub(crate) fn findings() -> Vec<Finding> {
    vec![
        Finding { rule: "BR-CO-15".into(), level: Badge::new(Tone::Bad, "Fatal"), position: Some("BT-112".into()), message: "Total with VAT is 2,451.40, but net total and VAT add up to 2,451.39.".into(), advice: Some("The document's own total is used. Ask the vendor for a corrected invoice if your tax adviser needs one.".into()) },
        Finding { rule: "BR-DE-15".into(), level: Badge::new(Tone::Warn, "Warning"), position: Some("line 1 · BT-10".into()), message: "The buyer reference is not one of yours.".into(), advice: None },
    ]
}
