//! What may be coded, without a database.

pub mod form;
pub mod import;

use std::collections::BTreeMap;

use countersign_money::{Money, allocate};

use crate::text_enum;

/// Parts of one line, at most.
pub const PARTS_MAX: usize = 50;
const CODE_MAX: usize = 24;
const NAME_MAX: usize = 120;
/// Percentages are counted in ten-thousandths of a per cent.
const WHOLE: u64 = 1_000_000;

text_enum! {
    /// The two lists of a chart.
    pub enum List {
        GlAccounts = "gl-accounts",
        CostCentres = "cost-centres",
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error(
        "a code has 1 to 24 of the letters A to Z, digits, point, hyphen, slash and underscore"
    )]
    Code,
    #[error("a name has 1 to 120 characters on one line")]
    Name,
}

/// A code of the chart as it is stored: without spaces around it, letters as typed.
pub fn code(text: &str) -> Result<String, CodeError> {
    let text = text.trim();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-/_".contains(&byte);
    if (1..=CODE_MAX).contains(&text.len()) && text.bytes().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(CodeError::Code)
    }
}

/// A name of the chart as it is stored.
pub fn name(text: &str) -> Result<String, CodeError> {
    let text = text.trim();
    let length = text.chars().count();
    if (1..=NAME_MAX).contains(&length) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(CodeError::Name)
    }
}

/// The codes in use with their names, both lists.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chart {
    pub gl_accounts: BTreeMap<String, String>,
    pub cost_centres: BTreeMap<String, String>,
}

/// A part of a line as somebody typed it: codes may be followed by a space and the name, as the page suggests them.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
pub struct TypedPart {
    pub gl_account: String,
    #[serde(default)]
    pub cost_centre: String,
    /// `12.34`, `40 %`, or nothing for what the other parts leave. Pages read it in their language before.
    #[serde(default)]
    pub amount: String,
}

/// A part of a line as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub gl_account: String,
    /// Empty where the line needs none.
    pub cost_centre: String,
    pub amount_minor: i64,
}

text_enum! {
    /// Which of a part's fields is meant.
    pub enum PartField {
        Account = "account",
        Centre = "centre",
        Amount = "amount",
    }
}

text_enum! {
    /// What is wrong with it.
    pub enum PartProblem {
        AccountMissing = "account-missing",
        AccountUnknown = "account-unknown",
        CentreUnknown = "centre-unknown",
        AmountUnreadable = "amount-unreadable",
        /// Zero, or on the other side of the line.
        AmountSide = "amount-side",
        /// Amounts and percentages in one line, or more than one part left empty.
        AmountMixed = "amount-mixed",
        /// The parts do not sum to the line, or the percentages not to one hundred.
        SumDiffers = "sum-differs",
        TooManyParts = "too-many-parts",
    }
}

/// One thing that is wrong with the parts of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartError {
    /// The part, from zero.
    pub part: usize,
    pub field: PartField,
    pub problem: PartProblem,
}

impl PartError {
    const fn new(part: usize, field: PartField, problem: PartProblem) -> Self {
        Self {
            part,
            field,
            problem,
        }
    }
}

/// Spreads a line's net amount over the parts as typed, in their order.
///
/// # Errors
/// Everything that is wrong, so that a form shows it at once.
pub fn distribute(
    net: Money,
    parts: &[TypedPart],
    chart: &Chart,
) -> Result<Vec<Part>, Vec<PartError>> {
    if parts.is_empty() {
        let missing = PartError::new(0, PartField::Account, PartProblem::AccountMissing);
        return Err(vec![missing]);
    }
    if parts.len() > PARTS_MAX {
        let many = PartError::new(PARTS_MAX, PartField::Account, PartProblem::TooManyParts);
        return Err(vec![many]);
    }
    let mut errors = Vec::new();
    let codes: Vec<(String, String)> = parts
        .iter()
        .enumerate()
        .map(|(index, part)| codes_of(index, part, chart, &mut errors))
        .collect();
    match amounts(net, parts) {
        Ok(amounts) if errors.is_empty() => Ok(codes
            .into_iter()
            .zip(amounts)
            .map(|((gl_account, cost_centre), amount)| Part {
                gl_account,
                cost_centre,
                amount_minor: amount.minor(),
            })
            .collect()),
        Ok(_) => Err(errors),
        Err((part, problem)) => {
            errors.push(PartError::new(part, PartField::Amount, problem));
            Err(errors)
        }
    }
}

fn codes_of(
    index: usize,
    part: &TypedPart,
    chart: &Chart,
    errors: &mut Vec<PartError>,
) -> (String, String) {
    let account = first_word(&part.gl_account);
    let problem = match account {
        "" => Some(PartProblem::AccountMissing),
        known if chart.gl_accounts.contains_key(known) => None,
        _ => Some(PartProblem::AccountUnknown),
    };
    errors.extend(problem.map(|problem| PartError::new(index, PartField::Account, problem)));
    let centre = first_word(&part.cost_centre);
    if !centre.is_empty() && !chart.cost_centres.contains_key(centre) {
        errors.push(PartError::new(
            index,
            PartField::Centre,
            PartProblem::CentreUnknown,
        ));
    }
    (account.to_owned(), centre.to_owned())
}

fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or_default()
}

/// What one amount field holds.
enum Typed {
    Rest,
    Amount(Money),
    /// In ten-thousandths of a per cent.
    Percent(u64),
}

type AmountError = (usize, PartProblem);

fn amounts(net: Money, parts: &[TypedPart]) -> Result<Vec<Money>, AmountError> {
    let mut typed = Vec::with_capacity(parts.len());
    for (index, part) in parts.iter().enumerate() {
        let read = typed_amount(&part.amount, net);
        typed.push(read.ok_or((index, PartProblem::AmountUnreadable))?);
    }
    let percents: Vec<u64> = typed
        .iter()
        .filter_map(|typed| match typed {
            Typed::Percent(percent) => Some(*percent),
            _ => None,
        })
        .collect();
    if percents.is_empty() {
        return fixed(net, &typed);
    }
    let last = parts.len() - 1;
    if percents.len() != typed.len() {
        return Err((last, PartProblem::AmountMixed));
    }
    if percents.iter().sum::<u64>() != WHOLE {
        return Err((last, PartProblem::SumDiffers));
    }
    // A share that rounds to nothing would be a part without an amount.
    let shares = allocate(net, &percents).map_err(|_| (last, PartProblem::AmountUnreadable))?;
    check_sides(net, &shares)?;
    Ok(shares)
}

fn fixed(net: Money, typed: &[Typed]) -> Result<Vec<Money>, AmountError> {
    let overflow = |index| (index, PartProblem::AmountUnreadable);
    let mut open = net;
    let mut rest = None;
    for (index, typed) in typed.iter().enumerate() {
        match typed {
            Typed::Amount(amount) => {
                open = open.checked_sub(*amount).map_err(|_| overflow(index))?;
            }
            _ if rest.is_some() => return Err((index, PartProblem::AmountMixed)),
            _ => rest = Some(index),
        }
    }
    if rest.is_none() && !open.is_zero() {
        return Err((typed.len() - 1, PartProblem::SumDiffers));
    }
    let amounts: Vec<Money> = typed
        .iter()
        .map(|typed| match typed {
            Typed::Amount(amount) => *amount,
            _ => open,
        })
        .collect();
    check_sides(net, &amounts)?;
    Ok(amounts)
}

/// A part that runs against its line would let the line's sum hide an amount on another account.
fn check_sides(net: Money, amounts: &[Money]) -> Result<(), AmountError> {
    let wrong = |amount: &Money| {
        if net.is_zero() {
            !amount.is_zero()
        } else {
            amount.is_zero() || amount.is_negative() != net.is_negative()
        }
    };
    match amounts.iter().position(wrong) {
        Some(index) => Err((index, PartProblem::AmountSide)),
        None => Ok(()),
    }
}

fn typed_amount(text: &str, net: Money) -> Option<Typed> {
    let text = text.trim();
    if text.is_empty() {
        return Some(Typed::Rest);
    }
    match text.strip_suffix('%') {
        Some(percent) => percent_of(percent.trim()).map(Typed::Percent),
        None => Money::parse_typed(text, net.currency())
            .ok()
            .map(Typed::Amount),
    }
}

fn percent_of(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty()
        || whole.len() > 3
        || fraction.len() > 4
        || !digits(whole)
        || !digits(fraction)
    {
        return None;
    }
    let value: u64 = format!("{whole}{fraction:0<4}").parse().ok()?;
    (1..=WHOLE).contains(&value).then_some(value)
}

#[cfg(test)]
mod tests;
