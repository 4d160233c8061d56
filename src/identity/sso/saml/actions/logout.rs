//! Single logout, both ways.

use countersign_saml::Policy;
use countersign_saml::bindings::decode_post;
use countersign_saml::keys::OpeningKey;
use countersign_saml::logout::{
    LogoutError, LogoutMessage, LogoutRequest, LogoutResponse, LogoutVerifier,
};
use countersign_saml::metadata::{Binding, Endpoint, IdentityProvider};
use countersign_saml::request::message_id;

use super::keys::{self, Own};
use super::start::{now, secure};
use super::{SamlError, metadata};
use crate::identity::sso::actions::Left;
use crate::identity::sso::rules::Subject;
use crate::identity::sso::saml::rules::{entity_id, logout};
use crate::identity::sso::{Confirmed, end_sessions, is_first_use};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::RequestId;

/// As long as a message is remembered; it counts for a few minutes after it was made.
const REMEMBERED_US: i64 = Micros::HOUR;

/// A message as it came: by a query, or by a form.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity::sso::saml) enum Heard<'a> {
    Query(&'a str),
    Form(&'a str),
}

/// What became of a message.
#[derive(Debug, Default)]
pub(in crate::identity::sso::saml) struct Answered {
    /// Whether it counted, and for the first time.
    pub counted: bool,
    /// Where the answer is sent, if there is one.
    pub to: Option<String>,
}

/// Where the browser goes to end the identity provider's session as well; nowhere where it names no address for that.
pub(in crate::identity::sso) async fn onward(
    app: &App,
    left: &Left,
    request: RequestId,
) -> Result<Option<String>, SamlError> {
    let confirmed = &left.confirmed;
    let idp = metadata::identity_provider(app, confirmed, request).await?;
    let Some(endpoint) = redirect_endpoint(&idp) else {
        return Ok(None);
    };
    secure(&endpoint.location)?;
    let own = keys::own(app, confirmed, request).await?;
    let signer = own.first().ok_or(SamlError::OwnKey)?;
    let subject = left.subject.expose();
    let subject: Subject = serde_json::from_str(subject).map_err(|_| SamlError::OwnKey)?;
    let message = LogoutRequest {
        id: &new_id(app),
        at: now(app),
        destination: &endpoint.location,
        sp_entity: &entity_id(app, confirmed.id),
        name_id: &subject.value,
        format: subject.format.as_deref(),
        name_qualifier: subject.name_qualifier.as_deref(),
        sp_name_qualifier: subject.sp_name_qualifier.as_deref(),
        session_index: left.index.as_ref().map(|index| index.expose().as_str()),
    };
    Ok(Some(message.redirect(None, Some(&signer.key))))
}

fn redirect_endpoint(idp: &IdentityProvider) -> Option<&Endpoint> {
    let mut endpoints = idp.single_logout.iter();
    endpoints.find(|endpoint| endpoint.binding == Binding::Redirect)
}

fn new_id(app: &App) -> String {
    let mut random = [0; 20];
    app.entropy().fill(&mut random);
    message_id(random)
}

/// Takes a message of the identity provider's. A request ends the sessions that it names, once, and gives the address to which
/// the answer is sent; an answer to ours needs nothing more. A message that does not count ends nothing.
pub(in crate::identity::sso::saml) async fn hear(
    app: &App,
    confirmed: &Confirmed,
    (heard, relay): (Heard<'_>, Option<&str>),
    request: RequestId,
) -> Result<Answered, SamlError> {
    let mut idp = metadata::identity_provider(app, confirmed, request).await?;
    let own = keys::own(app, confirmed, request).await?;
    let mut found = verified(app, confirmed, (&idp, &own), heard);
    // It may be signed with a key that is newer than what is known.
    if matches!(found, Err(LogoutError::Signature(_)))
        && let Some(renewed) = metadata::renewed(app, confirmed, request).await?
    {
        idp = renewed;
        found = verified(app, confirmed, (&idp, &own), heard);
    }
    let Ok(message) = found else {
        tracing::info!(connection = %confirmed.id, "a logout message did not count");
        return Ok(Answered::default());
    };
    let until = app.now().plus_us(REMEMBERED_US);
    let (id, name_id, session_indexes) = match message {
        LogoutMessage::Request {
            id,
            name_id,
            session_indexes,
        } => (id, name_id, session_indexes),
        LogoutMessage::Response { in_response_to, .. } => {
            let name = format!("logout answer {in_response_to}");
            let counted = is_first_use(app, confirmed, &name, until).await?;
            return Ok(Answered { counted, to: None });
        }
    };
    let counted = is_first_use(app, confirmed, &format!("logout {id}"), until).await?;
    if counted {
        let indexes: Vec<Option<&str>> = match session_indexes.as_slice() {
            [] => vec![None],
            some => some.iter().map(|index| Some(index.as_str())).collect(),
        };
        for index in indexes {
            end_sessions(app, confirmed, (Some(&name_id), index), request).await?;
        }
    }
    let Some(endpoint) = redirect_endpoint(&idp) else {
        return Ok(Answered { counted, to: None });
    };
    let to = endpoint.response_location.as_ref();
    let to = to.unwrap_or(&endpoint.location);
    secure(to)?;
    let signer = own.first().ok_or(SamlError::OwnKey)?;
    let answer = LogoutResponse {
        id: &new_id(app),
        at: now(app),
        destination: to,
        sp_entity: &entity_id(app, confirmed.id),
        in_response_to: &id,
    };
    let to = answer.redirect(relay, Some(&signer.key));
    Ok(Answered {
        counted,
        to: Some(to),
    })
}

fn verified(
    app: &App,
    confirmed: &Confirmed,
    (idp, own): (&IdentityProvider, &[Own]),
    heard: Heard<'_>,
) -> Result<LogoutMessage, LogoutError> {
    let here = logout(app, confirmed.id);
    let find = |key: Option<OpeningKey<'_>>| -> Result<LogoutMessage, LogoutError> {
        let verifier = LogoutVerifier {
            idp,
            here: &here,
            key,
            policy: Policy::SIGN_IN,
        };
        match heard {
            Heard::Query(query) => verifier.verify_redirect(query, now(app)),
            Heard::Form(value) => verifier.verify_post(&decode_post(value)?, now(app)),
        }
    };
    keys::with_each(own, find, |not| matches!(not, LogoutError::Encrypted(_)))
}
