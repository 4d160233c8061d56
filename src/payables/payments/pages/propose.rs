//! Proposing a run: what is due, what is left out, and why.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use jiff::civil::Date;
use serde::Deserialize;

use super::words;
use crate::identity::access::Permission;
use crate::identity::organisations::EntityAccountId;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::ids::BillId;
use crate::payables::payments::actions::{self, NewRun, PaymentError};
use crate::payables::payments::rules::MAX_PAYMENTS;
use crate::payables::payments::store::check;
use crate::payables::payments::views::{LeftOut, ProposePage, ProposedPayment};
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{Action, Choice, FormErrors, Notice, Tone};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    account: String,
    due_until: String,
}

fn today(by: &SignedIn) -> Date {
    by.access.now().timestamp().to_zoned(by.zone.clone()).date()
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    page(&app, &by, &asked, String::new(), FormErrors::default()).await
}

async fn page(
    app: &App,
    by: &SignedIn,
    asked: &Asked,
    execution_date: String,
    errors: FormErrors,
) -> Result<Response, Problem> {
    by.access.reach(Permission::RunsPropose)?;
    let page = by.page(ProposePage::TITLE);
    let accounts = actions::paying_accounts(app, &by.access).await?;
    let chosen = accounts
        .iter()
        .find(|(_, account)| account.id.to_string() == asked.account)
        .or(accounts.first());
    let today = today(by);
    // A week ahead is what a weekly run pays.
    let in_a_week = today.saturating_add(jiff::Span::new().days(7));
    let due_until = asked.due_until.parse::<Date>().unwrap_or(in_a_week);
    let chosen_id = chosen.map(|(_, account)| account.id.to_string());
    let (mut rows, mut left_out, mut sum) = (Vec::new(), Vec::new(), String::new());
    let (mut more, mut left) = (None, None);
    if let Some((_, account)) = chosen {
        let found = actions::view_proposal(app, &by.access, account.id, due_until).await?;
        more = found.has_more.then(|| Notice {
            tone: Tone::Warn,
            text: page.t1("payments-more-due", "most", MAX_PAYMENTS),
        });
        left = words::left_to_countersign(&page, &found.left);
        let currency = found.currency.code();
        let total = found.included.iter().fold(0_i64, |sum, payable| {
            sum.saturating_add(payable.amount_minor())
        });
        sum = words::money(&page, total, currency);
        rows = found
            .included
            .iter()
            .map(|payable| proposed(&page, payable, currency))
            .collect();
        left_out = found
            .left_out
            .iter()
            .map(|left| left_out_row(&page, left))
            .collect();
    }
    let current = chosen_id.unwrap_or_default();
    Ok(html(&ProposePage {
        accounts: accounts
            .iter()
            .map(|(entity, account)| {
                let label = format!("{} {} {}", entity.name, account.label, account.iban_masked);
                Choice::new(account.id.to_string(), label, &current)
            })
            .collect(),
        account: current,
        due_until: due_until.to_string(),
        execution_date: if execution_date.is_empty() {
            today.to_string()
        } else {
            execution_date
        },
        rows,
        sum,
        left_out,
        more,
        left,
        errors,
        page,
    }))
}

fn proposed(page: &Page, payable: &check::Payable, currency: &str) -> ProposedPayment {
    let bill = &payable.bill;
    ProposedPayment {
        bill_id: bill.id.to_string(),
        vendor: bill.vendor_name.clone(),
        number: bill.number.clone(),
        account_masked: payable.account.masked.clone(),
        account_proof: page.t1(
            "payments-account-verified",
            "time",
            page.time(payable.account.verified.0),
        ),
        due_date: bill
            .due_date
            .map(|date| page.date(date))
            .unwrap_or_default(),
        remark: payable.is_credit().then(|| page.t("payments-netted")),
        amount: words::money(page, payable.amount_minor(), currency),
    }
}

fn left_out_row(page: &Page, left: &check::LeftOut) -> LeftOut {
    let bill = &left.bill;
    let to_vendor = bill.vendor_id.filter(|_| words::is_vendors(&left.why));
    let action = match to_vendor {
        Some(vendor) => Action {
            label: page.t(msg!("payments-see-vendor")),
            href: format!("/vendors/{vendor}"),
        },
        None => Action {
            label: page.t(msg!("payments-see-bill")),
            href: format!("/bills/{}", bill.id),
        },
    };
    LeftOut {
        bill_id: bill.id.to_string(),
        vendor: bill.vendor_name.clone(),
        number: bill.number.clone(),
        why: words::all(page, &left.why),
        action: Some(action),
        amount: bill
            .payable()
            .map(|money| words::money(page, money.minor(), money.currency().code()))
            .unwrap_or_default(),
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Typed {
    account: String,
    #[serde(default)]
    due_until: String,
    #[serde(default)]
    execution_date: String,
    #[serde(default)]
    bill: Vec<String>,
}

impl Typed {
    fn run(&self) -> Result<NewRun, PaymentError> {
        let account: EntityAccountId = self
            .account
            .parse()
            .map_err(|_| PaymentError::Field("account"))?;
        let bills: Result<Vec<BillId>, _> = self.bill.iter().map(|bill| bill.parse()).collect();
        Ok(NewRun {
            account,
            execution_date: self
                .execution_date
                .parse()
                .map_err(|_| PaymentError::Field("execution_date"))?,
            bills: bills.map_err(|_| PaymentError::Field("bill"))?,
        })
    }
}

pub(super) async fn submit(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(typed): Checked<Typed>,
) -> Result<Response, Problem> {
    let proposed = match typed.run() {
        Ok(new) => actions::propose_run(&app, &by.access, new).await,
        Err(error) => Err(error),
    };
    let error = match proposed {
        Ok(run) => return Ok(Redirect::to(&format!("/payments/{run}")).into_response()),
        Err(error) => Problem::from(error),
    };
    // What cannot be paid any more is shown where it is chosen.
    let shown = matches!(
        error.status,
        StatusCode::UNPROCESSABLE_ENTITY | StatusCode::CONFLICT
    );
    if !shown {
        return Err(error);
    }
    let mut errors = FormErrors::default();
    errors.add(error.field.unwrap_or("account"), message(&error, by.locale));
    let asked = Asked {
        account: typed.account,
        due_until: typed.due_until,
    };
    let page = page(&app, &by, &asked, typed.execution_date, errors).await?;
    Ok((error.status, page).into_response())
}
