//! Asking that a subject's key be destroyed, deciding on it, and the receipt.

use serde::Serialize;

use super::DisposalRequestId;
use super::rules::{OPEN_US, REASON_MAX, Refusal, State, is_open, may_confirm};
use super::store::{self, New, Request};
use crate::identity::access::{Access, Denied, Permission};
use crate::identity::powers::Verdict;
use crate::identity::{humans, people};
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::keys::KeyError;
use crate::platform::keys::disposals::{self, Disposable, Disposal, Standing, scrub};
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{BodyError, Entry, Read, StoreError, Tx};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum DisposalError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such subject or request")]
    Missing,
    #[error("the key is needed: {0}")]
    Needed(&'static str),
    #[error("the key was destroyed before")]
    Gone,
    #[error("the same is asked for already")]
    Asked,
    #[error("the reason is missing or too long")]
    Reason,
    #[error("the request was decided on before")]
    NotOpen,
    #[error("the request was not confirmed in time")]
    Late,
    #[error("whoever asked does not confirm: another human has to")]
    SameHuman,
    #[error(transparent)]
    Key(KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for DisposalError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<Refusal> for DisposalError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotOpen => Self::NotOpen,
            Refusal::Late => Self::Late,
            Refusal::SameHuman => Self::SameHuman,
        }
    }
}

impl From<KeyError> for DisposalError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => Self::Store(error),
            KeyError::Absent { .. } | KeyError::Destroyed { .. } => Self::Gone,
            other => Self::Key(other),
        }
    }
}

impl From<DisposalError> for Problem {
    fn from(error: DisposalError) -> Self {
        match error {
            DisposalError::Denied(denied) => denied.into(),
            DisposalError::Store(error) => error.into(),
            DisposalError::Key(error) => Self::internal(error),
            DisposalError::Missing => Self::not_found(),
            DisposalError::Needed(message) => Self::conflict(message),
            DisposalError::Gone => Self::conflict(msg!("error-key-destroyed")),
            DisposalError::Asked => Self::conflict(msg!("error-disposal-asked")),
            DisposalError::Reason => Self::invalid(msg!("error-disposal-reason")).field("reason"),
            DisposalError::NotOpen => Self::conflict(msg!("error-disposal-decided")),
            DisposalError::Late => Self::conflict(msg!("error-disposal-late")),
            DisposalError::SameHuman => Self::conflict(msg!("error-disposal-same-human")),
        }
    }
}

/// A request with what it speaks of.
#[derive(Debug, Clone)]
pub struct Listed {
    pub request: Request,
    /// What the subject is called; none where it is gone.
    pub name: Option<String>,
    pub proposed_by: String,
    pub decided_by: Option<String>,
    /// The line of the ledger, once the key is destroyed.
    pub disposal: Option<Disposal>,
}

/// Those whose key can be destroyed, by kind.
#[derive(Debug, Clone)]
pub struct Candidates {
    pub of: Disposable,
    pub all: Vec<(String, String)>,
}

fn disposable(app: &App, kind: &str) -> Result<Disposable, DisposalError> {
    let found = app.disposables.iter().find(|one| one.kind == kind);
    found.copied().ok_or(DisposalError::Missing)
}

fn listed(
    read: &mut Read<'_>,
    kinds: &[Disposable],
    request: Request,
) -> Result<Listed, StoreError> {
    let of = kinds.iter().find(|one| one.kind == request.kind);
    let name = match of {
        Some(of) => of.name(read, &request.subject)?,
        None => None,
    };
    let decided_by = match request.decided_by {
        Some(by) => Some(people::find(read, by)?.name),
        None => None,
    };
    Ok(Listed {
        name,
        proposed_by: people::find(read, request.proposed_by)?.name,
        decided_by,
        disposal: disposals::of_subject(read, &request.subject)?,
        request,
    })
}

/// What was asked for, the newest first, and whose keys can be destroyed.
///
/// # Errors
/// Whoever may not edit settings is refused.
pub async fn list(
    app: &App,
    access: &Access,
) -> Result<(Vec<Listed>, Vec<Candidates>), DisposalError> {
    access.require(Permission::SettingsEdit)?;
    let kinds = app.disposables.clone();
    app.store
        .read(access.scope(), move |read| {
            let mut requests = Vec::new();
            for request in store::list(read)? {
                requests.push(listed(read, &kinds, request)?);
            }
            let mut candidates = Vec::new();
            for of in &kinds {
                candidates.push(Candidates {
                    of: *of,
                    all: of.candidates(read)?,
                });
            }
            Ok((requests, candidates))
        })
        .await
}

/// One request, and its receipt where it was done.
///
/// # Errors
/// `Missing` where there is none.
pub async fn find(
    app: &App,
    access: &Access,
    id: DisposalRequestId,
) -> Result<(Listed, Disposable), DisposalError> {
    access.require(Permission::SettingsEdit)?;
    let kinds = app.disposables.clone();
    let listed = app
        .store
        .read(access.scope(), move |read| {
            let request = match store::find(read, id) {
                Err(StoreError::Missing) => return Err(DisposalError::Missing),
                other => other?,
            };
            Ok(listed(read, &kinds, request)?)
        })
        .await?;
    let of = disposable(app, &listed.request.kind)?;
    Ok((listed, of))
}

/// Whether nothing needs the key; gives the subject's name.
fn is_free(tx: &mut Tx<'_>, of: &Disposable, subject: &str) -> Result<String, DisposalError> {
    if disposals::of_subject(tx, subject)?.is_some() {
        return Err(DisposalError::Gone);
    }
    match (of.standing)(tx, subject)? {
        Standing::Missing => Err(DisposalError::Missing),
        Standing::Needed(what) => Err(DisposalError::Needed(what)),
        Standing::Free(name) => Ok(name),
    }
}

/// Asks that a subject's key be destroyed.
///
/// # Errors
/// Where something needs it, it is gone, or the same is asked for.
pub async fn propose(
    app: &App,
    access: &Access,
    kind: &str,
    subject: &str,
    reason: &str,
) -> Result<DisposalRequestId, DisposalError> {
    access.require(Permission::SettingsEdit)?;
    access.require_fresh()?;
    let reason = reason.trim().to_owned();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        return Err(DisposalError::Reason);
    }
    let (of, subject, by) = (
        disposable(app, kind)?,
        subject.to_owned(),
        (access.person(), access.human()),
    );
    app.store
        .write(access.caller(), move |tx| {
            is_free(tx, &of, &subject)?;
            if store::is_asked(tx, &subject)? {
                return Err(DisposalError::Asked);
            }
            let new = New {
                id: tx.id(),
                kind: of.kind,
                subject: &subject,
                reason: &reason,
                by,
                expires: tx.now().plus_us(OPEN_US),
            };
            store::insert(tx, &new)?;
            let entry = Entry::new("key-disposal.proposed", "key-disposal-request", new.id)
                .fact("kind", of.kind)
                .fact("subject", &subject)
                .fact("reason", &reason);
            Ok(tx.commit(entry, new.id)?)
        })
        .await
}

/// Another human confirms, which destroys the key, or somebody refuses. Whoever asked may refuse.
///
/// # Errors
/// Where the human is the one who asked, it does not wait any more, or something has come to need the key.
pub async fn decide(
    app: &App,
    access: &Access,
    id: DisposalRequestId,
    verdict: Verdict,
) -> Result<(), DisposalError> {
    access.require(Permission::SettingsEdit)?;
    if verdict == Verdict::Confirm {
        access.require_fresh()?;
    }
    let (kinds, human) = (app.disposables.clone(), access.human());
    app.store
        .write(access.caller(), move |tx| {
            let request = match store::authentic(tx, id) {
                Err(StoreError::Missing) => return Err(DisposalError::Missing),
                other => other?,
            };
            is_open(&request, tx.now())?;
            let (state, action, destroys) = match verdict {
                Verdict::Confirm => {
                    may_confirm(&request, human, &humans::load(tx)?)?;
                    let of = kinds.iter().find(|one| one.kind == request.kind);
                    let of = of.ok_or(DisposalError::Missing)?;
                    is_free(tx, of, &request.subject)?;
                    (State::Confirmed, "key-disposal.confirmed", Some(of))
                }
                Verdict::Refuse => (State::Refused, "key-disposal.refused", None),
            };
            store::decide(tx, id, state)?;
            tx.journal(
                Entry::new(action, "key-disposal-request", id)
                    .version(request.version + 1)
                    .fact("subject", &request.subject),
            )?;
            if let Some(of) = destroys {
                disposals::destroy_subject(tx, of, &request.subject)?;
            }
            Ok(tx.done(())?)
        })
        .await?;
    if verdict == Verdict::Confirm {
        scrub::try_now(&app.store).await;
    }
    Ok(())
}

/// Destroys every key of an organisation, as the operator of the server.
///
/// # Errors
/// `Gone` where they are destroyed already.
pub async fn dispose_organisation(
    app: &App,
    organisation: OrgId,
) -> Result<Disposal, DisposalError> {
    let scope = Scope::of(organisation);
    let caller = app.caller(scope, CredentialKind::CommandLine, app.id());
    let disposal = app
        .store
        .write::<_, DisposalError, _>(caller, |tx| {
            if disposals::of_subject(tx, "")?.is_some() {
                return Err(DisposalError::Gone);
            }
            let disposal = disposals::destroy_organisation(tx)?;
            Ok(tx.done(disposal)?)
        })
        .await?;
    app.keys.forget(organisation);
    scrub::try_now(&app.store).await;
    Ok(disposal)
}

/// The receipt as a program reads it.
#[derive(Debug, Serialize)]
pub struct Receipt {
    pub request: String,
    pub state: &'static str,
    pub kind: String,
    pub subject: String,
    /// When the key was destroyed, RFC 3339.
    pub destroyed: Option<String>,
    /// When the last backup of the key store that may hold the key has expired, RFC 3339.
    pub complete: Option<String>,
    /// The columns that open no more.
    pub unreadable: &'static [&'static str],
    /// The fields of the subject's own entries that the journal shows no more.
    pub erased: &'static [&'static str],
    /// What stays.
    pub stays: Vec<Staying>,
}

/// Columns that stay, as `table.column`, and why.
#[derive(Debug, Serialize)]
pub struct Staying {
    pub why: String,
    pub columns: &'static [&'static str],
}

impl Receipt {
    /// In the words that `text` gives for a message.
    #[must_use]
    pub fn of(listed: &Listed, of: &Disposable, text: impl Fn(&str) -> String) -> Self {
        let moment = |at: Micros| at.timestamp().to_string();
        let disposal = listed.disposal.as_ref();
        Self {
            request: listed.request.id.to_string(),
            state: listed.request.state.as_str(),
            kind: listed.request.kind.clone(),
            subject: listed.request.subject.clone(),
            destroyed: disposal.map(|line| moment(line.destroyed)),
            complete: disposal.map(|line| moment(line.complete)),
            unreadable: of.destroys,
            erased: of.erases.fields,
            stays: of
                .stays
                .iter()
                .map(|stays| Staying {
                    why: text(stays.why),
                    columns: stays.columns,
                })
                .collect(),
        }
    }
}
