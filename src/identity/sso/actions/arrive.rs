//! Letting in somebody whom an identity provider vouches for: one way for every protocol.

mod person;
mod roles;

use std::sync::Arc;

use crate::identity::devices::{self, Known, Room};
use crate::identity::factors::{self, Through};
use crate::identity::forged::is_forged;
use crate::identity::links::{self, Kind};
use crate::identity::people::{self, Status};
use crate::identity::policy;
use crate::identity::sessions::{self, Stage};
use crate::identity::sso::rules::{About, Again, Arrival, Errand, Reason};
use crate::identity::sso::store::identities::{self, Through as Origin};
use crate::identity::sso::store::settings;
use crate::identity::sso::{Confirmed, SsoIdentityId};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::keys::fields::SSO_SESSION_INDEX;
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{BodyError, Entry, StoreError, Tx};
use crate::platform::web::request::RequestInfo;

#[derive(Debug, thiserror::Error)]
pub enum ArriveError {
    #[error("the arrival is refused: {0}")]
    Refused(Reason),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for ArriveError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            Self::Key(error) => error.store_error(),
            Self::Refused(_) => None,
        }
    }
}

/// Who somebody was found to be.
struct Found {
    person: PersonId,
    identity: SsoIdentityId,
    /// Whether her account was made or first used just now.
    is_new: bool,
}

/// Opens a session for somebody whom the identity provider of a confirmed connection vouches for. What the protocol had to
/// verify was verified before: the arrival is taken at its word, as far as the connection is believed. `room` is where the attempt
/// was counted. Whoever was asked to show a factor again goes on in this session, and the one before ends.
pub async fn arrive(
    app: &App,
    confirmed: &Confirmed,
    arrival: Arrival,
    (known, room, errand): (Option<Known>, Room, Errand),
    request: &RequestInfo,
) -> Result<Through, ArriveError> {
    let scope = Scope::of(confirmed.organisation);
    let keys = app.keys.organisation(&app.store, scope).await?;
    let caller = app.caller(scope, CredentialKind::Anonymous, request.id);
    let (confirmed, request) = (confirmed.clone(), request.clone());
    let done = app
        .store
        .write(caller, move |tx| {
            stands(tx, &confirmed)?;
            let found = person::of(tx, &keys, &confirmed, &arrival)?;
            if !room.lets_in(found.person) {
                return Err(ArriveError::Refused(Reason::NotAccepted));
            }
            roles::follow(tx, found.person, &confirmed, &arrival.groups)?;
            let vouched = is_vouched(tx, &confirmed, &arrival)?;
            answers(&arrival, found.person, (vouched, errand.again))?;
            let from = (known, errand, &request);
            let through = open(tx, &keys, (&confirmed, &arrival), (&found, vouched), from)?;
            if let Some(again) = errand.again {
                sessions::end(tx, again.session, "factor-shown")?;
            }
            Ok(tx.done(through)?)
        })
        .await;
    done.map_err(|error| match error {
        ArriveError::Store(error) if is_forged(&error) => ArriveError::Refused(Reason::Altered),
        other => other,
    })
}

/// What she owes whom nobody vouches for a factor of. After a reset only the link that was mailed to her begins another: that an
/// identity provider knows her is worth what a password is.
fn of_her_own(
    tx: &mut Tx<'_>,
    person: PersonId,
    link: Option<CredentialId>,
) -> Result<Stage, ArriveError> {
    let ways = factors::ways(tx, person)?;
    if ways.were_reset {
        return by_link(tx, person, link);
    }
    Ok(match ways.count() {
        0 => Stage::Enrolling,
        _ => Stage::Password,
    })
}

/// Uses up the link that she came by, if it is hers: the session that begins with it sets up another factor.
fn by_link(
    tx: &mut Tx<'_>,
    person: PersonId,
    link: Option<CredentialId>,
) -> Result<Stage, ArriveError> {
    let hers = links::open_of_person_and_kind(tx, person, Kind::NewFactor)?;
    let refused = ArriveError::Refused(Reason::FactorsReset);
    let Some(link) = link.filter(|link| hers.contains(link)) else {
        return Err(refused);
    };
    match links::spend(tx, link) {
        Ok(()) => Ok(Stage::Enrolling),
        // It is over.
        Err(StoreError::Missing | StoreError::Stale) => Err(refused),
        Err(other) => Err(other.into()),
    }
}

/// Whether the provider's word on a factor counts. Where passkeys alone do, nobody here saw which one it was: her own is asked for.
fn is_vouched(
    tx: &mut Tx<'_>,
    confirmed: &Confirmed,
    arrival: &Arrival,
) -> Result<bool, StoreError> {
    let is_believed = arrival.factor && confirmed.connection.trusts_factor;
    Ok(is_believed && !policy::of(tx)?.terms.passkeys_only)
}

/// Whoever was asked to show a factor there again has shown it, and is who was asked.
fn answers(
    arrival: &Arrival,
    person: PersonId,
    (vouched, again): (bool, Option<Again>),
) -> Result<(), ArriveError> {
    match again {
        Some(again) if !vouched || !again.is_answered(arrival, person) => {
            Err(ArriveError::Refused(Reason::NotShown))
        }
        _ => Ok(()),
    }
}

/// The connection that the protocol verified by is still the one in force.
fn stands(tx: &mut Tx<'_>, confirmed: &Confirmed) -> Result<(), ArriveError> {
    let active = settings::active(tx, About::Connection, &confirmed.id.to_string())?;
    match active.is_some_and(|setting| setting.id == confirmed.setting) {
        true => Ok(()),
        false => Err(ArriveError::Refused(Reason::NotAccepted)),
    }
}

fn open(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    (confirmed, arrival): (&Confirmed, &Arrival),
    (found, vouched): (&Found, bool),
    (known, errand, request): (Option<Known>, Errand, &RequestInfo),
) -> Result<Through, ArriveError> {
    let person = found.person;
    if people::find(tx, person)?.status != Status::Active {
        return Err(ArriveError::Refused(Reason::Suspended));
    }
    let (stage, factor_at) = if vouched {
        // Who is signed in there for hours has shown nothing now: the factor is as old as her sign-in, and where nothing is
        // said of that, it was not shown a moment ago.
        let asked = errand.again.map(|again| Micros(again.asked_us));
        let shown = arrival.signed_in.max(asked);
        (Stage::Full, shown.map(|at| at.min(tx.now())))
    } else {
        (of_her_own(tx, person, errand.link)?, None)
    };
    let until = (stage, arrival.not_after);
    let opened = sessions::open_until(tx, person, until, factor_at, request)?;
    if stage == Stage::Enrolling {
        let key = keys.subject(tx, person)?;
        factors::begin(tx, (person, opened.id), &key)?;
    }
    let hash = |index: &String| {
        keys.blind_index(SSO_SESSION_INDEX, &confirmed.own(index))
            .to_vec()
    };
    let own = keys.own(tx)?;
    let seal = |index: &String| {
        own.seal(
            SSO_SESSION_INDEX,
            *opened.id.as_bytes(),
            index,
            tx.entropy(),
        )
    };
    let origin = Origin {
        session: opened.id,
        connection: confirmed.id,
        identity: found.identity,
        index_hash: arrival.session_index.as_ref().map(hash),
        index: arrival.session_index.as_ref().map(seal),
    };
    identities::insert_session(tx, origin)?;
    tx.journal(
        Entry::new("sign-in.vouched-for", "sso-session", opened.id)
            .fact("person", person)
            .fact("connection", confirmed.id)
            .fact("factor", if vouched { "vouched-for" } else { "own" }),
    )?;
    // Before the second step nothing is remembered: the step does it.
    let device = match stage {
        Stage::Full => devices::remember(tx, person, known, (request, found.is_new))?,
        Stage::Password | Stage::Enrolling | Stage::Renewing => None,
    };
    Ok(Through { opened, device })
}
