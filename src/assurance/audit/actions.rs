//! Reading, exporting and verifying the journal.

use std::time::Duration;

use super::rules::{Format, heading, part};
use super::store;
use crate::identity::access::{Access, Denied, Permission};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{EntryId, OrgId, PersonId};
use crate::platform::scope::{Caller, Scope};
use crate::platform::store::journal::read::{self, Filter, Head, Told};
use crate::platform::store::journal::witnessed::{self, Refusal};
use crate::platform::store::journal::{KnownHead, Verification, verify, verify_against};
use crate::platform::store::{BodyError, Entry, Read, Store, StoreError};
use crate::platform::web::Problem;

pub(super) const VERIFIED: &str = "journal.verified";
const EXPORTED: &str = "journal.exported";
/// Entries read in one statement of an export.
const PAGE: i64 = 1_000;

#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error(transparent)]
    Store(StoreError),
    #[error("there is no organisation {0:?}: `--org` takes the short name that is in its address")]
    UnknownOrganisation(String),
}

impl From<StoreError> for AuditError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl BodyError for AuditError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        match error {
            AuditError::Denied(denied) => denied.into(),
            AuditError::Store(error) => error.into(),
            AuditError::UnknownOrganisation(_) => Self::not_found(),
        }
    }
}

/// One page of the journal, with what its filters offer.
#[derive(Debug)]
pub struct Shown {
    pub head: Option<Head>,
    pub last_verification: Option<Told>,
    /// What a witness refused, where that means that the journal is not the one it saw.
    pub alarm: Option<Refusal>,
    pub people: Vec<(PersonId, String)>,
    pub actions: Vec<String>,
    /// The newest first.
    pub entries: Vec<Told>,
}

/// Entries before `before` that fit the filter, at most `limit`.
pub async fn list(
    store: &Store,
    who: &Access,
    filter: Filter,
    before: Option<EntryId>,
    limit: i64,
) -> Result<Shown, AuditError> {
    who.require(Permission::JournalRead)?;
    store
        .read(who.scope(), move |reads| {
            Ok(Shown {
                entries: read::entries(reads, &filter, before, limit)?,
                ..around(reads)?
            })
        })
        .await
}

/// Entries from a number on, in the order of their numbers, with the journal's epoch: what a program that follows the
/// journal asks again and again.
pub async fn follow(
    store: &Store,
    who: &Access,
    from: i64,
    limit: i64,
) -> Result<(i64, Vec<Told>), AuditError> {
    who.require(Permission::JournalRead)?;
    store
        .read(who.scope(), move |reads| {
            let epoch = read::head(reads)?.map_or(1, |head| head.epoch);
            Ok((epoch, read::onwards(reads, from, limit)?))
        })
        .await
}

/// The entry with a number, alone.
pub async fn one(store: &Store, who: &Access, number: i64) -> Result<Shown, AuditError> {
    who.require(Permission::JournalRead)?;
    store
        .read(who.scope(), move |reads| {
            let entry = read::by_number(reads, number)?.ok_or(StoreError::Missing)?;
            Ok(Shown {
                entries: vec![entry],
                ..around(reads)?
            })
        })
        .await
}

fn around(reads: &mut Read<'_>) -> Result<Shown, StoreError> {
    Ok(Shown {
        head: read::head(reads)?,
        last_verification: store::last_verification(reads)?,
        alarm: witnessed::alarm(reads)?,
        people: read::actors(reads)?,
        actions: read::actions(reads)?,
        entries: Vec::new(),
    })
}

/// An export that is being written, piece by piece: a journal of any size passes through one page's memory.
#[derive(Debug)]
pub struct Export {
    store: Store,
    scope: Scope,
    filter: Filter,
    format: Format,
    count: i64,
    stage: Stage,
}

#[derive(Debug)]
enum Stage {
    /// The first page was read where the count was made.
    First(Vec<Told>),
    Behind(EntryId),
    Done,
}

impl Export {
    /// How many entries it holds.
    #[must_use]
    pub const fn count(&self) -> i64 {
        self.count
    }

    /// Its next bytes; none at its end.
    ///
    /// # Errors
    /// Where the journal cannot be read.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, AuditError> {
        let (mut bytes, entries) = match std::mem::replace(&mut self.stage, Stage::Done) {
            Stage::First(entries) => (heading(self.format), entries),
            Stage::Behind(last) => {
                let filter = self.filter.clone();
                let page = self.store.read(self.scope, move |reads| {
                    read::entries(reads, &filter, Some(last), PAGE)
                });
                (Vec::new(), page.await?)
            }
            Stage::Done => return Ok(None),
        };
        if let Some(last) = entries.last().filter(|_| entries.len() >= PAGE as usize) {
            self.stage = Stage::Behind(last.id);
        }
        bytes.extend(part(&entries, self.scope.organisation(), self.format));
        Ok(Some(bytes))
    }
}

/// Begins an export for somebody who reads the journal: the entries that fit the filter, the newest first. That somebody
/// took them is itself an entry, which stands before the first byte leaves.
///
/// # Errors
/// [`AuditError`].
pub async fn take(
    store: &Store,
    who: &Access,
    filter: Filter,
    format: Format,
) -> Result<Export, AuditError> {
    who.require(Permission::JournalRead)?;
    begin(store, who.caller(), filter, format).await
}

/// Begins an export for whoever may act as `caller`: the operator's command line, after it found the organisation.
pub(super) async fn begin(
    store: &Store,
    caller: Caller,
    filter: Filter,
    format: Format,
) -> Result<Export, AuditError> {
    let wanted = filter.clone();
    let (count, first) = store
        .read::<_, StoreError, _>(caller.scope, move |reads| {
            let count = read::count(reads, &wanted)?;
            Ok((count, read::entries(reads, &wanted, None, PAGE)?))
        })
        .await?;
    let told = filter.clone();
    store
        .write::<_, AuditError, _>(caller, move |tx| {
            let organisation = tx.scope().organisation();
            Ok(tx.commit(exported(&told, organisation, count, format), ())?)
        })
        .await?;
    Ok(Export {
        store: store.clone(),
        scope: caller.scope,
        filter,
        format,
        count,
        stage: Stage::First(first),
    })
}

fn exported(filter: &Filter, organisation: OrgId, count: i64, format: Format) -> Entry {
    let moment = |moment: Option<Micros>| moment.map(|at| at.0.to_string()).unwrap_or_default();
    let (from, until) = (moment(filter.from), moment(filter.until));
    let mut entry = Entry::new(EXPORTED, "journal", organisation)
        .fact("count", count)
        .fact("format", format);
    for (name, value) in [
        ("person", &filter.actor),
        ("action", &filter.action),
        ("kind", &filter.object_kind),
        ("object", &filter.object_id),
        ("request", &filter.request),
        ("from-us", &from),
        ("until-us", &until),
    ] {
        if !value.is_empty() {
            entry = entry.fact(name, value);
        }
    }
    entry
}

/// How long somebody who verifies waits until the journal is told of keys: the most of what a request may take is left for verifying.
const TOLD: Duration = Duration::from_secs(10);

/// Verifies the organisation's journal now, or when it was told of keys. The outcome is an entry, which the page shows.
pub async fn verify_now(app: &App, who: &Access) -> Result<Verification, AuditError> {
    who.require(Permission::JournalRead)?;
    let organisation = who.scope().organisation();
    app.keys.told(Some(organisation), TOLD).await;
    let verification = verify(&app.store, who.scope(), who.caller().now).await?;
    let told = verification.clone();
    app.store
        .write::<_, AuditError, _>(who.caller(), move |tx| {
            let entry = verified(&told, tx.scope().organisation());
            Ok(tx.commit(entry, ())?)
        })
        .await?;
    Ok(verification)
}

/// The entry that says what a verification found. It names the first thing that does not hold.
pub(in crate::assurance) fn verified(told: &Verification, organisation: OrgId) -> Entry {
    let entry = Entry::new(VERIFIED, "journal", organisation)
        .fact("result", if told.bad.is_none() { "sound" } else { "bad" })
        .fact("epoch", told.epoch)
        .fact("size", told.size)
        .fact("root", &told.root)
        .fact("rows", told.rows_checked);
    match &told.bad {
        Some(bad) => entry.fact("reason", &bad.reason),
        None => entry,
    }
}

/// What the journal of one organisation proves, with the organisation's short name; the system's own has none.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Verified {
    pub slug: Option<String>,
    #[serde(flatten)]
    pub verification: Verification,
}

/// The organisation with a short name.
pub async fn organisation(store: &Store, slug: &str) -> Result<Option<OrgId>, StoreError> {
    let named = slug.to_owned();
    store
        .lookup(move |lookup| store::organisation(lookup, &named))
        .await
}

/// Verifies one organisation, or (`slug` is none) the system's journal and every organisation's. `known` are heads of the
/// one organisation that somebody kept elsewhere.
pub async fn verify_all(
    store: &Store,
    now: Micros,
    slug: Option<&str>,
    known: &[KnownHead],
) -> Result<Vec<Verified>, AuditError> {
    let wanted: Vec<(OrgId, Option<String>)> = match slug {
        Some(slug) => {
            let found = organisation(store, slug)
                .await?
                .ok_or_else(|| AuditError::UnknownOrganisation(slug.to_owned()))?;
            vec![(found, Some(slug.to_owned()))]
        }
        None => journals(store).await?,
    };
    let mut verified = Vec::with_capacity(wanted.len());
    for (organisation, slug) in wanted {
        verified.push(Verified {
            slug,
            verification: verify_against(store, Scope::of(organisation), now, known.to_vec())
                .await?,
        });
    }
    Ok(verified)
}

/// Every journal, with the short name of an organisation that has one.
///
/// # Errors
/// The store's.
pub async fn journals(store: &Store) -> Result<Vec<(OrgId, Option<String>)>, StoreError> {
    let (organisations, known) = store
        .lookup(|lookup| {
            Ok::<_, StoreError>((store::organisations(lookup)?, store::known(lookup)?))
        })
        .await?;
    Ok(everything(organisations, known))
}

/// The system's journal, the organisations', and those whose organisation's row is gone: its absence is found there.
fn everything(
    organisations: Vec<(OrgId, String)>,
    others: Vec<OrgId>,
) -> Vec<(OrgId, Option<String>)> {
    let mut wanted = vec![(OrgId::SYSTEM, None)];
    wanted.extend(organisations.into_iter().map(|(id, slug)| (id, Some(slug))));
    for id in others {
        if !wanted.iter().any(|(known, _)| *known == id) {
            wanted.push((id, None));
        }
    }
    wanted
}
