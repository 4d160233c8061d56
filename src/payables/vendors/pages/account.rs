//! Entering, rejecting and showing a bank account.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use countersign_bankfile::account::{Bic, Iban};
use countersign_money::Currency;
use serde::Deserialize;

use super::words::{account_explained, account_label, step_event, warnings};
use super::{field_error, problem_at_field, vendor_id};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::ids::{AccountId, VendorId};
use crate::payables::vendors::VendorError;
use crate::payables::vendors::actions::{self, AccountView};
use crate::payables::vendors::rules::accounts::{MAX_HOLDER_CHARS, NewAccount};
use crate::payables::vendors::store::Vendor;
use crate::payables::vendors::views::{
    AccountForm, AccountNewPage, AccountPage, AccountVerifyPage,
};
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::page::Page;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{Badge, ChainStep, Choice, Fact, FormErrors, Notice, Tone};

pub(super) fn ids((vendor, account): (String, String)) -> Result<(VendorId, AccountId), Problem> {
    let account = account.parse().map_err(|_| Problem::not_found())?;
    Ok((vendor_id(&vendor)?, account))
}

pub(super) fn chain(page: &Page, at: usize) -> Vec<ChainStep> {
    let steps = [
        (
            msg!("vendors-chain-entered"),
            msg!("vendors-chain-one-person"),
        ),
        (msg!("vendors-chain-called"), msg!("vendors-chain-another")),
        (
            msg!("vendors-chain-rests"),
            msg!("vendors-chain-rests-long"),
        ),
        (
            msg!("vendors-chain-payable"),
            msg!("vendors-chain-payable-why"),
        ),
    ];
    let state = |index: usize| match index.cmp(&at) {
        std::cmp::Ordering::Less => (Tone::Good, msg!("vendors-chain-done")),
        std::cmp::Ordering::Equal => (Tone::Info, msg!("vendors-chain-now")),
        std::cmp::Ordering::Greater => (Tone::Neutral, msg!("vendors-chain-then")),
    };
    steps
        .into_iter()
        .enumerate()
        .map(|(index, (who, why))| {
            let (tone, text) = state(index);
            ChainStep {
                who: page.t(who),
                why: page.t(why),
                state: Badge::new(tone, page.t(text)),
            }
        })
        .collect()
}

const SOURCES: [(&str, &str); 5] = [
    ("contract", msg!("vendors-source-contract")),
    ("letter", msg!("vendors-source-letter")),
    ("portal", msg!("vendors-source-portal")),
    ("call", msg!("vendors-source-call")),
    ("e-mail", msg!("vendors-source-e-mail")),
];

/// An account as typed. No Debug: it holds an IBAN.
#[derive(Deserialize)]
pub(super) struct Typed {
    holder: String,
    iban: String,
    #[serde(default)]
    bic: String,
    #[serde(default)]
    currency: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    evidence: String,
}

impl Typed {
    /// The account, or everything that keeps it from being one.
    fn account(&self) -> Result<NewAccount, Vec<VendorError>> {
        let mut wrong = Vec::new();
        let holder = self.holder.trim();
        if holder.is_empty() || holder.chars().count() > MAX_HOLDER_CHARS {
            wrong.push(VendorError::Field("holder"));
        }
        let iban = Iban::parse(&self.iban).map_err(VendorError::from);
        let bic = Some(self.bic.trim()).filter(|bic| !bic.is_empty());
        let bic = bic.map(Bic::parse).transpose().map_err(VendorError::from);
        let currency = self.currency.trim().parse::<Currency>();
        let currency = currency.map_err(|_| VendorError::Field("currency"));
        let source = SOURCES.iter().find(|(value, _)| *value == self.source);
        let source = source.ok_or(VendorError::Field("source"));
        let evidence = self.evidence.trim();
        let evidence = (!evidence.is_empty())
            .then_some(evidence)
            .ok_or(VendorError::Field("evidence"));
        match (iban, bic, currency, source, evidence) {
            (Ok(iban), Ok(bic), Ok(currency), Ok((source, _)), Ok(evidence))
                if wrong.is_empty() =>
            {
                Ok(NewAccount {
                    holder: holder.to_owned(),
                    iban,
                    bic,
                    currency,
                    source: format!("{source}: {evidence}"),
                })
            }
            (iban, bic, currency, source, evidence) => {
                wrong.extend(iban.err());
                wrong.extend(bic.err());
                wrong.extend(currency.err());
                wrong.extend(source.err());
                wrong.extend(evidence.err());
                Err(wrong)
            }
        }
    }

    /// The values as they come back, all of them, to the one who typed them just now: the answer is kept nowhere.
    fn again(self) -> AccountForm {
        AccountForm {
            holder: self.holder,
            iban: self.iban,
            bic: self.bic,
            currency: self.currency,
            evidence: self.evidence,
        }
    }
}

fn new_page(
    by: &SignedIn,
    vendor: &Vendor,
    form: AccountForm,
    (source, trouble): (&str, Option<String>),
    errors: FormErrors,
) -> Response {
    let mut page = by.page(AccountNewPage::TITLE);
    page.notice = trouble.map(|text| Notice {
        tone: Tone::Bad,
        text,
    });
    let sources = SOURCES
        .into_iter()
        .map(|(value, label)| Choice::new(value, page.t(label), source))
        .collect();
    html(&AccountNewPage {
        vendor_id: vendor.id.to_string(),
        vendor: vendor.name.clone(),
        form,
        sources,
        errors,
        chain: chain(&page, 0),
        page,
    })
}

pub(super) async fn show_new(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    by.access.require(Permission::BankAccountsEnter)?;
    let vendor = actions::find_vendor(&app, &by.access, vendor_id(&id)?).await?;
    let form = AccountForm {
        holder: vendor.name.chars().take(70).collect(),
        currency: "EUR".to_owned(),
        ..AccountForm::default()
    };
    Ok(new_page(
        &by,
        &vendor,
        form,
        ("letter", None),
        FormErrors::default(),
    ))
}

pub(super) async fn enter(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(typed): Checked<Typed>,
) -> Result<Response, Problem> {
    let vendor = vendor_id(&id)?;
    let new = match typed.account() {
        Ok(new) => new,
        Err(wrong) => {
            let row = actions::find_vendor(&app, &by.access, vendor).await?;
            let mut errors = FormErrors::default();
            for error in wrong {
                let problem = Problem::from(error);
                errors.0.extend(problem_at_field(&problem, by.locale)?.0);
            }
            let source = typed.source.clone();
            let page = new_page(&by, &row, typed.again(), (&source, None), errors);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    match actions::enter_account(&app, &by.access, vendor, new).await {
        Ok(entered) => {
            let mut to = format!("/vendors/{vendor}");
            // Its page says who turned this IBAN away before, and why.
            if !entered.closed_before.is_empty() {
                to = format!("{to}/accounts/{}", entered.account);
            }
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            // A vendor that was closed in the meantime takes no account: that is told beside what was typed.
            let problem = Problem::from(error);
            let closed =
                (problem.status == StatusCode::CONFLICT).then(|| message(&problem, by.locale));
            let errors = match closed {
                Some(_) => FormErrors::default(),
                None => problem_at_field(&problem, by.locale)?,
            };
            let row = actions::find_vendor(&app, &by.access, vendor).await?;
            let source = typed.source.clone();
            let page = new_page(&by, &row, typed.again(), (&source, closed), errors);
            Ok((problem.status, page).into_response())
        }
    }
}

pub(super) fn account_facts(page: &Page, account: &AccountView) -> Vec<Fact> {
    let source = account.steps.first().map(|step| step.note.clone());
    let entered = page.t2(
        "vendors-by",
        "person",
        account.entered_by.as_str(),
        "time",
        page.time(account.entered.0),
    );
    let state = account_label(page, account.status);
    let mut facts: Vec<Fact> = [
        (msg!("vendors-holder"), Some(account.holder.clone())),
        (msg!("vendors-iban"), Some(account.masked.clone())),
        (msg!("vendors-bic"), account.bic.clone()),
        (msg!("vendors-currency"), Some(account.currency.clone())),
        (msg!("vendors-account-state"), Some(state)),
        (msg!("vendors-evidence"), source),
        (msg!("vendors-chain-entered"), Some(entered)),
    ]
    .into_iter()
    .map(|(label, value)| Fact::new(page.t(label), value, None))
    .collect();
    let explained = account_explained(page, account);
    if !explained.is_empty() {
        facts[4].remark = Some(explained);
    }
    facts
}

/// An account by the name under which it is asked for in full.
pub(super) fn in_full(account: AccountId) -> String {
    format!("vendor-iban:{account}")
}

async fn account_page(
    app: &App,
    by: &SignedIn,
    (vendor, account): (VendorId, AccountId),
    errors: FormErrors,
) -> Result<Response, Problem> {
    let view = actions::view_vendor(app, &by.access, vendor).await?;
    let account = view
        .accounts
        .iter()
        .find(|found| found.id == account)
        .ok_or_else(Problem::not_found)?;
    let mut page = by.page(AccountVerifyPage::TITLE);
    page.title.clone_from(&account.masked);
    let mut events: Vec<_> = account
        .steps
        .iter()
        .map(|step| step_event(&page, &account.masked, step))
        .collect();
    events.reverse();
    Ok(html(&AccountPage {
        vendor_id: vendor.to_string(),
        vendor: view.vendor.name.clone(),
        account_id: account.id.to_string(),
        warnings: warnings(&page, account),
        facts: account_facts(&page, account),
        in_full: in_full(account.id),
        seen: format!("/vendors/{vendor}/accounts/{}/seen", account.id),
        can_reject: account.can_reject,
        events,
        errors,
        page,
    }))
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(path): Path<(String, String)>,
) -> Result<Response, Problem> {
    account_page(&app, &by, ids(path)?, FormErrors::default()).await
}

#[derive(Debug, Deserialize)]
pub(super) struct RejectForm {
    #[serde(default)]
    comment: String,
}

pub(super) async fn reject(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(path): Path<(String, String)>,
    Checked(form): Checked<RejectForm>,
) -> Result<Response, Problem> {
    let place = ids(path)?;
    match actions::reject_account(&app, &by.access, place, &form.comment).await {
        Ok(()) => Ok(Redirect::to(&format!("/vendors/{}", place.0)).into_response()),
        Err(error) => {
            let errors = field_error(&by.page(AccountVerifyPage::TITLE), error)?;
            let page = account_page(&app, &by, place, errors).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}
