//! What somebody sees who signs in: the buttons, and a refusal.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;

use crate::identity::sessions::Visitor;
use crate::identity::sign_in::pages::checked_next;
use crate::identity::sso::actions;
use crate::identity::sso::rules::Reason;
use crate::identity::sso::views::{ChoosePage, RefusedPage};
use crate::msg;
use crate::platform::app::App;
use crate::platform::store::StoreError;
use crate::platform::web::Problem;
use crate::platform::web::render::html;
use crate::platform::web::view::{Choice, FormErrors};

/// What the sign-in page offers: a button for each connection of the one organisation. Where there are several, the page
/// asks which one first, and tells nothing of any before.
pub(in crate::identity) async fn offered(app: &App) -> Result<Vec<Choice>, StoreError> {
    Ok(choices(actions::buttons(app, None).await?))
}

fn choices(buttons: Vec<(crate::identity::sso::ConnectionId, String)>) -> Vec<Choice> {
    let buttons = buttons.into_iter();
    buttons
        .map(|(id, name)| Choice::new(id.to_string(), name, ""))
        .collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organisation: String,
    next: String,
}

pub(super) async fn choose(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let buttons = choices(actions::buttons(&app, Some(&asked.organisation)).await?);
    let page = visitor.page(ChoosePage::TITLE);
    let mut errors = FormErrors::default();
    if buttons.is_empty() && !asked.organisation.trim().is_empty() {
        errors.add("organisation", page.t(msg!("sso-choose-none")));
    }
    Ok(visitor.answer(html(&ChoosePage {
        organisation: asked.organisation,
        buttons,
        next: checked_next(&asked.next).to_owned(),
        errors,
        page,
    })))
}

/// A refusal: what to do, and the number by which an administrator finds the cause. Which cause it is stays with her.
#[must_use]
pub fn refused_page(visitor: &Visitor, reason: Reason) -> Response {
    let page = visitor.page(match reason {
        // She is signed in as before.
        Reason::NotShown => RefusedPage::TITLE_SHOWN,
        _ => RefusedPage::TITLE,
    });
    let text = match reason {
        // Nothing is wrong with her: she took too long, or went back.
        Reason::NotAsked | Reason::SeenBefore => msg!("sso-refused-again"),
        Reason::NotAccepted | Reason::Format | Reason::Altered => msg!("sso-refused-provider"),
        Reason::NoEmail
        | Reason::Domain
        | Reason::Unknown
        | Reason::Suspended
        | Reason::FactorsReset
        | Reason::LinkedElsewhere => msg!("sso-refused-account"),
        Reason::NotShown => msg!("sso-refused-shown"),
    };
    let view = RefusedPage {
        text: page.t(text),
        reference: visitor.request.id.to_string(),
        page,
    };
    // No cookie with it: where another site's form led here the browser kept its own back, and would take this one instead.
    (StatusCode::FORBIDDEN, html(&view)).into_response()
}
