//! Taking an answer: asked for in this browser, given by the confirmed issuer, exchanged, verified, and then somebody arrives.

use countersign_oidc::flow::{Answer, NoCode, Tokens};
use countersign_oidc::id_token::{self, Expected, Identity, Refused as NotAccepted};
use countersign_oidc::keys::KeySet;
use countersign_oidc::signed::Unsigned;

use super::exchange::exchange;
use super::provider::{self, Provided};
use super::start::Detail;
use super::{OidcError, oidc, seconds};
use crate::identity::credential::ShownToken;
use crate::identity::devices::{self, Room};
use crate::identity::factors::Through;
use crate::identity::sso::oidc::rules::{Check, Checks, arrival, derived};
use crate::identity::sso::rules::{Oidc, Reason};
use crate::identity::sso::{ArriveError, Confirmed, Refused, answered, arrive, refused};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::RequestId;
use crate::platform::scope::Scope;
use crate::platform::web::request::RequestInfo;

/// Somebody who arrived, and where she wanted to go.
#[derive(Debug)]
pub(in crate::identity::sso::oidc) struct Arrived {
    pub through: Through,
    pub next: String,
}

/// What came back through the browser.
#[derive(Clone, Copy)]
pub(in crate::identity::sso::oidc) struct Returned<'a> {
    pub query: &'a str,
    /// The browser's name, if it has the cookie.
    pub bound: Option<&'a str>,
}

/// Lets somebody in by an answer, or says why not; a refusal is noted for the administrator.
pub(in crate::identity::sso::oidc) async fn consume(
    app: &App,
    confirmed: &Confirmed,
    returned: Returned<'_>,
    request: &RequestInfo,
) -> Result<Result<Arrived, Reason>, OidcError> {
    let asked = asked_for(app, confirmed, returned).await?;
    let known = asked.as_ref().and_then(|(_, detail)| detail.away.known());
    // A network that floods us finds nothing out, and makes nothing grow.
    let Some(room) = devices::admit(app, known, request).await? else {
        return Ok(Err(Reason::NotAccepted));
    };
    let sent = asked.as_ref().map(|(_, detail)| detail.away.room());
    match taken(app, confirmed, (asked, room), request).await {
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

/// How long ago somebody was asked to sign in there again, if she was: her sign-in is no older.
fn since_asked_s(app: &App, detail: &Detail) -> Option<i64> {
    let again = detail.away.errand.again?;
    let since_us = app.now().since(Micros(again.asked_us));
    Some(since_us.div_euclid(Micros::SECOND))
}

/// Why nobody arrived.
enum Stopped {
    For(Refused<Check>),
    By(OidcError),
}

impl<E: Into<OidcError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::By(error.into())
    }
}

fn for_reason(reason: Reason, checks: Vec<Check>) -> Stopped {
    Stopped::For(Refused { reason, checks })
}

fn not_accepted(checks: Checks, id: &'static str, said: String) -> Stopped {
    for_reason(Reason::NotAccepted, checks.failed(id, said))
}

async fn taken(
    app: &App,
    confirmed: &Confirmed,
    (asked, room): (Option<(Answer, Detail)>, Room),
    request: &RequestInfo,
) -> Result<Arrived, Stopped> {
    let oidc = oidc(confirmed)?;
    let Some((answer, detail)) = asked else {
        return Err(for_reason(Reason::NotAsked, Vec::new()));
    };
    let mut checks = Checks::default();
    checks.ok("state", "This browser was sent to ask.");
    let provided = match provider::known(app, confirmed, request.id).await {
        Ok(provided) => provided,
        Err(OidcError::Provider(why)) => {
            return Err(not_accepted(checks, "discovery", why.told()));
        }
        Err(other) => return Err(other.into()),
    };
    let code = match answer.code_of(&provided.provider) {
        Ok(code) => code.to_owned(),
        Err(no) => return Err(not_accepted(checks, "answer", without_code(&no))),
    };
    checks.ok("answer", "It brings a code of the confirmed issuer.");
    let identity = identity(
        app,
        (confirmed, oidc),
        (&provided, &answer.state, &code),
        (&mut checks, request.id, since_asked_s(app, &detail)),
    )
    .await?;
    let identity = match identity {
        Ok(identity) => identity,
        Err((id, said)) => return Err(not_accepted(checks, id, said)),
    };
    let arrival = arrival(identity, &confirmed.connection.mapping, &mut checks);
    let from = (detail.away.known(), room, detail.away.errand);
    match arrive(app, confirmed, arrival, from, request).await {
        Ok(through) => Ok(Arrived {
            through,
            next: detail.away.next,
        }),
        Err(ArriveError::Refused(reason)) => Err(for_reason(reason, checks.into_list())),
        Err(other) => Err(other.into()),
    }
}

/// What this browser was sent to ask by the connection as it is now. The state alone is not enough: it stands in an address,
/// which anybody can make a browser open.
async fn asked_for(
    app: &App,
    confirmed: &Confirmed,
    returned: Returned<'_>,
) -> Result<Option<(Answer, Detail)>, OidcError> {
    let (Some(answer), Some(bound)) = (Answer::parse(returned.query), returned.bound) else {
        return Ok(None);
    };
    let Some(state) = ShownToken::parse(&answer.state) else {
        return Ok(None);
    };
    let detail = answered(app, confirmed, &state, bound).await?;
    let detail: Option<Detail> = detail.and_then(|detail| serde_json::from_str(&detail).ok());
    let setting = confirmed.setting.to_string();
    let of_now = detail.filter(|detail| detail.setting == setting);
    Ok(of_now.map(|detail| (answer, detail)))
}

fn without_code(no: &NoCode) -> String {
    let advice = match no {
        NoCode::Refused(word) => match word.as_str() {
            "access_denied" => " She did not agree, or is not assigned to this application there.",
            "login_required" | "interaction_required" | "consent_required" => {
                " It wanted to ask her something, and was not let."
            }
            "invalid_scope" => " Allow this client the scopes openid, profile and email.",
            "unauthorized_client" | "unsupported_response_type" => {
                " Allow this client the authorization code flow."
            }
            _ => " The provider's own log says more.",
        },
        NoCode::Issuer | NoCode::NoIssuer => {
            " Somebody may have mixed two providers up: the code was shown to nobody."
        }
        NoCode::Shape => "",
    };
    format!("The answer brings no code: {no}.{advice}")
}

/// What failed, and how it is told.
type Failed = (&'static str, String);

/// Who it is, by a token that came for this code. Where it names a key that is not known the keys are fetched again, if they
/// were not a moment ago.
async fn identity(
    app: &App,
    (confirmed, oidc): (&Confirmed, &Oidc),
    (provided, state, code): (&Provided, &str, &str),
    (checks, request, max_age_s): (&mut Checks, RequestId, Option<i64>),
) -> Result<Result<Identity, Failed>, OidcError> {
    let scope = Scope::of(confirmed.organisation);
    let keys = app.keys.organisation(&app.store, scope).await?;
    let derived = derived(&keys, confirmed.id, state);
    let secret = confirmed.secret(&keys)?;
    let secret = secret.as_ref().map(|secret| secret.expose().as_str());
    let pair = (code, derived.verifier.as_str());
    let tokens = match exchange(app, (confirmed, oidc), (&provided.provider, secret), pair).await {
        Ok(tokens) => tokens,
        Err(why) => return Ok(Err(("token-endpoint", why.to_string()))),
    };
    checks.ok("token-endpoint", "It exchanged the code.");
    let times = (seconds(app), max_age_s);
    let verify = |keys: &KeySet| verified(&tokens, keys, oidc, (&derived.nonce, times));
    let mut found = verify(&provided.keys);
    if matches!(found, Err(NotAccepted::Unsigned(Unsigned::NoKey)))
        && let Some(renewed) = provider::renewed(app, confirmed, request).await?
    {
        found = verify(&renewed.keys);
    }
    match found {
        Ok(identity) => {
            checks.ok("id-token", "Its signature and its claims count.");
            Ok(Ok(identity))
        }
        Err(why) => Ok(Err((
            "id-token",
            format!("The id token does not count: {why}."),
        ))),
    }
}

fn verified(
    tokens: &Tokens,
    keys: &KeySet,
    oidc: &Oidc,
    (nonce, (now_s, max_age_s)): (&str, (i64, Option<i64>)),
) -> Result<Identity, NotAccepted> {
    let expected = Expected {
        issuer: &oidc.issuer,
        client_id: &oidc.client_id,
        nonce,
        now_s,
        max_age_s,
        access_token: tokens.access_token.as_deref(),
    };
    id_token::verify(&tokens.id_token, keys, &expected)
}
