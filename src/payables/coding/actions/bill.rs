//! Coding a bill's lines.

use std::fmt::Write as _;

use countersign_money::{Currency, Money};

use super::{CodingError, LineError};
use crate::identity::access::{Access, Permission};
use crate::payables::approvals;
use crate::payables::bills::rules::{Payment, Processing};
use crate::payables::bills::store::{self as bills, Bill, BillLine, Distribution, lines};
use crate::payables::coding::rules::{Chart, Part, TypedPart, distribute};
use crate::payables::coding::store;
use crate::payables::ids::{BillId, LineId};
use crate::payables::payments;
use crate::platform::app::App;
use crate::platform::store::{Committed, Entry, Tx};

/// Lines whose change an entry tells one by one; of the others it tells how many they are.
const TOLD_MAX: usize = 200;

/// The parts that somebody typed for a line.
#[derive(Debug, Clone)]
pub struct LineParts {
    pub line: LineId,
    pub parts: Vec<TypedPart>,
}

/// Codes the lines named; the others stay as they are. Returns the bill's version afterwards.
pub async fn code(
    app: &App,
    who: &Access,
    (bill, version): (BillId, i64),
    lines: Vec<LineParts>,
) -> Result<i64, CodingError> {
    let reach = who.reach(Permission::BillsCode)?;
    app.store
        .write(who.caller(), move |tx| {
            bills::within(tx, bill, &reach)?;
            code_in(tx, (bill, version), &lines)
        })
        .await
}

/// [`code`] within a transaction.
pub fn code_in(
    tx: &mut Tx<'_>,
    (id, version): (BillId, i64),
    typed: &[LineParts],
) -> Result<Committed<i64>, CodingError> {
    let bill = bills::find(tx, id)?;
    if bill.version != version {
        return Err(CodingError::Conflict);
    }
    check_codable(&bill)?;
    let currency = bill.currency.ok_or(CodingError::NoCurrency)?;
    let (all, before) = (
        lines::of_bill(tx, id)?,
        lines::distributions_of_bill(tx, id)?,
    );
    let wanted = spread(tx, typed, &all, &before, currency)?;
    let mut bill = bill;
    if wanted
        .iter()
        .any(|(line, parts)| store::differs(&of_line(&before, line).collect::<Vec<_>>(), parts))
    {
        if payments::remove_from_open_runs(tx, id, "coding")? {
            bill = bills::find(tx, id)?;
        }
        // What is scheduled still stands in a released run.
        if bill.payment != Payment::Unpaid {
            return Err(CodingError::NotNow(bill.payment.as_str()));
        }
    }
    let mut entry = Entry::new("bill.coded", "bill", id).version(bill.version + 1);
    let mut changed = 0;
    for (line, parts) in &wanted {
        let old: Vec<&Distribution> = of_line(&before, line).collect();
        if !store::replace(tx, id, line.id, &old, parts)? {
            continue;
        }
        changed += 1;
        if changed <= TOLD_MAX {
            let old: Vec<Part> = old.into_iter().map(store::part).collect();
            entry = entry.change(
                &format!("line.{}", line.position),
                Some(told(&old, currency)).filter(|text| !text.is_empty()),
                Some(told(parts, currency)),
            );
        }
    }
    if changed == 0 {
        return Ok(tx.done(version)?);
    }
    bills::move_to(tx, &bill, Processing::Coding, "")?;
    let entry = entry
        .change(
            "processing",
            Some(bill.processing),
            Some(Processing::Coding),
        )
        .fact("lines", changed);
    tx.journal(entry)?;
    approvals::void(tx, id, "coding")?;
    let version = bills::find(tx, id)?.version;
    Ok(tx.done(version)?)
}

fn of_line<'a>(all: &'a [Distribution], line: &BillLine) -> impl Iterator<Item = &'a Distribution> {
    let line = line.id;
    all.iter().filter(move |part| part.line_id == line)
}

/// Whether a bill's lines may be coded in the state that it is in.
pub fn check_codable(bill: &Bill) -> Result<(), CodingError> {
    if bill.payment.has_begun() {
        return Err(CodingError::NotNow(bill.payment.as_str()));
    }
    match bill.processing {
        Processing::Coding => Ok(()),
        before if before.may_become(Processing::Coding) => Ok(()),
        other => Err(CodingError::NotNow(other.as_str())),
    }
}

fn spread<'a>(
    tx: &mut Tx<'_>,
    typed: &[LineParts],
    lines: &'a [BillLine],
    before: &[Distribution],
    currency: Currency,
) -> Result<Vec<(&'a BillLine, Vec<Part>)>, CodingError> {
    let chart = store::chart(tx)?;
    let mut wanted = Vec::with_capacity(typed.len());
    let mut errors = Vec::new();
    for given in typed {
        let line = lines
            .iter()
            .find(|line| line.id == given.line)
            .ok_or(CodingError::Conflict)?;
        let chart = with_own_codes(&chart, of_line(before, line));
        let net = line.net_minor.ok_or(CodingError::NoAmount(line.position))?;
        let net = Money::from_minor(net, currency);
        match distribute(net, &given.parts, &chart) {
            Ok(parts) => wanted.push((line, parts)),
            Err(found) => errors.extend(found.into_iter().map(|error| LineError {
                line: line.id,
                error,
            })),
        }
    }
    if errors.is_empty() {
        Ok(wanted)
    } else {
        Err(CodingError::Parts(errors))
    }
}

/// A code that was retired since stays allowed on the line that has it.
fn with_own_codes<'a>(chart: &Chart, parts: impl Iterator<Item = &'a Distribution>) -> Chart {
    let mut chart = chart.clone();
    for part in parts {
        chart
            .gl_accounts
            .entry(part.gl_account.clone())
            .or_default();
        chart
            .cost_centres
            .entry(part.cost_centre.clone())
            .or_default();
    }
    chart
}

/// `6300/210 40.00; 6815 60.00`
fn told(parts: &[Part], currency: Currency) -> String {
    let mut text = String::new();
    for part in parts {
        let separator = if text.is_empty() { "" } else { "; " };
        let slash = if part.cost_centre.is_empty() { "" } else { "/" };
        let amount = Money::from_minor(part.amount_minor, currency).to_decimal_string();
        let _ = write!(
            text,
            "{separator}{}{slash}{} {amount}",
            part.gl_account, part.cost_centre
        );
    }
    text
}
