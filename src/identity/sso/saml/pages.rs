//! The addresses that browsers and identity providers open.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use super::actions::{self, Heard, Posted, Sent};
use crate::identity::credential::ShownToken;
use crate::identity::devices::{self, Presented};
use crate::identity::sessions::Visitor;
use crate::identity::sign_in::pages::{checked_next, into};
use crate::identity::sso::rules::{ProtocolKind, Reason};
use crate::identity::sso::views::{SendPage, SendValues};
use crate::identity::sso::{Confirmed, connection, refused_page};
use crate::identity::throttles;
use crate::msg;
use crate::platform::app::App;
use crate::platform::web::csrf::Binding;
use crate::platform::web::render::html;
use crate::platform::web::{FormTarget, Problem, cookies};

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sso/{connection}/start", get(start))
        .route("/sso/{connection}/metadata", get(metadata))
        .route("/sso/{connection}/acs", post(acs))
        .route("/sso/{connection}/logout", get(logout).post(posted_logout))
}

/// A connection in force that speaks SAML.
async fn confirmed(app: &App, id: &str) -> Result<Confirmed, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let found = connection(app, id).await?;
    found
        .filter(|found| found.connection.kind() == ProtocolKind::Saml)
        .ok_or_else(Problem::not_found)
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Next {
    next: String,
}

/// The browser's cookie for what it is sent to ask, and the name by which it is known again.
fn bound(headers: &HeaderMap) -> Option<(String, String)> {
    let value = cookies::get(headers, cookies::SSO)?;
    let binding = Binding::from_cookie(value)?;
    Some((value.to_owned(), binding.name()))
}

fn fresh(app: &App) -> (String, String) {
    let mut bytes = [0u8; 32];
    app.entropy().fill(&mut bytes);
    let value = URL_SAFE_NO_PAD.encode(bytes);
    let name = Binding::from_cookie(&value).map(|binding| binding.name());
    (value, name.unwrap_or_default())
}

async fn start(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Presented(device): Presented,
    Path(id): Path<String>,
    Query(query): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let confirmed = confirmed(&app, &id).await?;
    let prefix = visitor.request.address_prefix();
    let throttle = [throttles::Key::address(&prefix, throttles::ADDRESS)];
    if !throttles::attempt(&app, &throttle).await? {
        let status = axum::http::StatusCode::TOO_MANY_REQUESTS;
        return Err(Problem::new(status, msg!("error-too-many")));
    }
    let known = devices::find(&app, device.as_ref()).await?;
    let (value, name) = bound(&headers).unwrap_or_else(|| fresh(&app));
    let wanted = (checked_next(&query.next), known);
    let sent = actions::start(&app, &confirmed, &name, wanted, &visitor.request).await?;
    let mut response = match sent {
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
    };
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::across_sites(cookies::SSO, &value),
    );
    Ok(response)
}

async fn metadata(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let confirmed = confirmed(&app, &id).await?;
    let found = actions::own_metadata(&app, &confirmed, visitor.request.id).await?;
    let document = found.ok_or_else(Problem::not_found)?;
    let kind = HeaderValue::from_static("application/samlmetadata+xml");
    Ok(([(header::CONTENT_TYPE, kind)], document).into_response())
}

/// One field of another site's form. A name that comes twice is none.
fn field(form: &[(String, String)], name: &str) -> Option<String> {
    let mut found = form.iter().filter(|(of, _)| of == name);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Some(value.clone()),
        _ => None,
    }
}

fn parsed(headers: &HeaderMap, body: &Bytes) -> Result<Vec<(String, String)>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Problem::invalid(msg!("error-form-unreadable")));
    }
    Ok(url::form_urlencoded::parse(body).into_owned().collect())
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
    let confirmed = confirmed(&app, &id).await?;
    let form = parsed(&headers, &body)?;
    let response = field(&form, "SAMLResponse");
    let response = response.ok_or_else(|| Problem::invalid(msg!("error-form-unreadable")))?;
    let state = field(&form, "RelayState");
    let posted = Posted {
        response: &response,
        state: state.and_then(|state| ShownToken::parse(&state)),
        bound: bound(&headers).map(|(_, name)| name),
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
    let confirmed = confirmed(&app, &id).await?;
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
    let confirmed = confirmed(&app, &id).await?;
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
    throttles::forgive(app, &throttle).await?;
    Ok(match answer {
        Some(address) => Redirect::to(&address).into_response(),
        None => Redirect::to("/sign-in").into_response(),
    })
}
