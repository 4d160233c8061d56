//! What the API's handlers ask for.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use super::actions;
use super::rules::{ApiToken, parse_permissions};
use crate::identity::access::Access;
use crate::identity::people::Kind;
use crate::identity::standing;
use crate::platform::app::App;
use crate::platform::ids::CredentialId;
use crate::platform::scope::{Actor, Caller, CredentialKind, Scope};
use crate::platform::web::Problem;
use crate::platform::web::messages::Locale;
use crate::platform::web::request::RequestInfo;

/// Somebody who acts by an API token: `Authorization: Bearer csk_…` (RFC 6750, 2.1). Cookies are not looked at.
#[derive(Debug)]
pub struct Bearer {
    pub access: Access,
    pub token: CredentialId,
    pub locale: Locale,
    pub request: RequestInfo,
}

impl FromRequestParts<Arc<App>> for Bearer {
    type Rejection = Problem;

    /// Missing, unknown, expired, revoked and a suspended holder's tokens answer alike.
    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let request = RequestInfo::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        let token = shown(parts).ok_or_else(Problem::signed_out)?;
        let (found, holder, rights) = actions::standing(app, token.0.stored())
            .await?
            .ok_or_else(Problem::signed_out)?;
        let person = found.person;
        let scope = Scope::of(found.organisation);
        let caller = Caller {
            scope,
            actor: Actor {
                person: Some(person),
                on_behalf_of: None,
                credential: CredentialKind::Token,
                credential_id: Some(found.id),
                request: request.id,
            },
            // What she loses after this is found when something is written.
            judged_by: Some(standing::judged_by(&rights)),
            now: app.now(),
        };
        let limits = parse_permissions(&found.permissions);
        let setting = holder.locale.as_deref().and_then(Locale::from_tag);
        let access = Access::new(caller, person, holder.human, rights, Some(limits), None)
            .looking(parts.method.is_safe());
        Ok(Self {
            access: match holder.kind {
                Some(Kind::Service) => access.of_service(),
                None => access,
            },
            token: found.id,
            locale: setting.unwrap_or(request.locale),
            request,
        })
    }
}

fn shown(parts: &Parts) -> Option<ApiToken> {
    let value = parts.headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| ApiToken::parse(token.trim()))
        .flatten()
}
