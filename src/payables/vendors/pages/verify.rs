//! Verifying a bank account after a call to its vendor.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::account::{account_facts, chain, ids};
use super::problem_at_field;
use super::words::{account_label, warnings};
use crate::identity::sessions::SignedIn;
use crate::payables::digests::{from_hex, to_hex};
use crate::payables::vendors::VendorError;
use crate::payables::vendors::actions::{self, AccountSight};
use crate::payables::vendors::rules::accounts::CallBack;
use crate::payables::vendors::views::{AccountVerifyPage, VerifyForm};
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{FormErrors, Notice, Tone};

fn verify_page(
    by: &SignedIn,
    sight: &AccountSight,
    (form, trouble): (VerifyForm, Option<String>),
    errors: FormErrors,
) -> Response {
    let mut page = by.page(AccountVerifyPage::TITLE);
    page.notice = trouble.map(|text| Notice {
        tone: Tone::Bad,
        text,
    });
    let blocked = if sight.is_own_entry {
        Some(page.t("vendors-error-same-human"))
    } else if sight.account.can_verify {
        None
    } else {
        let state = account_label(&page, sight.account.status);
        Some(page.t1("vendors-error-not-awaiting", "state", state))
    };
    html(&AccountVerifyPage {
        vendor_id: sight.vendor.id.to_string(),
        vendor: sight.vendor.name.clone(),
        account_id: sight.account.id.to_string(),
        digest: to_hex(&sight.digest),
        blocked,
        warnings: warnings(&page, &sight.account),
        // The last four characters are what the vendor is to read out: they are not shown here.
        facts: account_facts(&page, &sight.account)
            .into_iter()
            .filter(|fact| fact.label != page.t("vendors-iban"))
            .collect(),
        form,
        errors,
        chain: chain(&page, 1),
        page,
    })
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(path): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (vendor, account) = ids(path)?;
    let sight = actions::verification_sight(&app, &by.access, vendor, account).await?;
    Ok(verify_page(
        &by,
        &sight,
        (VerifyForm::default(), None),
        FormErrors::default(),
    ))
}

#[derive(Debug, Deserialize)]
pub(super) struct Verification {
    digest: String,
    #[serde(default)]
    last_four: String,
    #[serde(default)]
    spoke_with: String,
    #[serde(default)]
    number: String,
    #[serde(default)]
    number_known_from: String,
    #[serde(default)]
    comment: String,
    decision: String,
}

pub(super) async fn verify(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(path): Path<(String, String)>,
    Checked(typed): Checked<Verification>,
) -> Result<Response, Problem> {
    let (vendor, account) = ids(path)?;
    let done = if typed.decision == "reject" {
        actions::reject_account(&app, &by.access, (vendor, account), &typed.comment).await
    } else {
        let call = CallBack {
            last_four: typed.last_four.clone(),
            spoke_with: typed.spoke_with.clone(),
            number: typed.number.clone(),
            number_known_from: typed.number_known_from.clone(),
            comment: typed.comment.clone(),
        };
        let seen = from_hex(&typed.digest).ok_or(VendorError::Conflict)?;
        actions::verify_account(&app, &by.access, (vendor, account), seen, call)
            .await
            .map(drop)
    };
    match done {
        Ok(()) => Ok(Redirect::to(&format!("/vendors/{vendor}")).into_response()),
        Err(error) => {
            // What others did in the meantime is told beside the notes of the call, which are not to be lost.
            let problem = Problem::from(error);
            let trouble =
                (problem.status == StatusCode::CONFLICT).then(|| message(&problem, by.locale));
            let errors = match trouble {
                Some(_) => FormErrors::default(),
                None => problem_at_field(&problem, by.locale)?,
            };
            let sight = actions::verification_sight(&app, &by.access, vendor, account).await?;
            let form = VerifyForm {
                spoke_with: typed.spoke_with,
                number: typed.number,
                number_known_from: typed.number_known_from,
                comment: typed.comment,
            };
            let page = verify_page(&by, &sight, (form, trouble), errors);
            Ok((problem.status, page).into_response())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::words::account_badge;
    use super::*;
    use crate::platform::web::page::Page;

    #[test]
    fn badges_name_every_state() {
        let page = Page::signed_out(
            crate::platform::web::locale::Locale::En,
            AccountVerifyPage::TITLE,
            String::new(),
        );
        for status in crate::payables::vendors::rules::accounts::AccountStatus::ALL {
            assert!(!account_badge(&page, *status).text.is_empty());
        }
    }
}
