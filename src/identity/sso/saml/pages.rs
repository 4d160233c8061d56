//! The addresses that browsers and identity providers open.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::actions::{self, Heard, Posted, Sent};
use crate::identity::credential::ShownToken;
use crate::identity::sessions::Visitor;
use crate::identity::sign_in::pages::into;
use crate::identity::sso::pages::{bound, field, parsed, speaking};
use crate::identity::sso::rules::{ProtocolKind, Reason};
use crate::identity::sso::views::{SendPage, SendValues};
use crate::identity::sso::{Confirmed, Wanted, refused_page};
use crate::identity::throttles;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::render::html;
use crate::platform::web::{FormTarget, Problem};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sso/{connection}/metadata", get(metadata))
        .route("/sso/{connection}/acs", post(acs))
        .route("/sso/{connection}/logout", get(logout).post(posted_logout))
}

/// Sends somebody there who wants to sign in: by a redirect, or by a form where the identity provider takes nothing else.
pub(in crate::identity::sso) async fn sent(
    app: &App,
    confirmed: &Confirmed,
    wanted: Wanted<'_>,
    visitor: &Visitor,
) -> Result<Response, Problem> {
    let sent = actions::start(app, confirmed, wanted, &visitor.request).await?;
    Ok(match sent {
        Sent::To(address) => Redirect::to(&address).into_response(),
        Sent::Form {
            action,
            request,
            state,
        } => {
            let mut page = html(&SendPage {
                page: visitor.page(SendPage::TITLE),
                name: confirmed.connection.name.clone(),
                action: action.to_string(),
                values: SendValues {
                    request,
                    state: state.expose().to_string(),
                },
            })
            .into_response();
            page.extensions_mut().insert(FormTarget::of(&action));
            page
        }
    })
}

async fn metadata(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let confirmed = speaking(&app, &id, ProtocolKind::Saml).await?;
    let found = actions::own_metadata(&app, &confirmed, visitor.request.id).await?;
    let document = found.ok_or_else(Problem::not_found)?;
    let kind = HeaderValue::from_static("application/samlmetadata+xml");
    Ok(([(header::CONTENT_TYPE, kind)], document).into_response())
}

/// The assertion consumer service. The form comes from the identity provider's page: it bears no token of ours, and only the
/// one cookie comes with it that is made for this.
async fn acs(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let confirmed = speaking(&app, &id, ProtocolKind::Saml).await?;
    let form = parsed(&headers, &body)?;
    let response = field(&form, "SAMLResponse");
    let response = response.ok_or_else(|| Problem::invalid(msg!("error-form-unreadable")))?;
    let state = field(&form, "RelayState");
    let posted = Posted {
        response: &response,
        state: state.and_then(|state| ShownToken::parse(&state)),
        bound: bound(&headers),
    };
    let taken = actions::consume(&app, &confirmed, posted, &visitor.request).await?;
    Ok(match taken {
        Ok(arrived) => into(&arrived.through, &arrived.next),
        Err(reason) => refused_page(&visitor, reason),
    })
}

async fn logout(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let confirmed = speaking(&app, &id, ProtocolKind::Saml).await?;
    let query = query.unwrap_or_default();
    let form: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let heard = Heard::Query(&query);
    heard_of(
        &app,
        &confirmed,
        (heard, field(&form, "RelayState")),
        &visitor,
    )
    .await
}

async fn posted_logout(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let confirmed = speaking(&app, &id, ProtocolKind::Saml).await?;
    let form = parsed(&headers, &body)?;
    let message = field(&form, "SAMLRequest").or_else(|| field(&form, "SAMLResponse"));
    let message = message.unwrap_or_default();
    let heard = Heard::Form(&message);
    heard_of(
        &app,
        &confirmed,
        (heard, field(&form, "RelayState")),
        &visitor,
    )
    .await
}

async fn heard_of(
    app: &App,
    confirmed: &Confirmed,
    (heard, relay): (Heard<'_>, Option<String>),
    visitor: &Visitor,
) -> Result<Response, Problem> {
    let prefix = visitor.request.address_prefix();
    let throttle = [throttles::Key::address(&prefix, throttles::ADDRESS)];
    if !throttles::attempt(app, &throttle).await? {
        return Ok(refused_page(visitor, Reason::NotAccepted));
    }
    // SAML bindings, 3.4.3: no more than 80 bytes of it are carried.
    let relay = relay.filter(|relay| relay.len() <= 80);
    let heard = (heard, relay.as_deref());
    let answer = actions::hear(app, confirmed, heard, visitor.request.id).await?;
    // What does not count is a stranger's, and counts as an attempt.
    if answer.counted {
        throttles::forgive(app, &throttle).await?;
    }
    Ok(match answer.to {
        Some(address) => Redirect::to(&address).into_response(),
        None => Redirect::to("/sign-in").into_response(),
    })
}
