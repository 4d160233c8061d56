//! `/bills/{id}/coding`: each line to one account or several. Works by keyboard and without JavaScript: splitting a line
//! is a button that sends the form and gets it back with one more row.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use countersign_money::{Currency, Money};

use super::super::actions::{self, CodingError, LineError, LineParts, Work};
use super::super::rules::form::{drop_unused, key, parts};
use super::super::rules::{PARTS_MAX, PartField, PartProblem, TypedPart};
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::approvals;
use crate::payables::bills;
use crate::payables::bills::pages::document;
use crate::payables::bills::pages::parts::meanwhile;
use crate::payables::bills::views::{CodeLine, CodePage, CodePart, DocumentView};
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::locale::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::render::html;
use crate::platform::web::view::{Choice, FormErrors, Total};

type Typed = BTreeMap<usize, Vec<TypedPart>>;

fn id(text: &str) -> Result<BillId, Problem> {
    text.parse().map_err(|_| Problem::not_found())
}

pub async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Query(asked): Query<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let work = actions::work(&app, &by.access, id(&bill)?).await?;
    actions::check_codable(&work.bill)?;
    let typed = stored(&work, by.locale);
    let mut answer = view(&by, &work, &typed, FormErrors::default());
    let wants_data = asked.get("document").is_some_and(|which| which == "data");
    put_beside(&app, &by, &mut answer, (work.bill.id, wants_data)).await?;
    Ok(html(&answer))
}

/// Puts the document beside the lines, as on the bill's own page.
async fn put_beside(
    app: &App,
    by: &SignedIn,
    answer: &mut CodePage,
    (bill, wants_data): (BillId, bool),
) -> Result<(), Problem> {
    let shown = bills::actions::show(app, &by.access, bill).await?;
    let at = format!("/bills/{bill}/coding");
    answer.document = document::view(app, by, &answer.page, &shown, (&at, wants_data)).await?;
    Ok(())
}

pub async fn save(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Checked(form): Checked<HashMap<String, String>>,
) -> Result<Response, Problem> {
    let bill = id(&bill)?;
    let work = actions::work(&app, &by.access, bill).await?;
    let field = |name: &str| form.get(name).map(String::as_str).unwrap_or_default();
    let mut typed = parts(
        form.iter()
            .map(|(name, value)| (name.as_str(), value.as_str())),
    );
    let version: i64 = field("version")
        .parse()
        .map_err(|_| CodingError::Conflict)?;
    if let Ok(line) = field("split").parse::<usize>() {
        let parts = typed.entry(line).or_default();
        if parts.len() < PARTS_MAX {
            parts.push(TypedPart::default());
        }
        let mut answer = view(&by, &work, &typed, FormErrors::default());
        // What she saw when she began is what she changes: a later version is not hers to overwrite.
        answer.version = u32::try_from(version).unwrap_or(u32::MAX);
        put_beside(&app, &by, &mut answer, (bill, false)).await?;
        return Ok(html(&answer));
    }
    let lines = lines(&work, &mut typed, by.locale);
    match actions::code(&app, &by.access, (bill, version), lines).await {
        Ok(version) if field("then") == "send" => {
            Ok(approvals::pages::sent(&app, &by, (bill, version))
                .await?
                .into_response())
        }
        Ok(_) => Ok(Redirect::to(&format!("/bills/{bill}/coding")).into_response()),
        Err(CodingError::Parts(found)) => {
            let errors = errors(&by.page(CodePage::TITLE), &work, &found);
            let mut answer = view(&by, &work, &typed, errors);
            put_beside(&app, &by, &mut answer, (bill, false)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&answer)).into_response())
        }
        Err(CodingError::Conflict) => changed(&app, &by, (bill, version), &typed).await,
        Err(error) => Err(error.into()),
    }
}

/// What was typed, on top of what somebody else saved in the meantime: the form is about the newest version now.
async fn changed(
    app: &App,
    by: &SignedIn,
    (bill, seen): (BillId, i64),
    typed: &Typed,
) -> Result<Response, Problem> {
    let work = actions::work(app, &by.access, bill).await?;
    actions::check_codable(&work.bill)?;
    let mut answer = view(by, &work, typed, FormErrors::default());
    put_beside(app, by, &mut answer, (bill, false)).await?;
    let history = bills::actions::show(app, &by.access, bill).await?.history;
    answer.meanwhile = meanwhile(&mut answer.page, history, seen);
    Ok((StatusCode::CONFLICT, html(&answer)).into_response())
}

/// What was typed for each line that the bill has, amounts in the notation of the page's language as plain ones.
fn lines(work: &Work, typed: &mut Typed, locale: Locale) -> Vec<LineParts> {
    let plain = |part: &TypedPart| TypedPart {
        amount: work.bill.currency.map_or_else(
            || part.amount.clone(),
            |currency| locale.plain_amount(&part.amount, currency),
        ),
        ..part.clone()
    };
    let mut lines = Vec::new();
    for (number, line) in (1..).zip(&work.lines) {
        if let Some(parts) = typed.get_mut(&number) {
            drop_unused(parts);
            lines.push(LineParts {
                line: line.id,
                parts: parts.iter().map(plain).collect(),
            });
        }
    }
    lines
}

/// What the lines have; where a line has nothing yet, the vendor's usual account and centre.
fn stored(work: &Work, locale: Locale) -> Typed {
    let amount = |minor| {
        work.bill
            .currency
            .map(|currency| Money::from_minor(minor, currency).to_written(locale.decimal_mark()))
            .unwrap_or_default()
    };
    let parts_of = |line: &bills::BillLine| {
        let parts: Vec<TypedPart> = work
            .distributions
            .iter()
            .filter(|part| part.line_id == line.id)
            .map(|part| TypedPart {
                gl_account: part.gl_account.clone(),
                cost_centre: part.cost_centre.clone(),
                amount: amount(part.amount_minor),
            })
            .collect();
        if !parts.is_empty() {
            return parts;
        }
        vec![TypedPart {
            gl_account: work.default_gl_account.clone().unwrap_or_default(),
            cost_centre: work.default_cost_centre.clone().unwrap_or_default(),
            amount: line.net_minor.map(amount).unwrap_or_default(),
        }]
    };
    (1..).zip(work.lines.iter().map(parts_of)).collect()
}

fn errors(page: &Page, work: &Work, found: &[LineError]) -> FormErrors {
    let mut errors = FormErrors::default();
    for LineError { line, error } in found {
        let number = work.lines.iter().position(|known| known.id == *line);
        let key = key(number.map_or(1, |at| at + 1), error.part + 1);
        let field = match error.field {
            PartField::Account => format!("{key}-account"),
            PartField::Centre => format!("{key}-centre"),
            PartField::Amount => format!("{key}-amount"),
        };
        let message = match error.problem {
            PartProblem::AccountMissing => msg!("coding-account-missing"),
            PartProblem::AccountUnknown => msg!("coding-account-unknown"),
            PartProblem::CentreUnknown => msg!("coding-centre-unknown"),
            PartProblem::AmountUnreadable => msg!("coding-amount-unreadable"),
            PartProblem::AmountSide => msg!("coding-amount-side"),
            PartProblem::AmountMixed => msg!("coding-amount-mixed"),
            PartProblem::SumDiffers => msg!("coding-sum-differs"),
            PartProblem::TooManyParts => msg!("coding-too-many-parts"),
        };
        errors.add(&field, page.t(message));
    }
    errors
}

fn money(page: &Page, minor: Option<i64>, currency: Option<Currency>) -> String {
    match (minor, currency) {
        (Some(minor), Some(currency)) => {
            let digits = u8::try_from(currency.digits()).unwrap_or(u8::MAX);
            page.money(minor, digits, currency.code())
        }
        _ => "\u{2013}".to_owned(),
    }
}

fn view(by: &SignedIn, work: &Work, typed: &Typed, errors: FormErrors) -> CodePage {
    let page = by.page(CodePage::TITLE);
    let bill = &work.bill;
    let line = |(number, line): (usize, &bills::BillLine)| CodeLine {
        key: number.to_string(),
        description: line.description.clone(),
        quantity: format!("{} {}", line.quantity, line.unit).trim().to_owned(),
        net: money(&page, line.net_minor, bill.currency),
        parts: typed
            .get(&number)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .enumerate()
            .map(|(index, part)| CodePart {
                key: key(number, index + 1),
                gl_account: part.gl_account.clone(),
                cost_centre: part.cost_centre.clone(),
                amount: part.amount.clone(),
            })
            .collect(),
    };
    let choices = |list: &BTreeMap<String, String>| {
        list.iter()
            .map(|(code, name)| Choice::new(code, format!("{code} {name}"), ""))
            .collect()
    };
    CodePage {
        id: bill.id.to_string(),
        version: u32::try_from(bill.version).unwrap_or(u32::MAX),
        vendor: bill.vendor_name.clone(),
        number: bill.number.clone(),
        amount: money(&page, bill.payable_minor, bill.currency),
        document: DocumentView {
            name: bill.number.clone(),
            download_href: bill
                .document_id
                .map(|_| format!("/bills/{}/document", bill.id)),
            tabs: Vec::new(),
            images: Vec::new(),
            cut: None,
            readable: None,
        },
        lines: (1..).zip(&work.lines).map(line).collect(),
        gl_accounts: choices(&work.chart.gl_accounts),
        cost_centres: choices(&work.chart.cost_centres),
        totals: totals(&page, work),
        meanwhile: Vec::new(),
        errors,
        page,
    }
}

fn totals(page: &Page, work: &Work) -> Vec<Total> {
    let currency = work.bill.currency;
    let coded = sum(work.distributions.iter().map(|part| part.amount_minor));
    let all = sum(work.lines.iter().filter_map(|line| line.net_minor));
    let open = all
        .zip(coded)
        .and_then(|(all, coded)| all.checked_sub(coded));
    [
        (msg!("coding-coded"), coded, false),
        (msg!("coding-open"), open, false),
        (msg!("coding-total"), all, true),
    ]
    .into_iter()
    .map(|(label, minor, grand)| Total {
        label: page.t(label),
        amount: money(page, minor, currency),
        grand,
    })
    .collect()
}

fn sum(mut minors: impl Iterator<Item = i64>) -> Option<i64> {
    minors.try_fold(0i64, i64::checked_add)
}
