//! Every component once, with sample data.

use askama::Template;

use super::home::{HomePage, Queue, QueueRow};
use super::messages::Locale;
use super::nav::Section;
use super::page::Page;
use super::render_check::{check, sample_page, with_notice};
use super::view::{
    Action, Axis, Badge, Change, Choice, Event, Fact, Figure, Finding, FormErrors, Hold, Pager,
    SortLink, Source, Step, Tone, Total,
};

#[derive(Template)]
#[template(path = "platform/styleguide.html")]
struct StyleguidePage {
    page: Page,
    steps: Vec<Step>,
    holds: Vec<Hold>,
    axes: Vec<Axis>,
    facts: Vec<Fact>,
    findings: Vec<Finding>,
    columns: Vec<SortLink>,
    totals: Vec<Total>,
    pager: Pager,
    events: Vec<Event>,
    errors: FormErrors,
    choices: Vec<Choice>,
}

fn sample(locale: Locale) -> StyleguidePage {
    let page = with_notice(
        sample_page(locale, Section::Bills, "Style guide"),
        "The bill was sent to approval.",
    );
    let axis = |name: &str, tone, text: &str| Axis {
        name: name.into(),
        badge: Badge::new(tone, text),
    };
    let fact =
        |label: &str, value: &str, source| Fact::new(label, Some(value.into()), Some(source));
    let mut errors = FormErrors::default();
    errors.add(
        "iban",
        "The check digits do not fit. Compare the number with the vendor's letter.".into(),
    );
    StyleguidePage {
        steps: vec![
            Step {
                label: "Organisation".into(),
                state: "done",
            },
            Step {
                label: "Legal entity".into(),
                state: "current",
            },
            Step {
                label: "Administrator".into(),
                state: "ahead",
            },
        ],
        holds: vec![Hold {
            kind: "Possible duplicate".into(),
            why: "Bill 4711 of the same vendor has the same number and amount.".into(),
            advice: "Compare both documents, then cancel one or release the hold with a reason."
                .into(),
            placed: "Placed by Countersign, 5 Nov 2026, 14:03".into(),
            action: Some(Action {
                label: "Compare".into(),
                href: "/bills/1/compare".into(),
            }),
        }],
        axes: vec![
            axis("Processing", Tone::Info, "In approval"),
            axis("Posting", Tone::Neutral, "Not exported"),
            axis("Payment", Tone::Good, "Scheduled"),
            axis("Match", Tone::Warn, "Exception"),
            axis("Other", Tone::Bad, "Failed"),
        ],
        facts: vec![
            Fact {
                numeric: true,
                ..fact(
                    "Total with VAT",
                    &page.money(119_000, 2, "EUR"),
                    Source::Term("BT-112".into()),
                )
            },
            fact("Cost centre", "410", Source::Typed("Ann Lindqvist".into())),
            fact(
                "Due",
                &page.date(jiff::civil::date(2026, 11, 30)),
                Source::Computed("from terms".into()),
            ),
            Fact {
                remark: Some("Differs from the verified account".into()),
                ..fact("IBAN", "DE•• •••• 3000", Source::Term("BT-84".into()))
            },
            Fact::new("Purchase order", None, None),
        ],
        findings: vec![Finding {
            rule: "BR-CO-15".into(),
            level: Badge::new(Tone::Bad, "Fatal"),
            position: Some("BT-112".into()),
            message: "The total with VAT is not the sum of net total and VAT.".into(),
            advice: Some("Ask the vendor for a corrected invoice.".into()),
        }],
        columns: vec![
            SortLink {
                label: "Vendor".into(),
                href: "/bills?sort=vendor".into(),
                direction: "ascending",
                numeric: false,
            },
            SortLink {
                label: "Total".into(),
                href: "/bills?sort=total".into(),
                direction: "none",
                numeric: true,
            },
        ],
        totals: vec![
            Total {
                label: "Net".into(),
                amount: page.amount(100_000, 2),
                grand: false,
            },
            Total {
                label: "VAT 19%".into(),
                amount: page.amount(19_000, 2),
                grand: false,
            },
            Total {
                label: "Total".into(),
                amount: page.money(119_000, 2, "EUR"),
                grand: true,
            },
        ],
        pager: Pager {
            previous: Some("/bills?before=1".into()),
            next: Some("/bills?after=9".into()),
        },
        events: vec![Event {
            time: page.time(1_793_920_000_000_000),
            machine_time: page.machine_time(1_793_920_000_000_000),
            actor: "Ann Lindqvist".into(),
            text: "changed the coding".into(),
            canonical: "bill.coded".into(),
            comment: Some("<script>alert('as typed')</script>".into()),
            tone: Tone::Info,
            changes: vec![Change {
                field: "GL account".into(),
                before: Some("6300".into()),
                after: Some("6815".into()),
            }],
        }],
        errors,
        choices: vec![
            Choice::new("DE", "Germany", "IE"),
            Choice::new("IE", "Ireland", "IE"),
        ],
        page,
    }
}

#[test]
fn every_component_renders() {
    check("platform-styleguide", sample);
}

#[test]
fn what_people_type_is_shown_as_text() {
    let html = sample(Locale::En).render().expect("renders");
    assert!(
        html.contains("&#60;script&#62;alert("),
        "the comment is not escaped"
    );
}

fn home(locale: Locale) -> HomePage {
    let mut page = sample_page(locale, Section::Home, "");
    page.title = page.t(HomePage::TITLE);
    let row = |title: &str, detail: &str, why: &str, late, minor| QueueRow {
        badge: None,
        href: "/approvals/1".into(),
        title: title.into(),
        detail: detail.into(),
        why: why.into(),
        late,
        amount: page.money(minor, 2, "EUR"),
    };
    let figure = |label: &str, minor, note: &str| Figure {
        label: label.into(),
        value: page.money(minor, 2, "EUR"),
        note: note.into(),
    };
    HomePage {
        summary:
            "3 approvals, one of them due tomorrow, and a payment run that needs a second person."
                .into(),
        queues: vec![
            Queue {
                count: 3,
                title: "bills to approve".into(),
                href: "/approvals".into(),
                rows: vec![
                    row(
                        "Nordwind Verpackungen GmbH",
                        "NW-2026-1187",
                        "Due tomorrow",
                        true,
                        245_140,
                    ),
                    row(
                        "Müller & Söhne OHG",
                        "2026/00417",
                        "Over 10,000.00 EUR, second approval",
                        false,
                        1_204_950,
                    ),
                    row(
                        "Électricité du Port",
                        "F-88121-26",
                        "You own cost centre 410",
                        false,
                        61_275,
                    ),
                ],
            },
            Queue {
                count: 1,
                title: "payment run to countersign".into(),
                href: "/payments".into(),
                rows: vec![row(
                    "Run 12",
                    "14 payments",
                    "Ann Lindqvist proposed it",
                    false,
                    4_821_077,
                )],
            },
            Queue {
                count: 3,
                title: "bills on hold".into(),
                href: "/bills?view=hold".into(),
                rows: vec![row(
                    "Brightwater Supplies",
                    "B-2201",
                    "Vendor has no verified bank account",
                    false,
                    9_900,
                )],
            },
        ],
        figures: vec![
            figure("Due this week", 4_821_077, "14 bills"),
            figure("Overdue", 1_204_950, "1 bill"),
            figure("Scheduled", 1_652_126, "3 payments"),
        ],
        page,
    }
}

#[test]
fn the_first_page_renders() {
    check("home", home);
    check("home-empty", |locale| HomePage {
        queues: Vec::new(),
        ..home(locale)
    });
}
