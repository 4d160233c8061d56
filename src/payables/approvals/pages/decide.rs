//! One page with all an approver needs.

use super::super::actions::Case;
use super::super::rules::to_hex;
use super::super::views::DecidePage;
use super::words::{self, digits, money};
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::holds::{Hold as StoredHold, HoldKind};
use crate::payables::bills::store::BillLine as StoredLine;
use crate::payables::bills::store::findings::{FindingLevel, FindingRow};
use crate::payables::bills::views::{BillLine, DocumentView};
use crate::platform::store::journal::read::Told;
use crate::platform::web::page::Page;
use crate::platform::web::view::{
    Action, Badge, ChainStep, Change, Event, Fact, Finding, FormErrors, Hold, Source, Tone, Total,
};

pub fn view(by: &SignedIn, case: Case, comment: String, errors: FormErrors) -> DecidePage {
    let mut page = by.page(DecidePage::TITLE);
    page.title = format!("{} {}", case.bill.vendor_name, case.bill.number);
    let amount = money(&page, case.bill.payable_minor, case.bill.currency);
    DecidePage {
        id: case.bill.id.to_string(),
        digest: case
            .request
            .as_ref()
            .map(|request| to_hex(&request.digest))
            .unwrap_or_default(),
        vendor: case.bill.vendor_name.clone(),
        number: case.bill.number.clone(),
        summary: summary(&page, &case),
        amount,
        why_you: words::why(&page, case.asked, case.own_currency),
        blocked: case.blocked.map(|blocked| words::blocked(&page, blocked)),
        comment,
        errors,
        holds: case.holds.iter().map(|found| hold(&page, found)).collect(),
        document: document(&case),
        facts: facts(&page, &case),
        lines: case
            .lines
            .iter()
            .map(|found| line(&page, &case, found))
            .collect(),
        totals: totals(&page, &case),
        chain: chain(&page, &case),
        findings: case
            .findings
            .iter()
            .map(|found| finding(&page, found))
            .collect(),
        events: case
            .history
            .into_iter()
            .map(|told| event(&page, told))
            .collect(),
        page,
    }
}

fn summary(page: &Page, case: &Case) -> String {
    let date = |date: Option<jiff::civil::Date>| {
        date.map_or_else(|| "\u{2013}".to_owned(), |date| page.date(date))
    };
    format!(
        "{} · {} {} · {} {} · {}",
        words::kind(page, case.bill.kind),
        page.t(msg!("approvals-dated")),
        date(case.bill.issue_date),
        page.t(msg!("approvals-due")),
        date(case.bill.due_date),
        case.entity_name
    )
}

fn document(case: &Case) -> DocumentView {
    DocumentView {
        name: case.file_name.clone().unwrap_or_default(),
        download_href: format!("/bills/{}/document", case.bill.id),
        tabs: Vec::new(),
        images: Vec::new(),
        cut: None,
        readable: None,
    }
}

fn facts(page: &Page, case: &Case) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut account = Fact::new(
        page.t(msg!("approvals-paid-to")),
        case.account.clone(),
        None,
    );
    if case.account.is_none() {
        account.remark = Some(page.t(msg!("approvals-no-account")));
    }
    facts.push(account);
    if let Some(vendor) = &case.vendor {
        let mut known = Fact::new(
            page.t(msg!("approvals-vendor")),
            Some(vendor.name.clone()),
            None,
        );
        if vendor.status != "active" {
            known.remark = Some(page.t(msg!("approvals-vendor-not-active")));
        }
        facts.push(known);
    }
    let entered = page.time(case.bill.received_us.0);
    facts.push(Fact::new(
        page.t(msg!("approvals-entered-by")),
        case.entered_by.clone(),
        Some(Source::Computed(entered)),
    ));
    if let Some(request) = &case.request {
        facts.push(Fact::new(
            page.t(msg!("approvals-sent-by")),
            case.requested_by.clone(),
            Some(Source::Computed(page.time(request.requested.0))),
        ));
    }
    if !case.bill.purchase_order.is_empty() {
        let order = Some(case.bill.purchase_order.clone());
        facts.push(Fact::new(
            page.t(msg!("approvals-purchase-order")),
            order,
            None,
        ));
    }
    for previous in &case.previous {
        let when = previous
            .issue_date
            .map(|date| Source::Computed(page.date(date)));
        facts.push(Fact {
            numeric: true,
            ..Fact::new(
                page.t1("approvals-previous", "number", &previous.number),
                Some(money(page, previous.payable_minor, previous.currency)),
                when,
            )
        });
    }
    facts
}

fn line(page: &Page, case: &Case, line: &StoredLine) -> BillLine {
    let parts = || {
        case.distributions
            .iter()
            .filter(|part| part.line_id == line.id)
    };
    let named = |code: &str, name: Option<&String>| match name {
        Some(name) => format!("{code} {name}"),
        None => code.to_owned(),
    };
    let several = parts().count() > 1;
    let accounts: Vec<String> = parts()
        .map(|part| {
            let account = named(
                &part.gl_account,
                case.chart.gl_accounts.get(&part.gl_account),
            );
            if several {
                format!(
                    "{account}: {}",
                    money(page, Some(part.amount_minor), case.bill.currency)
                )
            } else {
                account
            }
        })
        .collect();
    let centres: Vec<String> = parts()
        .filter(|part| !part.cost_centre.is_empty())
        .map(|part| {
            named(
                &part.cost_centre,
                case.chart.cost_centres.get(&part.cost_centre),
            )
        })
        .collect();
    BillLine {
        description: line.description.clone(),
        quantity: format!("{} {}", line.quantity, line.unit).trim().to_owned(),
        gl_account: (!accounts.is_empty()).then(|| accounts.join(", ")),
        cost_centre: (!centres.is_empty()).then(|| centres.join(", ")),
        vat_rate: if line.vat_rate.is_empty() {
            line.vat_category.clone()
        } else {
            format!("{}\u{a0}%", line.vat_rate)
        },
        net: money(page, line.net_minor, case.bill.currency),
    }
}

fn totals(page: &Page, case: &Case) -> Vec<Total> {
    let bill = &case.bill;
    let amounts = [
        (msg!("approvals-net"), bill.net_minor, false),
        (msg!("approvals-vat"), bill.tax_minor, false),
        (msg!("approvals-gross"), bill.gross_minor, false),
        (msg!("approvals-prepaid"), bill.prepaid_minor, false),
        (msg!("approvals-payable"), bill.payable_minor, true),
    ];
    amounts
        .into_iter()
        .filter_map(|(label, minor, grand)| {
            let (minor, currency) = (minor?, bill.currency?);
            let amount = if grand {
                page.money(minor, digits(currency), currency.code())
            } else {
                page.amount(minor, digits(currency))
            };
            Some(Total {
                label: page.t(label),
                amount,
                grand,
            })
        })
        .collect()
}

fn chain(page: &Page, case: &Case) -> Vec<ChainStep> {
    let mut steps: Vec<ChainStep> = case
        .decisions
        .iter()
        .map(|decision| ChainStep {
            who: decision.person_name.clone().unwrap_or_default(),
            why: match decision.reason.as_str() {
                "" => page.time(decision.decided.0),
                reason => format!("{} · {reason}", page.time(decision.decided.0)),
            },
            state: words::verdict(page, decision.verdict),
        })
        .collect();
    let needed = case.asked.map_or(0, |asked| asked.approvals as usize);
    for _ in steps.len()..needed {
        steps.push(ChainStep {
            who: page.t(msg!("approvals-somebody")),
            why: String::new(),
            state: Badge::new(Tone::Info, page.t(msg!("approvals-waiting"))),
        });
    }
    steps
}

fn finding(page: &Page, row: &FindingRow) -> Finding {
    let (tone, level) = match row.level {
        FindingLevel::Fatal => (Tone::Bad, msg!("approvals-fatal")),
        FindingLevel::Warning => (Tone::Warn, msg!("approvals-warning")),
        FindingLevel::Information => (Tone::Info, msg!("approvals-information")),
    };
    Finding {
        rule: row.rule.clone(),
        level: Badge::new(tone, page.t(level)),
        position: (!row.term.is_empty()).then(|| row.term.clone()),
        message: row.message.clone(),
        advice: None,
    }
}

fn hold(page: &Page, hold: &StoredHold) -> Hold {
    Hold {
        kind: page.t(hold_name(hold.kind)),
        why: hold.detail.clone(),
        advice: page.t(msg!("approvals-hold-advice")),
        placed: if hold.placed_us.0 == 0 {
            String::new()
        } else {
            page.time(hold.placed_us.0)
        },
        action: Some(Action {
            label: page.t(msg!("approvals-open-bill")),
            href: format!("/bills/{}", hold.bill_id),
        }),
    }
}

/// A hold's kind in the reader's words.
pub fn hold_name(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Unreadable => msg!("approvals-hold-unreadable"),
        HoldKind::MissingFields => msg!("approvals-hold-missing-fields"),
        HoldKind::VendorUnknown => msg!("approvals-hold-vendor-unknown"),
        HoldKind::VendorNotActive => msg!("approvals-hold-vendor-not-active"),
        HoldKind::DuplicateSuspected => msg!("approvals-hold-duplicate-suspected"),
        HoldKind::TotalsDiffer => msg!("approvals-hold-totals-differ"),
        HoldKind::BankAccountDiffers => msg!("approvals-hold-bank-account-differs"),
        HoldKind::DocumentFindings => msg!("approvals-hold-document-findings"),
        HoldKind::CurrencyUnsupported => msg!("approvals-hold-currency-unsupported"),
        HoldKind::AmountNotExact => msg!("approvals-hold-amount-not-exact"),
        HoldKind::Uncoded => msg!("approvals-hold-uncoded"),
        HoldKind::Manual => msg!("approvals-hold-manual"),
    }
}

fn event(page: &Page, told: Told) -> Event {
    let comment = told
        .changes
        .iter()
        .find(|change| change.field == "reason")
        .and_then(|change| change.after.clone());
    let changes = told
        .changes
        .into_iter()
        .filter(|change| {
            !matches!(
                change.field.as_str(),
                "reason" | "digest" | "request" | "decision"
            )
        })
        .map(|change| Change {
            field: change.field,
            before: change.before,
            after: change.after,
        })
        .collect();
    Event {
        time: page.time(told.at_us),
        machine_time: page.machine_time(told.at_us),
        actor: told.actor_name.unwrap_or_else(|| "Countersign".to_owned()),
        text: told.action.replace(['.', '-'], " "),
        comment,
        tone: Tone::Neutral,
        changes,
    }
}
