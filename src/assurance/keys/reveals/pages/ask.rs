//! The form that asks for values.

use std::sync::Arc;

use axum::extract::{Query, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::super::actions::{self, Asked, RevealError, Wanted};
use super::super::rules::{Named, Purpose};
use super::super::views::{NewRevealPage, VendorsToRevealPage};
use super::{shown, words};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::platform::app::App;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::{html, message};
use crate::platform::web::view::{Choice, FormErrors};

/// What is asked for, as it stands in the address and in the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AskForm {
    value: Vec<String>,
    vendor: Vec<String>,
    purpose: String,
    reason: String,
}

impl AskForm {
    fn of_query(query: &str) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "value" => form.value.push(value.into_owned()),
                "vendor" => form.vendor.push(value.into_owned()),
                _ => {}
            }
        }
        form
    }

    /// What names nothing that can be shown is not there.
    fn wanted(&self) -> Result<Wanted, RevealError> {
        let values = self.value.iter().map(|text| Named::parse(text));
        let vendors = self.vendor.iter().map(|text| text.parse().ok());
        Ok(Wanted {
            values: values.collect::<Option<_>>().ok_or(RevealError::Missing)?,
            vendors: vendors.collect::<Option<_>>().ok_or(RevealError::Missing)?,
            purpose: Purpose::parse(&self.purpose),
            reason: self.reason.clone(),
        })
    }
}

async fn page(
    app: &App,
    by: &SignedIn,
    form: AskForm,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let (masked, is_for_two) = actions::choosable(app, &by.access, form.wanted()?).await?;
    let page = by.page(NewRevealPage::TITLE);
    let purposes = Purpose::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), words::purpose(&page, *one), &form.purpose));
    Ok(html(&NewRevealPage {
        values: masked.iter().map(|one| words::value(&page, one)).collect(),
        is_for_two,
        purposes: purposes.collect(),
        reason: form.reason,
        errors,
        page,
    }))
}

pub(super) async fn show(
    State(app): State<Arc<App>>,
    by: SignedIn,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    by.access.require(Permission::SecretsReveal)?;
    let form = AskForm::of_query(&query.unwrap_or_default());
    if form.value.is_empty() && form.vendor.is_empty() {
        return Ok(Redirect::to("/reveals/vendors").into_response());
    }
    page(&app, &by, form, FormErrors::default()).await
}

/// The answer to this one post holds the value, or leads to the request that waits.
pub(super) async fn ask(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Checked(form): Checked<AskForm>,
) -> Result<Response, Problem> {
    let problem = match actions::ask(&app, &by.access, form.wanted()?).await {
        Ok(Asked::Shown(shown)) => return Ok(shown::page(&by, &shown)),
        Ok(Asked::Waits(id)) => {
            return Ok(Redirect::to(&format!("/reveals/{id}")).into_response());
        }
        Err(error @ (RevealError::Purpose | RevealError::Reason)) => Problem::from(error),
        Err(other) => return Err(other.into()),
    };
    let mut errors = FormErrors::default();
    errors.add(
        problem.field.unwrap_or("reason"),
        message(&problem, by.locale),
    );
    let page = page(&app, &by, form, errors).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct From {
    from: String,
}

/// Vendors to tick, so that all their accounts are asked for at once.
pub(super) async fn vendors(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Query(asked): Query<From>,
) -> Result<Response, Problem> {
    let vendors = actions::vendors(&app, &by.access, &asked.from).await?;
    let page = by.page(VendorsToRevealPage::TITLE);
    let choice = |vendor: super::super::store::values::Vendor| {
        let accounts = page.t1("reveals-accounts", "count", vendor.accounts);
        let label = format!("{}, {accounts}", vendor.name);
        Choice::new(vendor.id.to_string(), label, "")
    };
    Ok(html(&VendorsToRevealPage {
        vendors: vendors.into_iter().map(choice).collect(),
        from: asked.from,
        page,
    }))
}
