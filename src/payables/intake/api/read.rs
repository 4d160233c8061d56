//! `GET /api/v1/bills` and `GET /api/v1/bills/{id}`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use countersign_money::{Currency, Money};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::identity::tokens::Bearer;
use crate::payables::bills::actions::{self, Shown};
use crate::payables::bills::store::list::{Filter, Listed, View};
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::filter::known;

/// Bills in one answer at most.
const LIMIT: i64 = 200;
/// Bills in one answer where nothing else is asked for.
const USUAL: i64 = 50;

/// Which bills, in which part of the list.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// `all`, `typing`, `coding`, `approval`, `approved`, `held` or `closed`.
    view: Option<String>,
    /// Words that each begin a word of the vendor's name, the number, the purchase order or the payment reference.
    q: Option<String>,
    /// A vendor's id.
    vendor: Option<String>,
    /// Unpaid and due on this day or before: `YYYY-MM-DD`.
    due_until: Option<String>,
    /// `next` of the answer before.
    after: Option<String>,
    /// From 1 to 200; 50 where it is absent.
    limit: Option<String>,
}

impl Asked {
    fn filter(self) -> Result<Filter, Problem> {
        Ok(Filter {
            view: known(self.view, "view", View::parse)?.unwrap_or(View::All),
            text: self.q.unwrap_or_default(),
            vendor: known(self.vendor, "vendor", |text| text.parse().ok())?,
            due_until: known(self.due_until, "due_until", |text| text.parse().ok())?,
            decided_for: None,
            after: known(self.after, "after", |text| text.parse().ok())?,
            limit: known(self.limit, "limit", |text| {
                text.parse()
                    .ok()
                    .filter(|limit| (1..=LIMIT).contains(limit))
            })?
            .unwrap_or(USUAL),
        })
    }
}

/// A part of the list, the newest bills first.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Bills {
    bills: Vec<Summary>,
    /// Names the next part; none where this is the last one.
    next: Option<String>,
}

/// A bill in the list. Amounts are decimal texts in the bill's currency.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Summary {
    id: String,
    vendor_name: String,
    /// `standard`, `credit-note`, `prepayment` or `self-billed`.
    kind: &'static str,
    number: String,
    /// `YYYY-MM-DD`.
    issue_date: Option<String>,
    /// `YYYY-MM-DD`.
    due_date: Option<String>,
    /// ISO 4217.
    currency: Option<String>,
    payable: Option<String>,
    processing: &'static str,
    payment: &'static str,
    /// Open holds.
    holds: i64,
}

/// Lists bills, the newest first.
#[utoipa::path(get, path = "/api/v1/bills", tag = "bills", params(Asked),
    responses((status = 200, body = Bills), (status = 422, description = "A filter cannot be understood")))]
pub(super) async fn list(
    State(app): State<Arc<App>>,
    by: Bearer,
    Query(asked): Query<Asked>,
) -> Result<Json<Bills>, Problem> {
    let mut filter = asked.filter()?;
    let limit = filter.limit;
    filter.limit += 1;
    let mut found = actions::list(&app, &by.access, filter).await?;
    let has_more = i64::try_from(found.len()).is_ok_and(|count| count > limit);
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Json(Bills {
        next: found
            .last()
            .filter(|_| has_more)
            .map(|last| last.id.to_string()),
        bills: found.into_iter().map(summary).collect(),
    }))
}

fn summary(bill: Listed) -> Summary {
    Summary {
        id: bill.id.to_string(),
        vendor_name: bill.vendor_name,
        kind: bill.kind.as_str(),
        number: bill.number,
        issue_date: bill.issue_date.map(|date| date.to_string()),
        due_date: bill.due_date.map(|date| date.to_string()),
        currency: bill.currency.map(|currency| currency.code().to_owned()),
        payable: decimal(bill.payable_minor, bill.currency),
        processing: bill.processing.as_str(),
        payment: bill.payment.as_str(),
        holds: bill.holds,
    }
}

fn decimal(minor: Option<i64>, currency: Option<Currency>) -> Option<String> {
    Some(Money::from_minor(minor?, currency?).to_decimal_string())
}

/// A bill with all its facts. Amounts are decimal texts in the bill's currency; an absent one is not known.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Whole {
    id: String,
    /// What a change has to name.
    version: i64,
    vendor: Option<String>,
    vendor_name: String,
    kind: &'static str,
    number: String,
    issue_date: Option<String>,
    due_date: Option<String>,
    currency: Option<String>,
    net: Option<String>,
    tax: Option<String>,
    gross: Option<String>,
    payable: Option<String>,
    payment_reference: String,
    purchase_order: String,
    processing: &'static str,
    posting: &'static str,
    payment: &'static str,
    #[serde(rename = "match")]
    match_state: &'static str,
    lines: Vec<Line>,
    vat: Vec<Vat>,
    /// Those that stand now.
    holds: Vec<StandingHold>,
    findings: Vec<FoundFinding>,
}

/// A line of a bill.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Line {
    /// What coding has to name.
    id: String,
    description: String,
    quantity: String,
    unit: String,
    unit_price: String,
    net: Option<String>,
    vat_category: String,
    /// In percent.
    vat_rate: String,
}

/// An entry of the VAT breakdown.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Vat {
    category: String,
    /// In percent.
    rate: String,
    basis: Option<String>,
    tax: Option<String>,
}

/// What keeps a bill from being paid.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct StandingHold {
    /// What a release has to name: the hold's id, or its kind while it has none; then `detail` goes with it.
    id: String,
    kind: &'static str,
    detail: String,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FoundFinding {
    rule: String,
    level: &'static str,
    /// The business term with its place; may be empty.
    term: String,
    message: String,
}

/// One bill.
#[utoipa::path(get, path = "/api/v1/bills/{id}", tag = "bills",
    params(("id" = String, Path, description = "The bill's id")),
    responses((status = 200, body = Whole), (status = 404, description = "There is no such bill")))]
pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: Bearer,
    Path(id): Path<String>,
) -> Result<Json<Whole>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let shown = actions::show(&app, &by.access, id).await?;
    Ok(Json(whole(shown)))
}

fn whole(shown: Shown) -> Whole {
    let bill = shown.bill;
    let amount = |minor| decimal(minor, bill.currency);
    Whole {
        id: bill.id.to_string(),
        version: bill.version,
        vendor: bill.vendor_id.map(|id| id.to_string()),
        kind: bill.kind.as_str(),
        issue_date: bill.issue_date.map(|date| date.to_string()),
        due_date: bill.due_date.map(|date| date.to_string()),
        currency: bill.currency.map(|currency| currency.code().to_owned()),
        net: amount(bill.net_minor),
        tax: amount(bill.tax_minor),
        gross: amount(bill.gross_minor),
        payable: amount(bill.payable_minor),
        processing: bill.processing.as_str(),
        posting: bill.posting.as_str(),
        payment: bill.payment.as_str(),
        match_state: bill.match_state.as_str(),
        lines: shown
            .lines
            .into_iter()
            .map(|line| Line {
                id: line.id.to_string(),
                net: amount(line.net_minor),
                description: line.description,
                quantity: line.quantity,
                unit: line.unit,
                unit_price: line.unit_price,
                vat_category: line.vat_category,
                vat_rate: line.vat_rate,
            })
            .collect(),
        vat: shown
            .vat
            .into_iter()
            .map(|vat| Vat {
                basis: amount(vat.basis_minor),
                tax: amount(vat.tax_minor),
                category: vat.category,
                rate: vat.rate,
            })
            .collect(),
        holds: shown
            .holds
            .into_iter()
            .map(|hold| StandingHold {
                id: hold.name(),
                kind: hold.kind.as_str(),
                detail: hold.detail,
            })
            .collect(),
        findings: shown
            .findings
            .into_iter()
            .map(|finding| FoundFinding {
                level: finding.level.as_str(),
                rule: finding.rule,
                term: finding.term,
                message: finding.message,
            })
            .collect(),
        vendor_name: bill.vendor_name,
        number: bill.number,
        payment_reference: bill.payment_reference,
        purchase_order: bill.purchase_order,
    }
}
