//! What handlers ask for: [`SignedIn`] for everything inside, [`AtStage`] for the steps in between, [`Visitor`] before.

mod renewed;

use std::fmt;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Redirect, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::tz::TimeZone;
use zeroize::Zeroizing;

use self::renewed::token_of;
use super::actions::{self, Held};
use super::rules::{Stage, needed};
use super::store::{Context, Found};
use crate::identity::access::{Access, Permission};
use crate::identity::credential::ShownToken;
use crate::identity::policy::Policy;
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::{Actor, Caller, CredentialKind, Scope};
use crate::platform::web::Problem;
use crate::platform::web::cookies;
use crate::platform::web::csrf::Binding;
use crate::platform::web::messages::Locale;
use crate::platform::web::nav::{NavItem, Section};
use crate::platform::web::page::{Page, PersonMark};
use crate::platform::web::render::Frames;
use crate::platform::web::request::RequestInfo;

pub use renewed::renews;

/// A session that stands, whatever its stage.
struct Standing {
    found: Found,
    context: Context,
    held: Held,
    policy: Policy,
    request: RequestInfo,
    now: Micros,
    csrf: String,
}

impl Standing {
    async fn of(parts: &mut Parts, app: &Arc<App>) -> Result<Option<Self>, Problem> {
        let request = RequestInfo::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        let Some(token) = token_of(parts) else {
            return Ok(None);
        };
        let standing = actions::standing(app, token.stored()).await?;
        let Some((found, context, held, policy)) = standing else {
            return Ok(None);
        };
        let mut standing = Self {
            found,
            context,
            held,
            policy,
            request,
            now: app.now(),
            csrf: String::new(),
        };
        standing.renew(parts, app).await?;
        let token = token_of(parts).unwrap_or(token);
        standing.csrf = Binding::from_cookie(&token.expose())
            .map(|binding| binding.token(app.entropy()))
            .unwrap_or_default();
        Ok(Some(standing))
    }

    fn caller(&self) -> Caller {
        Caller {
            scope: Scope::of(self.found.organisation),
            actor: Actor {
                person: Some(self.found.person),
                on_behalf_of: None,
                credential: CredentialKind::Session,
                credential_id: Some(self.found.id),
                request: self.request.id,
            },
            judged_by: None,
            now: self.now,
        }
    }

    fn locale(&self) -> Locale {
        let setting = self.context.locale.as_deref().and_then(Locale::from_tag);
        setting.unwrap_or(self.request.locale)
    }
}

/// Somebody who has shown everything they must show.
pub struct SignedIn {
    pub access: Access,
    pub session: CredentialId,
    pub name: String,
    pub email: String,
    pub organisation_name: String,
    /// By which people and commands name it.
    pub organisation_slug: String,
    pub zone: TimeZone,
    pub locale: Locale,
    pub request: RequestInfo,
    csrf: String,
    section: Option<Section>,
}

impl FromRequestParts<Arc<App>> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let standing = Standing::of(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let Some(standing) = standing else {
            return Err(to_sign_in(parts));
        };
        match standing.found.stage {
            Stage::Full => Ok(Self::from_standing(standing, parts)),
            stage => Err(Redirect::to(page_of(stage)).into_response()),
        }
    }
}

/// The frames of pages for whoever is signed in; for the pages of problems, whose handlers never came to ask.
#[must_use]
pub fn frames(app: Arc<App>) -> Frames {
    Arc::new(move |mut parts| {
        let app = Arc::clone(&app);
        Box::pin(async move {
            let by = SignedIn::from_request_parts(&mut parts, &app).await.ok()?;
            Some(by.page(msg!("errors-title-not-found")))
        })
    })
}

/// The page on which a session of this stage goes on.
#[must_use]
pub fn page_of(stage: Stage) -> &'static str {
    match stage {
        Stage::Password => "/sign-in/code",
        Stage::Enrolling => "/enrol",
        Stage::Renewing => "/sign-in/new-password",
        Stage::Full => "/",
    }
}

/// A reader comes back to the page she wanted; a form that was sent without a session is not sent again by itself.
fn to_sign_in(parts: &Parts) -> Response {
    let wanted = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    if !parts.method.is_safe() || wanted == "/" {
        return Redirect::to("/sign-in").into_response();
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("next", wanted)
        .finish();
    Redirect::to(&format!("/sign-in?{query}")).into_response()
}

impl SignedIn {
    fn from_standing(standing: Standing, parts: &Parts) -> Self {
        let caller = standing.caller();
        let locale = standing.locale();
        let Standing {
            found,
            context,
            held,
            policy,
            request,
            csrf,
            ..
        } = standing;
        let (rights, mandates) = held;
        Self {
            access: Access::new(
                caller,
                found.person,
                context.human,
                rights,
                None,
                found.factor_at,
            )
            .looking(parts.method.is_safe())
            .fresh_for(policy.fresh_us())
            .acting_for(mandates),
            session: found.id,
            name: context.name,
            email: context.email,
            organisation_name: context.organisation_name,
            organisation_slug: context.organisation_slug,
            zone: TimeZone::get(&context.time_zone).unwrap_or(TimeZone::UTC),
            locale,
            request,
            csrf,
            section: Section::of_path(parts.uri.path()),
        }
    }

    /// The frame of a page: title by its message's id, navigation by what this person may see.
    #[must_use]
    pub fn page(&self, title_id: &str) -> Page {
        let mut page = Page::signed_out(self.locale, title_id, self.csrf.clone());
        page.person = Some(PersonMark::new(&self.name, &self.email));
        page.organisation = Some(self.organisation_name.clone());
        page.nav = NavItem::all(self.section, &[])
            .into_iter()
            .filter(|item| {
                let needed = needed(item.section);
                let acts = item.section == Section::Approvals && self.access.decides();
                acts || needed.is_empty() || needed.iter().any(|one| self.access.may_anywhere(*one))
            })
            .collect();
        page.can_upload = self.access.may_anywhere(Permission::BillsEnter);
        page.can_reveal = self.access.may(Permission::SecretsReveal);
        page.zone = self.zone.clone();
        page
    }
}

/// A session on its way: the handler says at which stage it takes one.
pub struct AtStage {
    pub stage: Stage,
    pub session: CredentialId,
    pub person: PersonId,
    pub name: String,
    pub email: String,
    pub organisation_name: String,
    pub organisation_slug: String,
    pub caller: Caller,
    pub locale: Locale,
    pub request: RequestInfo,
    csrf: String,
}

impl AtStage {
    /// This session, if it is at `stage`; else the way to where it belongs.
    pub fn expect(self, stage: Stage) -> Result<Self, Redirect> {
        if self.stage == stage {
            Ok(self)
        } else {
            Err(Redirect::to(page_of(self.stage)))
        }
    }

    /// The frame of a page without navigation.
    #[must_use]
    pub fn page(&self, title_id: &str) -> Page {
        let mut page = Page::signed_out(self.locale, title_id, self.csrf.clone());
        page.organisation = Some(self.organisation_name.clone());
        page
    }
}

impl FromRequestParts<Arc<App>> for AtStage {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let standing = Standing::of(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        let standing = standing.ok_or_else(|| Redirect::to("/sign-in").into_response())?;
        Ok(Self {
            stage: standing.found.stage,
            session: standing.found.id,
            person: standing.found.person,
            caller: standing.caller(),
            locale: standing.locale(),
            name: standing.context.name,
            email: standing.context.email,
            organisation_name: standing.context.organisation_name,
            organisation_slug: standing.context.organisation_slug,
            request: standing.request,
            csrf: standing.csrf,
        })
    }
}

/// Somebody of whom nothing is known. The first page she sees sets the visit's cookie, which binds its forms to her browser.
pub struct Visitor {
    pub request: RequestInfo,
    csrf: String,
    fresh: Option<VisitSecret>,
}

/// The value of the visit's cookie, which binds the forms of a browser in which nobody has signed in.
struct VisitSecret(Zeroizing<String>);

/// Names, addresses and tokens are for the page, not for a log.
macro_rules! opaque {
    ($($name:ident),+) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )+};
}
opaque!(Standing, SignedIn, AtStage, Visitor, VisitSecret);

impl FromRequestParts<Arc<App>> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let request = RequestInfo::from_request_parts(parts, app)
            .await
            .unwrap_or_else(|never| match never {});
        if let Some(binding) = Binding::of(&parts.headers) {
            let csrf = binding.token(app.entropy());
            return Ok(Self {
                request,
                csrf,
                fresh: None,
            });
        }
        let mut bytes = [0u8; 32];
        app.entropy().fill(&mut bytes);
        let value = Zeroizing::new(URL_SAFE_NO_PAD.encode(bytes));
        let csrf = Binding::from_cookie(&value)
            .map(|binding| binding.token(app.entropy()))
            .unwrap_or_default();
        Ok(Self {
            request,
            csrf,
            fresh: Some(VisitSecret(value)),
        })
    }
}

impl Visitor {
    #[must_use]
    pub fn page(&self, title_id: &str) -> Page {
        Page::signed_out(self.request.locale, title_id, self.csrf.clone())
    }

    /// The answer, with the visit's cookie where the browser has none yet.
    #[must_use]
    pub fn answer(&self, body: impl IntoResponse) -> Response {
        let mut response = body.into_response();
        if let Some(VisitSecret(value)) = &self.fresh {
            response
                .headers_mut()
                .append(header::SET_COOKIE, cookies::set(cookies::VISIT, value));
        }
        response
    }
}

/// The answer, with the session's token in its cookie.
#[must_use]
pub fn with_cookie(body: impl IntoResponse, token: &ShownToken) -> Response {
    let mut response = body.into_response();
    response.headers_mut().append(
        header::SET_COOKIE,
        cookies::set(cookies::SESSION, &token.expose()),
    );
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::ids::{Id as _, RequestId};

    #[test]
    fn a_visitor_prints_neither_cookie_nor_token() {
        let visitor = Visitor {
            request: RequestInfo {
                id: RequestId::from_uuid(uuid::Uuid::nil()),
                address: std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
                device: "a browser".to_owned(),
                locale: Locale::En,
            },
            csrf: "the-token".to_owned(),
            fresh: Some(VisitSecret(Zeroizing::new("the-cookie".to_owned()))),
        };
        assert_eq!(format!("{visitor:?}"), "Visitor { .. }");
        assert_eq!(format!("{:?}", visitor.fresh), "Some(VisitSecret { .. })");
    }
}
