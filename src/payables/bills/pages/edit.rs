//! Typing what no reader found and correcting what one found, with the document beside the form.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use countersign_money::{Currency, Money};
use countersign_sealing::Secret;
use serde::Deserialize;

use super::{document, id, parts, words};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::actions::{self, BillError, Correction, Shown};
use crate::payables::bills::rules::BillKind;
use crate::payables::bills::rules::typed::TypedForm;
use crate::payables::bills::store::Bill;
use crate::payables::bills::views::{BillForm, EditPage};
use crate::payables::ids::BillId;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::locale::Locale;
use crate::platform::web::page::Page;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{Choice, FormErrors};

pub async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
) -> Result<Response, Problem> {
    let shown = may_edit(&app, &by, id(&bill)?).await?;
    let (kind, form) = (shown.bill.kind.as_str(), known(&shown.bill, by.locale));
    let seen = shown.bill.version;
    let view = view(&app, &by, &shown, seen, (kind, form), FormErrors::default()).await?;
    Ok(html(&view))
}

/// The bill, unless nobody may type on it any more.
async fn may_edit(app: &App, by: &SignedIn, bill: BillId) -> Result<Shown, BillError> {
    let reach = by.access.reach(Permission::BillsEnter)?;
    let shown = actions::show(app, &by.access, bill).await?;
    reach.check(shown.bill.entity_id)?;
    if shown.bill.processing.is_closed() {
        return Err(BillError::Closed(shown.bill.processing));
    }
    if shown.bill.payment.has_begun() || shown.is_at_bank {
        return Err(BillError::Paid);
    }
    Ok(shown)
}

async fn view(
    app: &App,
    by: &SignedIn,
    shown: &Shown,
    version: i64,
    (kind, form): (&str, BillForm),
    errors: FormErrors,
) -> Result<EditPage, BillError> {
    let page = by.page(EditPage::TITLE);
    let at = format!("/bills/{}", shown.bill.id);
    Ok(EditPage {
        id: shown.bill.id.to_string(),
        version,
        document: document::view(app, by, &page, shown, (&at, false)).await?,
        payable_hint: payable_hint(&page, &shown.bill),
        meanwhile: Vec::new(),
        kinds: kinds(&page, kind),
        form,
        errors,
        page,
    })
}

fn kinds(page: &Page, current: &str) -> Vec<Choice> {
    BillKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.as_str(), page.t(words::kind(*kind)), current))
        .collect()
}

/// What an empty field means, and beside an amount that the others contradict, that it does.
fn payable_hint(page: &Page, bill: &Bill) -> String {
    let empty_means = page.t(msg!("bills-payable-hint"));
    let (Some(payable), Some(due)) = (bill.payable_minor, bill.due_minor()) else {
        return empty_means;
    };
    if payable == due {
        return empty_means;
    }
    let money = |minor| words::money(page, Some(minor), bill.currency);
    let differs = page.t2(
        "bills-payable-differs",
        "given",
        money(payable),
        "due",
        money(due),
    );
    format!("{differs} {empty_means}")
}

/// What is known of the bill, as the form takes it. What is sealed stays sealed: its fields begin empty. So does an amount to
/// pay that follows from the others: it follows a total that is corrected.
fn known(bill: &Bill, locale: Locale) -> BillForm {
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let amount = |minor: Option<i64>| {
        let (minor, currency) = (minor?, bill.currency?);
        Some(Money::from_minor(minor, currency).to_written(locale.decimal_mark()))
    };
    BillForm {
        vendor_name: bill.vendor_name.clone(),
        vendor_vat_id: String::new(),
        iban: String::new(),
        number: bill.number.clone(),
        purchase_order: bill.purchase_order.clone(),
        invoice_date: date(bill.issue_date).unwrap_or_default(),
        due_date: date(bill.due_date).unwrap_or_default(),
        currency: bill
            .currency
            .map_or_else(String::new, |c| c.code().to_owned()),
        net: amount(bill.net_minor).unwrap_or_default(),
        vat: amount(bill.tax_minor).unwrap_or_default(),
        total: amount(bill.gross_minor).unwrap_or_default(),
        payable: amount(
            bill.payable_minor
                .filter(|_| bill.payable_minor != bill.due_minor()),
        )
        .unwrap_or_default(),
        payment_reference: bill.payment_reference.clone(),
    }
}

/// The form as it is sent. An account or a VAT id in it prints itself nowhere.
#[derive(Deserialize)]
pub struct Sent {
    version: i64,
    kind: String,
    vendor_name: String,
    vendor_vat_id: String,
    iban: String,
    number: String,
    purchase_order: String,
    payment_reference: String,
    invoice_date: String,
    due_date: String,
    currency: String,
    net: String,
    vat: String,
    total: String,
    payable: String,
}

impl Sent {
    /// Amounts in the notation of the page's language become plain ones. Without a currency none of them is read.
    fn correction(&self, locale: Locale) -> Correction {
        let currency = self.currency.trim().to_uppercase().parse::<Currency>().ok();
        let plain = |typed: &String| {
            currency.map_or_else(|| typed.clone(), |code| locale.plain_amount(typed, code))
        };
        Correction {
            form: TypedForm {
                kind: self.kind.clone(),
                vendor_name: self.vendor_name.clone(),
                number: self.number.clone(),
                purchase_order: self.purchase_order.clone(),
                payment_reference: self.payment_reference.clone(),
                invoice_date: self.invoice_date.clone(),
                due_date: self.due_date.clone(),
                currency: self.currency.clone(),
                net: plain(&self.net),
                vat: plain(&self.vat),
                total: plain(&self.total),
                payable: plain(&self.payable),
            },
            vendor_vat_id: Secret::new(self.vendor_vat_id.clone()),
            account: Secret::new(self.iban.clone()),
        }
    }

    fn again(self) -> BillForm {
        BillForm {
            vendor_name: self.vendor_name,
            vendor_vat_id: self.vendor_vat_id,
            iban: self.iban,
            number: self.number,
            purchase_order: self.purchase_order,
            invoice_date: self.invoice_date,
            due_date: self.due_date,
            currency: self.currency,
            net: self.net,
            vat: self.vat,
            total: self.total,
            payable: self.payable,
            payment_reference: self.payment_reference,
        }
    }
}

pub async fn save(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(bill): Path<String>,
    Checked(form): Checked<Sent>,
) -> Result<Response, Problem> {
    let bill = id(&bill)?;
    let seen = (bill, form.version);
    let saved = actions::correct(&app, &by.access, seen, form.correction(by.locale)).await;
    let page = by.page(EditPage::TITLE);
    let mut errors = FormErrors::default();
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    match saved {
        Ok(_) => return Ok(Redirect::to(&format!("/bills/{bill}")).into_response()),
        Err(BillError::Conflict) => return changed(&app, &by, seen, form).await,
        Err(BillError::Typed(faults)) => {
            for (field, problem) in faults {
                errors.add(field, page.t(problem.message()));
            }
        }
        Err(error @ BillError::Vendor(_)) => {
            let problem = Problem::from(error);
            errors.add("vendor_name", page.t(problem.code));
        }
        Err(error @ BillError::Asked { .. }) => {
            let problem = Problem::from(error);
            status = problem.status;
            errors.add(
                problem.field.unwrap_or("vendor_vat_id"),
                message(&problem, by.locale),
            );
        }
        Err(other) => return Err(other.into()),
    }
    let shown = may_edit(&app, &by, bill).await?;
    let (version, kind) = (form.version, form.kind.clone());
    let view = view(&app, &by, &shown, version, (&kind, form.again()), errors).await?;
    Ok((status, html(&view)).into_response())
}

/// The form as it was typed, on top of what somebody else saved in the meantime: it is about the newest version now, and the
/// next click writes over what is shown to have changed.
async fn changed(
    app: &App,
    by: &SignedIn,
    (bill, seen): (BillId, i64),
    form: Sent,
) -> Result<Response, Problem> {
    let shown = may_edit(app, by, bill).await?;
    let (newest, kind) = (shown.bill.version, form.kind.clone());
    let none = FormErrors::default();
    let mut view = view(app, by, &shown, newest, (&kind, form.again()), none).await?;
    view.meanwhile = parts::meanwhile(&mut view.page, shown.history, seen);
    Ok((StatusCode::CONFLICT, html(&view)).into_response())
}
