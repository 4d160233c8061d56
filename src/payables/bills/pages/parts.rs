//! The parts of a bill that its own page and others show: lines, totals, findings, decisions, history.

use super::details;
use super::words::{self, date, digits, money};
use crate::msg;
use crate::payables::approvals::rules::Verdict;
use crate::payables::approvals::store::Decision;
use crate::payables::bills::actions::Shown;
use crate::payables::bills::rules::Processing;
use crate::payables::bills::store::findings::{FindingLevel, FindingRow};
use crate::payables::bills::store::{Bill, BillLine as StoredLine, Distribution, VatRow};
use crate::payables::bills::views::BillLine;
use crate::payables::coding::rules::Chart;
use crate::platform::store::journal::read::Told;
use crate::platform::web::doings;
use crate::platform::web::page::Page;
use crate::platform::web::view::{
    Badge, ChainStep, Change, Event, Fact, Finding, Notice, Source, Tone, Total,
};

/// One line: kind, date, due, legal entity.
pub fn summary(page: &Page, shown: &Shown) -> String {
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

/// A line with its coding; names of codes that are in use stand beside them.
pub fn line(
    page: &Page,
    bill: &Bill,
    line: &StoredLine,
    distributions: &[Distribution],
    chart: &Chart,
) -> BillLine {
    let parts: Vec<&Distribution> = distributions
        .iter()
        .filter(|part| part.line_id == line.id)
        .collect();
    let named = |code: &str, name: Option<&String>| match name {
        Some(name) => format!("{code} {name}"),
        None => code.to_owned(),
    };
    let accounts: Vec<String> = parts
        .iter()
        .map(|part| {
            let account = named(&part.gl_account, chart.gl_accounts.get(&part.gl_account));
            if parts.len() > 1 {
                let amount = money(page, Some(part.amount_minor), bill.currency);
                format!("{account}: {amount}")
            } else {
                account
            }
        })
        .collect();
    let centres: Vec<String> = parts
        .iter()
        .filter(|part| !part.cost_centre.is_empty())
        .map(|part| named(&part.cost_centre, chart.cost_centres.get(&part.cost_centre)))
        .collect();
    let quantity = format!("{} {}", line.quantity, line.unit);
    let price = if line.unit_price.is_empty() {
        String::new()
    } else {
        format!(" \u{d7} {}", line.unit_price)
    };
    BillLine {
        description: if line.description.is_empty() {
            line.label.clone()
        } else {
            line.description.clone()
        },
        quantity: format!("{}{price}", quantity.trim()).trim().to_owned(),
        gl_account: (!accounts.is_empty()).then(|| accounts.join(", ")),
        cost_centre: (!centres.is_empty()).then(|| centres.join(", ")),
        vat_rate: rate(&line.vat_category, &line.vat_rate),
        net: money(page, line.net_minor, bill.currency),
    }
}

fn rate(category: &str, rate: &str) -> String {
    if rate.is_empty() {
        category.to_owned()
    } else {
        format!("{rate}\u{a0}%")
    }
}

/// The document's own totals, as far as they are known (BG-22).
pub fn totals(page: &Page, bill: &Bill) -> Vec<Total> {
    [
        (msg!("bills-term-net-total"), bill.net_minor, false),
        (msg!("bills-vat"), bill.tax_minor, false),
        (msg!("bills-total"), bill.gross_minor, false),
        (msg!("bills-term-prepaid"), bill.prepaid_minor, false),
        (msg!("bills-term-rounding"), bill.rounding_minor, false),
        (msg!("bills-term-payable"), bill.payable_minor, true),
    ]
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

/// One part of the VAT breakdown (BG-23).
pub fn vat(page: &Page, bill: &Bill, row: &VatRow) -> Fact {
    let basis = money(page, row.basis_minor, bill.currency);
    let label = format!("{} · {basis}", rate(&row.category, &row.rate));
    let tax = row
        .tax_minor
        .map(|minor| money(page, Some(minor), bill.currency));
    Fact {
        numeric: true,
        ..Fact::new(label, tax, Some(Source::Term("BT-117".to_owned())))
    }
}

pub fn finding(page: &Page, row: &FindingRow) -> Finding {
    let (tone, level) = match row.level {
        FindingLevel::Fatal => (Tone::Bad, msg!("bills-fatal")),
        FindingLevel::Warning => (Tone::Warn, msg!("bills-warning")),
        FindingLevel::Information => (Tone::Info, msg!("bills-information")),
    };
    let (message, advice) = details::finding(page, &row.rule, &row.message);
    Finding {
        rule: row.rule.clone(),
        level: Badge::new(tone, page.t(level)),
        position: details::place(page, row),
        message,
        advice,
    }
}

/// Facts of an entry that people cannot read.
const FOR_MACHINES: [&str; 4] = ["reason", "digest", "request", "sha256"];

/// One event of a bill's history.
pub fn event(page: &Page, told: Told) -> Event {
    let (tone, text) = match told.action.as_str() {
        "bill.received" => (Tone::Info, page.t(msg!("bills-did-received"))),
        "bill.corrected" => (Tone::Info, page.t(msg!("bills-did-corrected"))),
        "bill.coded" => (Tone::Info, page.t(msg!("bills-did-coded"))),
        "bill.submitted" => (Tone::Info, page.t(msg!("bills-did-submitted"))),
        "bill.held" => (Tone::Warn, page.t(msg!("bills-did-held"))),
        "hold.released" => (Tone::Good, page.t(msg!("bills-did-released"))),
        "bill.disputed" => (Tone::Warn, page.t(msg!("bills-did-disputed"))),
        "bill.rejected" => (Tone::Bad, page.t(msg!("bills-did-rejected"))),
        "bill.cancelled" => (Tone::Bad, page.t(msg!("bills-did-cancelled"))),
        "bill.settled-without-payment" => (Tone::Good, page.t(msg!("bills-did-settle"))),
        "approval.voided" => (Tone::Warn, page.t(msg!("bills-did-voided"))),
        other => (Tone::Neutral, doings::action(page, other)),
    };
    let comment = told.after("reason").map(str::to_owned);
    let changes = told
        .changes
        .into_iter()
        .filter(|change| !FOR_MACHINES.contains(&change.field.as_str()))
        .map(|change| Change {
            field: change.field.replace('-', " "),
            before: change.before,
            after: change.after,
        })
        .collect();
    Event {
        time: page.time(told.at_us),
        machine_time: page.machine_time(told.at_us),
        actor: doings::actor(page, told.actor_name.as_deref(), &told.credential_kind),
        text,
        canonical: told.action,
        comment,
        tone,
        changes,
    }
}

/// What happened to a bill after the version that somebody saw, and a notice on her page that it did.
pub fn meanwhile(page: &mut Page, history: Vec<Told>, seen: i64) -> Vec<Event> {
    page.notice = Some(Notice {
        tone: Tone::Bad,
        text: page.t(msg!("bills-conflict-kept")),
    });
    history
        .into_iter()
        .filter(|told| told.object_version > seen)
        .map(|told| event(page, told))
        .collect()
}

/// Who decided, and how many are still asked.
fn decided_by(page: &Page, decision: &Decision) -> String {
    let name = decision.person_name.clone().unwrap_or_default();
    match &decision.behalf_name {
        Some(behalf) => page.t2("bills-decided-for", "name", name, "behalf", behalf),
        None => name,
    }
}

pub fn chain(page: &Page, shown: &Shown) -> Vec<ChainStep> {
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
                who: decided_by(page, decision),
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
