//! Taking a response: verified, asked for in this browser, used once, and then somebody arrives.

use countersign_saml::Policy;
use countersign_saml::bindings::decode_post;
use countersign_saml::keys::OpeningKey;
use countersign_saml::metadata::IdentityProvider;
use countersign_saml::response::{
    Check, CheckId, Expected, Refused as NotAccepted, Status, Verified, Verifier,
};
use jiff::Timestamp;

use super::keys::Own;
use super::start::{Detail, now};
use super::{SamlError, keys, metadata, saml};
use crate::identity::credential::ShownToken;
use crate::identity::devices::{self, Known, Room};
use crate::identity::factors::Through;
use crate::identity::sso::rules::{Reason, Saml};
use crate::identity::sso::saml::rules::{acs, arrival, entity_id};
use crate::identity::sso::{
    ArriveError, Away, Confirmed, Errand, Refused, answered, arrive, is_first_use, refused,
};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::web::request::RequestInfo;

/// Somebody who arrived, and where she wanted to go.
#[derive(Debug)]
pub(in crate::identity::sso::saml) struct Arrived {
    pub through: Through,
    pub next: String,
}

/// What came with the form.
#[derive(Debug)]
pub(in crate::identity::sso::saml) struct Posted<'a> {
    pub response: &'a str,
    /// The state, if it could be one of ours.
    pub state: Option<ShownToken>,
    /// The browser's name, if it has the cookie.
    pub bound: Option<String>,
}

/// Lets somebody in by a response, or says why not; a refusal is noted for the administrator.
pub(in crate::identity::sso::saml) async fn consume(
    app: &App,
    confirmed: &Confirmed,
    posted: Posted<'_>,
    request: &RequestInfo,
) -> Result<Result<Arrived, Reason>, SamlError> {
    let detail = asked_for(app, confirmed, &posted).await?;
    let away = detail.as_ref().map(|detail| &detail.away);
    let known = away.and_then(Away::known);
    // A network that floods us finds nothing out, and makes nothing grow.
    let Some(room) = devices::admit(app, known, request).await? else {
        return Ok(Err(Reason::NotAccepted));
    };
    let sent = away.map(Away::room);
    match taken(app, confirmed, (posted, detail, room), request).await {
        Ok(arrived) => {
            // Being sent away was counted as well, and an office comes from one network.
            for room in std::iter::once(room).chain(sent) {
                room.forgive(app, request).await?;
            }
            Ok(Ok(arrived))
        }
        Err(Stopped::For(why)) => {
            let reason = why.reason;
            refused(app, confirmed, why, request).await?;
            Ok(Err(reason))
        }
        Err(Stopped::By(error)) => Err(error),
    }
}

/// Why nobody arrived.
enum Stopped {
    For(Refused<Check>),
    By(SamlError),
}

impl From<SamlError> for Stopped {
    fn from(error: SamlError) -> Self {
        Self::By(error)
    }
}

impl From<crate::platform::store::StoreError> for Stopped {
    fn from(error: crate::platform::store::StoreError) -> Self {
        Self::By(error.into())
    }
}

fn for_reason(reason: Reason, checks: Vec<Check>) -> Stopped {
    Stopped::For(Refused { reason, checks })
}

async fn taken(
    app: &App,
    confirmed: &Confirmed,
    (posted, detail, room): (Posted<'_>, Option<Detail>, Room),
    request: &RequestInfo,
) -> Result<Arrived, Stopped> {
    let Some(saml) = saml(confirmed) else {
        return Err(for_reason(Reason::NotAccepted, Vec::new()));
    };
    if detail.is_none() && !saml.unsolicited {
        return Err(for_reason(Reason::NotAsked, Vec::new()));
    }
    let idp = metadata::identity_provider(app, confirmed, request.id).await?;
    let own = keys::own(app, confirmed, request.id).await?;
    let xml = decode_post(posted.response).map_err(|error| {
        let said = format!("The response cannot be read: {error}.");
        let unreadable = Check {
            id: CheckId::Xml,
            status: Status::Failed,
            said,
        };
        for_reason(Reason::NotAccepted, vec![unreadable])
    })?;
    let mut verified = verify(app, confirmed, (&idp, &own), &xml, detail.as_ref());
    if verified.as_ref().is_err_and(is_for_another_key)
        && let Some(idp) = metadata::renewed(app, confirmed, request.id).await?
    {
        verified = verify(app, confirmed, (&idp, &own), &xml, detail.as_ref());
    }
    let verified = verified.map_err(|not| for_reason(Reason::NotAccepted, not.checks))?;
    let until = Micros(verified.remember_until.as_microsecond());
    let name = format!("assertion {}", verified.identity.assertion_id);
    if !is_first_use(app, confirmed, &name, until).await? {
        return Err(for_reason(Reason::SeenBefore, verified.checks));
    }
    let away = detail.map(|detail| detail.away);
    let errand = away.as_ref().map(|away| away.errand).unwrap_or_default();
    let from = (away.as_ref().and_then(Away::known), room, errand);
    let through = enter(app, confirmed, saml, (&verified, from), request).await;
    through
        .map(|through| Arrived {
            through,
            next: away.map(|away| away.next).unwrap_or_default(),
        })
        .map_err(|error| match error {
            ArriveError::Refused(reason) => for_reason(reason, verified.checks),
            other => Stopped::By(other.into()),
        })
}

/// Whether metadata of this moment might say otherwise: a key that is not known, or metadata that is over.
fn is_for_another_key(not: &NotAccepted) -> bool {
    matches!(
        not.check,
        CheckId::Metadata | CheckId::ResponseSignature | CheckId::AssertionSignature
    )
}

/// What this browser was sent to ask. The state alone is not enough: it stands in the form, which whoever made the response
/// could have filled.
async fn asked_for(
    app: &App,
    confirmed: &Confirmed,
    posted: &Posted<'_>,
) -> Result<Option<Detail>, SamlError> {
    let (Some(state), Some(bound)) = (&posted.state, &posted.bound) else {
        return Ok(None);
    };
    let detail = answered(app, confirmed, state, bound).await?;
    Ok(detail.and_then(|detail| serde_json::from_str(&detail).ok()))
}

fn verify(
    app: &App,
    confirmed: &Confirmed,
    (idp, own): (&IdentityProvider, &[Own]),
    xml: &[u8],
    detail: Option<&Detail>,
) -> Result<Verified, NotAccepted> {
    let expected = match detail {
        Some(detail) => Expected::Request(&detail.request),
        None => Expected::Unsolicited,
    };
    let (sp_entity, acs) = (entity_id(app, confirmed.id), acs(app, confirmed.id));
    let find = |key: Option<OpeningKey<'_>>| {
        let verifier = Verifier {
            idp,
            sp_entity: &sp_entity,
            acs: &acs,
            key,
            policy: Policy::SIGN_IN,
        };
        verifier.verify(xml, expected, now(app))
    };
    keys::with_each(own, find, |not| not.check == CheckId::Encryption)
}

async fn enter(
    app: &App,
    confirmed: &Confirmed,
    saml: &Saml,
    (verified, from): (&Verified, (Option<Known>, Room, Errand)),
    request: &RequestInfo,
) -> Result<Through, ArriveError> {
    let mapping = &confirmed.connection.mapping;
    let arrival = arrival(&verified.identity, (saml.name_id, mapping));
    let mut arrival = arrival.map_err(ArriveError::Refused)?;
    let moment = |at: Timestamp| Micros(at.as_microsecond());
    arrival.signed_in = verified.authn_instant.map(moment);
    arrival.not_after = verified.session_not_on_or_after.map(moment);
    arrive(app, confirmed, arrival, from, request).await
}
