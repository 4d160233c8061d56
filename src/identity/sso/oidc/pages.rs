//! The addresses that browsers and providers open.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};

use super::actions::{self, Returned};
use crate::identity::sessions::Visitor;
use crate::identity::sign_in::pages::into;
use crate::identity::sso::pages::{bound, field, parsed, speaking, unhurried};
use crate::identity::sso::rules::ProtocolKind;
use crate::identity::sso::{Confirmed, Wanted, refused_page};
use crate::identity::throttles;
use crate::platform::app::App;
use crate::platform::web::Problem;

pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/sso/{connection}/callback", get(callback))
        .route(
            "/sso/{connection}/backchannel-logout",
            post(backchannel_logout),
        )
}

/// Sends somebody there who wants to sign in.
pub(in crate::identity::sso) async fn sent(
    app: &App,
    confirmed: &Confirmed,
    wanted: Wanted<'_>,
    visitor: &Visitor,
) -> Result<Response, Problem> {
    let to = actions::start(app, confirmed, wanted, visitor.request.id).await?;
    Ok(Redirect::to(&to).into_response())
}

/// Where the provider sends the browser back with a code, or with the reason why there is none.
async fn callback(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let confirmed = speaking(&app, &id, ProtocolKind::Oidc).await?;
    let (query, bound) = (query.unwrap_or_default(), bound(&headers));
    let returned = Returned {
        query: &query,
        bound: bound.as_deref(),
    };
    let taken = actions::consume(&app, &confirmed, returned, &visitor.request).await?;
    Ok(match taken {
        Ok(arrived) => into(&arrived.through, &arrived.next),
        Err(reason) => refused_page(&visitor, reason),
    })
}

/// Where the provider itself says that somebody is not signed in there any more (OpenID Connect Back-Channel Logout, 2.5). It is
/// a program: no cookie comes with it, and no browser of another site's gets this far.
async fn backchannel_logout(
    State(app): State<Arc<App>>,
    visitor: Visitor,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let confirmed = speaking(&app, &id, ProtocolKind::Oidc).await?;
    let form = parsed(&headers, &body)?;
    let throttle = unhurried(&app, &visitor).await?;
    let token = field(&form, "logout_token").unwrap_or_default();
    let heard = actions::hear(&app, &confirmed, &token, visitor.request.id).await?;
    let status = match heard {
        Ok(()) => {
            throttles::forgive(&app, &[throttle]).await?;
            StatusCode::OK
        }
        Err(why) => {
            let cause = std::error::Error::source(&why).map(ToString::to_string);
            tracing::info!(connection = %confirmed.id, error = %why, cause, "a logout token ended nothing");
            StatusCode::BAD_REQUEST
        }
    };
    let kept_nowhere = [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((status, kept_nowhere).into_response())
}
