//! The way out: a browser is bound by a cookie of its own to what its identity provider is asked.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;

use crate::identity::devices::{self, Presented};
use crate::identity::lost_factors::{self, LostFactorError};
use crate::identity::sessions::{SignedIn, Visitor};
use crate::identity::sign_in::pages::checked_next;
use crate::identity::sso::rules::{Again, Errand, ProtocolKind};
use crate::identity::sso::{Confirmed, Wanted, connection, oidc, saml};
use crate::identity::throttles;
use crate::msg;
use crate::platform::app::App;
use crate::platform::ids::CredentialId;
use crate::platform::web::csrf::Binding;
use crate::platform::web::{Problem, cookies};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Next {
    next: String,
    /// The link to another factor, where its page sends somebody away.
    new_factor: String,
    /// `1`: whoever is signed in shows a factor there again.
    again: String,
}

fn cookie(headers: &HeaderMap) -> Option<(String, String)> {
    let value = cookies::get(headers, cookies::SSO)?;
    let binding = Binding::from_cookie(value)?;
    Some((value.to_owned(), binding.name()))
}

/// The name by which a browser is known again that was sent away.
pub(in crate::identity::sso) fn bound(headers: &HeaderMap) -> Option<String> {
    cookie(headers).map(|(_, name)| name)
}

fn fresh(app: &App) -> (String, String) {
    let mut bytes = [0u8; 32];
    app.entropy().fill(&mut bytes);
    let value = URL_SAFE_NO_PAD.encode(bytes);
    let name = Binding::from_cookie(&value).map(|binding| binding.name());
    (value, name.unwrap_or_default())
}

/// A connection in force that speaks this protocol, by the id in its address.
pub(in crate::identity::sso) async fn speaking(
    app: &App,
    id: &str,
    kind: ProtocolKind,
) -> Result<Confirmed, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let found = connection(app, id).await?;
    found
        .filter(|found| found.connection.kind() == kind)
        .ok_or_else(Problem::not_found)
}

fn too_many() -> Problem {
    Problem::new(StatusCode::TOO_MANY_REQUESTS, msg!("error-too-many"))
}

/// Refuses a network that has tried too often.
pub(in crate::identity::sso) async fn unhurried(
    app: &App,
    visitor: &Visitor,
) -> Result<throttles::Key, Problem> {
    let prefix = visitor.request.address_prefix();
    let throttle = throttles::Key::address(&prefix, throttles::ADDRESS);
    if throttles::attempt(app, std::slice::from_ref(&throttle)).await? {
        return Ok(throttle);
    }
    Err(too_many())
}

/// The link that whoever is sent away comes by: one that can still be used, of the connection's organisation. Whose it is, is asked
/// when she arrives.
async fn link_of(
    app: &App,
    token: &str,
    confirmed: &Confirmed,
) -> Result<Option<CredentialId>, Problem> {
    if token.is_empty() {
        return Ok(None);
    }
    let link = lost_factors::open(app, token).await?.link;
    if link.organisation != confirmed.organisation {
        return Err(LostFactorError::Link.into());
    }
    Ok(Some(link.id))
}

pub(super) async fn start(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    by: Result<SignedIn, Response>,
    Presented(device): Presented,
    Path(id): Path<String>,
    Query(query): Query<Next>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let confirmed = connection(&app, id).await?.ok_or_else(Problem::not_found)?;
    let known = devices::find(&app, device.as_ref()).await?;
    // Nobody of another organisation arrives by this connection.
    let known = known.filter(|known| known.organisation == confirmed.organisation);
    let room = devices::admit(&app, known, &visitor.request).await?;
    // Whose session is over by now signs in.
    let is_here = |by: &SignedIn| by.access.scope().organisation() == confirmed.organisation;
    let by = by.ok().filter(|by| query.again == "1" && is_here(by));
    let again = by.map(|by| Again {
        session: by.session,
        person: by.access.person(),
        asked_us: app.now().0,
    });
    let (value, name) = cookie(&headers).unwrap_or_else(|| fresh(&app));
    let wanted = Wanted {
        browser: &name,
        next: checked_next(&query.next),
        known,
        room: room.ok_or_else(too_many)?,
        errand: Errand {
            link: link_of(&app, &query.new_factor, &confirmed).await?,
            again,
        },
    };
    let mut response = match confirmed.connection.kind() {
        ProtocolKind::Saml => saml::pages::sent(&app, &confirmed, wanted, &visitor).await?,
        ProtocolKind::Oidc => oidc::pages::sent(&app, &confirmed, wanted, &visitor).await?,
    };
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::across_sites(cookies::SSO, &value),
    );
    Ok(response)
}

/// One field of another site's form. A name that comes twice is none.
pub(in crate::identity::sso) fn field(form: &[(String, String)], name: &str) -> Option<String> {
    let mut found = form.iter().filter(|(of, _)| of == name);
    match (found.next(), found.next()) {
        (Some((_, value)), None) => Some(value.clone()),
        _ => None,
    }
}

pub(in crate::identity::sso) fn parsed(
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<Vec<(String, String)>, Problem> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return Err(Problem::invalid(msg!("error-form-unreadable")));
    }
    Ok(url::form_urlencoded::parse(body).into_owned().collect())
}
