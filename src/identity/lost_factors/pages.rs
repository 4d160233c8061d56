//! The page behind the link that begins another factor.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::actions::{self, Beside, Lost, LostFactorError};
use super::views::NewFactorPage;
use crate::identity::passwords::Password;
use crate::identity::powers;
use crate::identity::sessions::{SignedIn, Visitor, page_of, with_cookie};
use crate::identity::sso::ConnectionId;
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::PersonId;
use crate::platform::web::Problem;
use crate::platform::web::form::Checked;
use crate::platform::web::render::html;
use crate::platform::web::view::{Choice, FormErrors};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/people/{id}/reset-factor", post(propose))
        .route("/new-factor/{token}", get(show).post(begin))
}

#[derive(Debug, Deserialize)]
struct Nothing {}

async fn propose(
    State(app): State<Arc<App>>,
    by: SignedIn,
    Path(id): Path<String>,
    Checked(_): Checked<Nothing>,
) -> Result<Redirect, Problem> {
    let id: PersonId = id.parse().map_err(|_| Problem::not_found())?;
    powers::propose_reset(&app, &by.access, id).await?;
    Ok(Redirect::to(&format!("/people/{id}")))
}

fn page(visitor: &Visitor, token: String, lost: &Lost, errors: FormErrors) -> Response {
    let mut page = visitor.page(NewFactorPage::TITLE);
    page.organisation = Some(lost.organisation.clone());
    let known_by: &[(ConnectionId, String)] = match &lost.beside {
        Beside::Password => &[],
        Beside::Connection(connections) => connections,
    };
    let choice = |(id, name): &(ConnectionId, String)| Choice::new(id.to_string(), name, "");
    html(&NewFactorPage {
        token,
        email: lost.person.email.clone(),
        connections: known_by.iter().map(choice).collect(),
        errors,
        page,
    })
}

async fn show(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let lost = actions::open(&app, &token).await?;
    let view = page(&visitor, token, &lost, FormErrors::default());
    Ok(visitor.answer(view))
}

#[derive(Debug, Deserialize)]
struct PasswordForm {
    password: Password,
}

async fn begin(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(token): Path<String>,
    Checked(form): Checked<PasswordForm>,
) -> Result<Response, Problem> {
    let lost = actions::open(&app, &token).await?;
    match actions::set_up_anew(&app, &lost, form.password, &visitor.request).await {
        Ok(opened) => Ok(with_cookie(
            Redirect::to(page_of(opened.stage)),
            &opened.token,
        )),
        Err(LostFactorError::Password) => {
            let mut errors = FormErrors::default();
            let text = visitor
                .page(NewFactorPage::TITLE)
                .t(msg!("people-new-factor-refused"));
            errors.add("password", text);
            let view = page(&visitor, token, &lost, errors);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, view).into_response())
        }
        Err(other) => Err(other.into()),
    }
}
