//! Proposing a policy, deciding on it, and what it says about passwords.

mod mail;
mod passwords;

pub use mail::{POLICY_MAIL, mail_policy};
pub use passwords::former;
pub(in crate::identity) use passwords::{keep_former, refusal};

use super::PolicyRequestId;
use super::rules::{Policy, Terms};
use super::store::{self, New, Request};
use crate::identity::access::{Access, Denied, Permission};
use crate::identity::humans;
use crate::identity::passkeys;
use crate::identity::people;
use crate::identity::powers::{self, State, Verdict};
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::scope::Scope;
use crate::platform::store::{BodyError, Entry, StoreError, Tx};
use crate::platform::web::Problem;

use self::mail::Event;

/// How long a request can be confirmed.
const OPEN_US: i64 = 7 * Micros::DAY;

#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("{0} cannot be asked")]
    Field(&'static str),
    #[error("this is in force already")]
    Same,
    #[error("there is no such request")]
    Missing,
    #[error("the request was decided on before, or not in time")]
    NotOpen,
    #[error("another policy has come into force since")]
    Overtaken,
    #[error("whoever proposed does not confirm: another human has to")]
    SameHuman,
    #[error("whoever proposed does not administer any more")]
    ProposerGone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for PolicyError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<PolicyError> for Problem {
    fn from(error: PolicyError) -> Self {
        match error {
            PolicyError::Denied(denied) => denied.into(),
            PolicyError::Store(error) => error.into(),
            PolicyError::Field(field) => Self::invalid(msg!("error-policy-field")).field(field),
            PolicyError::Same => Self::conflict(msg!("error-policy-same")),
            PolicyError::Missing => Self::not_found(),
            PolicyError::NotOpen => Self::conflict(msg!("error-power-decided")),
            PolicyError::Overtaken => Self::conflict(msg!("error-policy-overtaken")),
            PolicyError::SameHuman => Self::invalid(msg!("error-power-same-human")),
            PolicyError::ProposerGone => Self::conflict(msg!("error-power-proposer-gone")),
        }
    }
}

/// The policy of an organisation, for what happens outside of a transaction.
pub async fn of_organisation(app: &App, scope: Scope) -> Result<Policy, StoreError> {
    app.store.read(scope, |read| store::of(read)).await
}

/// A request that waits, with what it asks and the name of whoever proposed it.
#[derive(Debug, Clone)]
pub struct Waiting {
    pub request: Request,
    pub terms: Terms,
    pub proposed_by: String,
}

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Sight {
    pub policy: Policy,
    pub waiting: Vec<Waiting>,
}

/// The policy, and what waits to change it.
pub async fn view(app: &App, access: &Access) -> Result<Sight, PolicyError> {
    access.require(Permission::SettingsEdit)?;
    let now = app.now();
    app.store
        .read(access.scope(), move |read| {
            let mut waiting = Vec::new();
            for request in store::open(read, now)? {
                // One that was changed behind our back is shown to nobody: it can be confirmed by nobody.
                let Some(terms) = Terms::parse(&request.terms) else {
                    continue;
                };
                waiting.push(Waiting {
                    terms,
                    proposed_by: people::find(read, request.proposed_by)?.name,
                    request,
                });
            }
            Ok(Sight {
                policy: store::of(read)?,
                waiting,
            })
        })
        .await
}

/// Proposes a policy, or puts it in force at once where nobody else administers. Earlier requests end.
pub async fn propose(app: &App, access: &Access, terms: Terms) -> Result<(), PolicyError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let configured = app.sessions.into();
    if let Some(field) = terms.wrong_field(configured, passkeys::are_possible(app)) {
        return Err(PolicyError::Field(field));
    }
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let policy = store::of(tx)?;
            if policy.terms == terms {
                return Err(PolicyError::Same);
            }
            let now = tx.now();
            for earlier in store::open(tx, now)? {
                close(tx, &earlier, State::Replaced)?;
            }
            let is_alone = powers::is_alone(tx, &by)?;
            let new = New {
                id: tx.id(),
                terms: terms.text(),
                base_version: policy.version,
                state: if is_alone { State::Alone } else { State::Open },
                by: (by.person(), by.human()),
                expires: now.plus_us(OPEN_US),
            };
            store::insert(tx, &new)?;
            let action = if is_alone {
                "policy.set-alone"
            } else {
                "policy.proposed"
            };
            tx.journal(Entry::new(action, "policy-request", new.id).change(
                "terms",
                Some(policy.terms.text()),
                Some(&new.terms),
            ))?;
            if is_alone {
                put(tx, &policy, terms)?;
                let to = powers::with_role(tx)?;
                mail::queue(tx, (Event::SetAlone, terms), by.person(), &to)?;
            } else {
                let to = powers::accounts_of_administrators(tx)?;
                mail::queue(tx, (Event::Proposed, terms), by.person(), &to)?;
            }
            Ok(tx.done(())?)
        })
        .await
}

fn put(tx: &mut Tx<'_>, before: &Policy, terms: Terms) -> Result<(), StoreError> {
    let policy = before.changed_to(terms, tx.now());
    let id = store::put(tx, &policy)?;
    tx.journal(
        Entry::new("policy.set", "security-policy", id)
            .version(policy.version)
            .change("terms", Some(before.terms.text()), Some(terms.text())),
    )
}

fn close(tx: &mut Tx<'_>, request: &Request, state: State) -> Result<(), StoreError> {
    store::decide(tx, request.id, state)?;
    let action = match state {
        State::Confirmed => "policy.confirmed",
        State::Replaced => "policy.replaced",
        _ => "policy.refused",
    };
    tx.journal(
        Entry::new(action, "policy-request", request.id)
            .version(request.version + 1)
            .fact("terms", &request.terms)
            .fact("proposed-by", request.proposed_by),
    )
}

/// Confirms or refuses a request; of several who try at once, one succeeds. Whoever proposed it may refuse it.
pub async fn decide(
    app: &App,
    access: &Access,
    id: PolicyRequestId,
    verdict: Verdict,
) -> Result<(), PolicyError> {
    powers::may_decide(access, Permission::PeopleAdminister, verdict)?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let request = match store::authentic(tx, id) {
                Err(StoreError::Missing) => return Err(PolicyError::Missing),
                other => other?,
            };
            if request.state != State::Open || tx.now() >= request.expires {
                return Err(PolicyError::NotOpen);
            }
            let terms = Terms::parse(&request.terms).ok_or(PolicyError::Missing)?;
            let (event, state) = match verdict {
                Verdict::Confirm => (Event::Confirmed, State::Confirmed),
                Verdict::Refuse => (Event::Refused, State::Refused),
            };
            if verdict == Verdict::Confirm {
                confirm(tx, &by, &request, terms)?;
            }
            close(tx, &request, state)?;
            let to = powers::accounts_of_administrators(tx)?;
            mail::queue(tx, (event, terms), request.proposed_by, &to)?;
            Ok(tx.done(())?)
        })
        .await
}

fn confirm(
    tx: &mut Tx<'_>,
    by: &Access,
    request: &Request,
    terms: Terms,
) -> Result<(), PolicyError> {
    if humans::load(tx)?.are_one(by.human(), request.proposed_human) {
        return Err(PolicyError::SameHuman);
    }
    if !powers::administers(tx, (request.proposed_by, request.proposed_human))? {
        return Err(PolicyError::ProposerGone);
    }
    let policy = store::of(tx)?;
    if policy.version != request.base_version {
        return Err(PolicyError::Overtaken);
    }
    Ok(put(tx, &policy, terms)?)
}
