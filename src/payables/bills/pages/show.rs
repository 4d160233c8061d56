//! One bill: its document at the left, its facts with their sources at the right.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;

use super::words::{DASH, date, money};
use super::{document, id, parts, words};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::approvals::rules::Verdict;
use crate::payables::bills::actions::{self, BillError, MAY_HOLD, Shown};
use crate::payables::bills::holds::{Hold as StoredHold, HoldKind};
use crate::payables::bills::rules::{BillField, FactSource, Processing};
use crate::payables::bills::views::{BillPage, BillsPage, FactGroup, OpenHold};
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{
    Action, Badge, ChainStep, Fact, FormErrors, Hold, Notice, Source, Tone,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `data` shows what the structured invoice says instead of the pages.
    document: String,
    /// Whether it was to be sent to approval just now, and holds kept it here.
    unsent: Option<String>,
}

pub async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let wants_data = asked.document == "data";
    let mut view = view(&app, &by, id(&bill)?, wants_data, FormErrors::default()).await?;
    if asked.unsent.is_some() && !view.holds.is_empty() {
        view.unsent = Some(Notice {
            tone: Tone::Warn,
            text: view.page.t(msg!("bills-unsent")),
        });
    }
    Ok(html(&view))
}

/// Where somebody goes whose bill was coded but is held: the holds stand there, each with what to do.
#[must_use]
pub fn unsent(bill: BillId) -> String {
    format!("/bills/{bill}?unsent=held")
}

/// The page, with what is wrong with a form of it.
pub async fn view(
    app: &App,
    by: &SignedIn,
    bill: BillId,
    wants_data: bool,
    errors: FormErrors,
) -> Result<BillPage, BillError> {
    let shown = actions::show(app, &by.access, bill).await?;
    let mut page = by.page(BillsPage::TITLE);
    page.title = title(&shown);
    let document = document::view(app, by, &page, &shown, wants_data).await?;
    let bill = &shown.bill;
    let (state, is_open) = (bill.processing, !bill.processing.is_closed());
    let may = |permission| by.access.may(permission);
    let unpaid = is_open && !bill.payment.has_begun();
    let may_code = may(Permission::BillsCode)
        && unpaid
        && matches!(
            state,
            Processing::Captured | Processing::Coding | Processing::SentBack | Processing::Disputed
        );
    Ok(BillPage {
        id: bill.id.to_string(),
        version: bill.version,
        vendor: named(&bill.vendor_name),
        number: named(&bill.number),
        summary: summary(&page, &shown),
        amount: money(&page, bill.payable_minor, bill.currency),
        axes: words::axes(&page, bill),
        not_payable: shown
            .reasons
            .iter()
            .map(|reason| page.t(words::reason(reason)))
            .collect(),
        holds: holds(&page, by, &shown),
        errors,
        unsent: None,
        document,
        groups: groups(&page, &shown),
        lines: shown
            .lines
            .iter()
            .map(|line| parts::line(&page, bill, line, &shown.distributions, &shown.chart))
            .collect(),
        totals: parts::totals(&page, bill),
        vat: shown
            .vat
            .iter()
            .map(|row| parts::vat(&page, bill, row))
            .collect(),
        findings: shown
            .findings
            .iter()
            .map(|row| parts::finding(&page, row))
            .collect(),
        chain: chain(&page, &shown),
        can_type: may(Permission::BillsEnter) && unpaid,
        can_code: may_code,
        can_send: may_code && !shown.lines.is_empty() && !shown.distributions.is_empty(),
        can_decide: may(Permission::BillsDecide) && state == Processing::InApproval,
        can_hold: MAY_HOLD.into_iter().any(may)
            && unpaid
            && !shown.holds.iter().any(|hold| hold.kind == HoldKind::Manual),
        can_close: may(Permission::BillsEnter) && unpaid,
        events: shown
            .history
            .into_iter()
            .map(|told| parts::event(&page, told))
            .collect(),
        page,
    })
}

fn named(text: &str) -> String {
    if text.is_empty() { DASH } else { text }.to_owned()
}

/// Vendor and number; the file's name where neither is known.
pub fn title(shown: &Shown) -> String {
    let title = format!("{} {}", shown.bill.vendor_name, shown.bill.number);
    match (&shown.document, title.trim()) {
        (Some(document), "") => document.file_name.clone(),
        (None, "") => DASH.to_owned(),
        (_, title) => title.to_owned(),
    }
}

fn summary(page: &Page, shown: &Shown) -> String {
    let bill = &shown.bill;
    format!(
        "{} · {} {} · {} {} · {} {}",
        page.t(words::kind(bill.kind)),
        page.t(msg!("bills-dated")),
        date(page, bill.issue_date),
        page.t(msg!("bills-due")),
        date(page, bill.due_date),
        page.t(msg!("bills-entity")),
        shown.entity_name
    )
}

fn holds(page: &Page, by: &SignedIn, shown: &Shown) -> Vec<OpenHold> {
    let may_release = by.access.may(Permission::HoldsRelease);
    shown
        .holds
        .iter()
        .map(|hold| OpenHold {
            id: hold.id.to_string(),
            // What stands only because the rows ask for it has no row of its own to release yet.
            can_release: may_release && hold.kind.may_be_released() && hold.version > 0,
            hold: Hold {
                kind: page.t(words::hold(hold.kind)),
                why: hold.detail.clone(),
                advice: page.t(words::advice(hold.kind)),
                placed: placed(page, shown, hold),
                action: action(page, shown, hold),
            },
        })
        .collect()
}

fn placed(page: &Page, shown: &Shown, hold: &StoredHold) -> String {
    if hold.placed_us.0 == 0 {
        return String::new();
    }
    let name = hold
        .placed_by_id
        .and_then(|person| shown.placers.get(&person));
    let person = name.map_or("Countersign", String::as_str);
    let when = page.time(hold.placed_us.0);
    page.t2("bills-placed-by", "person", person, "when", when)
}

fn action(page: &Page, shown: &Shown, hold: &StoredHold) -> Option<Action> {
    let bill = shown.bill.id;
    let (label, href) = match hold.kind {
        HoldKind::Unreadable | HoldKind::MissingFields | HoldKind::VendorUnknown => {
            (msg!("bills-edit"), format!("/bills/{bill}/edit"))
        }
        HoldKind::VendorNotActive | HoldKind::BankAccountDiffers => {
            let vendor = shown.bill.vendor_id?;
            (msg!("bills-vendor"), format!("/vendors/{vendor}"))
        }
        HoldKind::DuplicateSuspected => {
            // The detail ends in the other bill's id in brackets.
            let (_, rest) = hold.detail.rsplit_once('(')?;
            let other: BillId = rest.strip_suffix(')')?.parse().ok()?;
            (msg!("bills-compare"), format!("/bills/{other}"))
        }
        HoldKind::Uncoded => (msg!("bills-code"), format!("/bills/{bill}/coding")),
        HoldKind::TotalsDiffer
        | HoldKind::DocumentFindings
        | HoldKind::CurrencyUnsupported
        | HoldKind::AmountNotExact
        | HoldKind::Manual => return None,
    };
    Some(Action {
        label: page.t(label),
        href,
    })
}

/// Where a field's value came from.
fn source(page: &Page, shown: &Shown, field: BillField) -> Option<Source> {
    let row = shown.facts.iter().find(|row| row.field == field)?;
    Some(match row.source {
        FactSource::Document => Source::Term(row.term.clone()),
        FactSource::Typed => Source::Typed(
            row.person_name
                .clone()
                .unwrap_or_else(|| page.t(msg!("bills-typed-unknown"))),
        ),
        FactSource::Terms => Source::Computed(page.t(msg!("bills-from-terms"))),
    })
}

fn groups(page: &Page, shown: &Shown) -> Vec<FactGroup> {
    let bill = &shown.bill;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let day = |day: Option<jiff::civil::Date>| day.map(|day| page.date(day));
    let fact = |label, value, field| Fact::new(page.t(label), value, source(page, shown, field));
    let amount = |label, minor: Option<i64>, field| Fact {
        numeric: true,
        ..fact(
            label,
            minor.map(|minor| money(page, Some(minor), bill.currency)),
            field,
        )
    };
    let kind = Some(page.t(words::kind(bill.kind)));
    let mut invoice = vec![
        fact(msg!("bills-kind"), kind, BillField::Kind),
        fact(msg!("bills-number"), text(&bill.number), BillField::Number),
        fact(
            msg!("bills-invoice-date"),
            day(bill.issue_date),
            BillField::IssueDate,
        ),
        fact(msg!("bills-due"), day(bill.due_date), BillField::DueDate),
        fact(
            msg!("bills-purchase-order"),
            text(&bill.purchase_order),
            BillField::PurchaseOrder,
        ),
        fact(
            msg!("bills-currency"),
            bill.currency.map(|currency| currency.code().to_owned()),
            BillField::Currency,
        ),
        amount(msg!("bills-term-net-total"), bill.net_minor, BillField::Net),
        amount(msg!("bills-vat"), bill.tax_minor, BillField::Tax),
        amount(msg!("bills-total"), bill.gross_minor, BillField::Gross),
        amount(
            msg!("bills-term-payable"),
            bill.payable_minor,
            BillField::Payable,
        ),
    ];
    let received = Source::Computed(page.time(bill.received_us.0));
    let file = shown
        .document
        .as_ref()
        .map(|document| document.file_name.clone());
    invoice.push(Fact::new(
        page.t(msg!("bills-received")),
        file,
        Some(received),
    ));
    if !bill.syntax.is_empty() {
        let read_as = format!("{} {}", bill.syntax, bill.profile)
            .trim()
            .to_owned();
        invoice.push(Fact::new(
            page.t(msg!("bills-profile")),
            Some(read_as),
            None,
        ));
    }
    vec![
        FactGroup {
            title: page.t(msg!("bills-section-header")),
            facts: invoice,
        },
        FactGroup {
            title: page.t(msg!("bills-vendor")),
            facts: vendor(page, shown),
        },
    ]
}

/// The vendor, and what the document claims about its account beside what was verified.
fn vendor(page: &Page, shown: &Shown) -> Vec<Fact> {
    let bill = &shown.bill;
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut facts = vec![Fact::new(
        page.t(msg!("bills-term-name")),
        text(&bill.vendor_name),
        source(page, shown, BillField::Vendor),
    )];
    if let Some(vendor) = &shown.vendor {
        let by = Source::Computed(page.t(msg!("bills-from-vendor")));
        facts.push(Fact::new(
            page.t(msg!("bills-vendor")),
            Some(vendor.name.clone()),
            Some(by),
        ));
    }
    let differs = shown
        .holds
        .iter()
        .any(|hold| hold.kind == HoldKind::BankAccountDiffers);
    for claim in &shown.claims {
        let mut fact = Fact::new(
            page.t(msg!("bills-account-claimed")),
            Some(claim.masked.clone()),
            source(page, shown, BillField::Account),
        );
        fact.remark = differs.then(|| page.t(msg!("bills-account-differs")));
        facts.push(fact);
    }
    let mut verified = Fact::new(
        page.t(msg!("bills-account-verified")),
        shown.known_account.clone(),
        None,
    );
    if shown.known_account.is_none() {
        verified.remark = Some(page.t(msg!("bills-account-none")));
    }
    facts.push(verified);
    facts.push(Fact::new(
        page.t(msg!("bills-payment-reference")),
        text(&bill.payment_reference),
        source(page, shown, BillField::PaymentReference),
    ));
    facts
}

/// Who decided, and how many are still asked.
fn chain(page: &Page, shown: &Shown) -> Vec<ChainStep> {
    let mut steps: Vec<ChainStep> = shown
        .decisions
        .iter()
        .map(|decision| {
            let (tone, id) = match decision.verdict {
                Verdict::Approve => (Tone::Good, msg!("bills-decision-approve")),
                Verdict::Reject => (Tone::Bad, msg!("bills-decision-reject")),
                Verdict::SendBack => (Tone::Warn, msg!("bills-decision-send-back")),
            };
            let when = page.time(decision.decided.0);
            ChainStep {
                who: decision.person_name.clone().unwrap_or_default(),
                why: match decision.reason.as_str() {
                    "" => when,
                    reason => format!("{when} · {reason}"),
                },
                state: Badge::new(tone, page.t(id)),
            }
        })
        .collect();
    let is_asked = shown.bill.processing == Processing::InApproval;
    let asked = shown.request.as_ref().filter(|_| is_asked);
    let needed = asked.map_or(0, |request| {
        usize::try_from(request.approvals_needed).unwrap_or(0)
    });
    for _ in steps.len()..needed {
        steps.push(ChainStep {
            who: page.t(msg!("bills-decision-somebody")),
            why: String::new(),
            state: Badge::new(Tone::Info, page.t(msg!("bills-decision-waiting"))),
        });
    }
    steps
}
