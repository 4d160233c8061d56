//! Asking for streams, deciding on them, changing and sending them.

mod change;
mod decide;
mod propose;
mod run;
mod send;

pub use change::{pause, remove, resume, rotate, test};
pub use decide::decide;
pub use propose::{Proposal, propose};
pub use run::Streaming;
pub use send::Node;

use super::StreamId;
use super::rules::webhook::Secret;
use super::rules::{Health, health};
use super::store::{self, Position, Stream};
use crate::identity::access::{Access, Denied, HumanId, Permission};
use crate::identity::notices::{self, News};
use crate::identity::{humans, people};
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::KeyError;
use crate::platform::store::journal::read;
use crate::platform::store::{BodyError, Entry, Reads, StoreError, Tx};
use crate::platform::web::Problem;

#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such stream")]
    Missing,
    #[error("the name is missing or too long")]
    Name,
    #[error("nothing can be sent to this address")]
    Address,
    #[error("entries are not streamed in this form")]
    Form,
    #[error("there are as many streams as an organisation may have")]
    Many,
    #[error("nobody else could confirm it")]
    NobodyConfirms,
    #[error("it was decided on before, or is not in a state for this")]
    NotOpen,
    #[error("it was not confirmed in time")]
    Late,
    #[error("whoever asked does not confirm: another human has to")]
    SameHuman,
    #[error("whoever asked may not change settings any more")]
    ProposerGone,
    #[error(transparent)]
    Key(KeyError),
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for StreamError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Missing => Self::Missing,
            other => Self::Store(other),
        }
    }
}

impl From<KeyError> for StreamError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => error.into(),
            other => Self::Key(other),
        }
    }
}

impl BodyError for StreamError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<StreamError> for Problem {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::Denied(denied) => denied.into(),
            StreamError::Missing => Self::not_found(),
            StreamError::Name => Self::invalid(msg!("error-stream-name")).field("name"),
            StreamError::Address => Self::invalid(msg!("error-stream-address")).field("address"),
            StreamError::Form => Self::invalid(msg!("error-stream-form")).field("format"),
            StreamError::Many => Self::conflict(msg!("error-stream-many")),
            StreamError::NobodyConfirms => Self::conflict(msg!("error-stream-nobody-confirms")),
            StreamError::NotOpen => Self::conflict(msg!("error-stream-not-open")),
            StreamError::Late => Self::conflict(msg!("error-stream-late")),
            StreamError::SameHuman => Self::conflict(msg!("error-stream-same-human")),
            StreamError::ProposerGone => Self::conflict(msg!("error-stream-proposer-gone")),
            StreamError::Key(error) => Self::internal(error),
            StreamError::Store(error) => error.into(),
        }
    }
}

/// A stream as people see it.
#[derive(Debug, Clone)]
pub struct Sight {
    pub stream: Stream,
    pub health: Health,
    /// None before it was confirmed.
    pub position: Option<Position>,
    /// How many entries wait to be sent.
    pub lag: i64,
    pub proposed_by: String,
    pub decided_by: Option<String>,
    /// What the stream is called in whose place it comes.
    pub replaces: Option<String>,
}

fn sights(reads: &mut impl Reads, now: Micros) -> Result<Vec<Sight>, StoreError> {
    let size = read::head(reads)?.map_or(0, |head| head.size);
    let (streams, positions) = (store::list(reads)?, store::all_positions(reads)?);
    let mut sights = Vec::new();
    for stream in &streams {
        let own = positions.iter().find(|one| one.stream == stream.id);
        let decided_by = stream.decided_by.map(|by| people::find(reads, by));
        let former = streams.iter().find(|one| Some(one.id) == stream.replaces);
        sights.push(Sight {
            health: health(stream, own, now),
            lag: own.map_or(0, |own| (size - own.next).max(0)),
            position: own.cloned(),
            proposed_by: people::find(reads, stream.proposed_by)?.name,
            decided_by: decided_by.transpose()?.map(|person| person.name),
            replaces: former.map(|former| former.name.clone()),
            stream: stream.clone(),
        });
    }
    Ok(sights)
}

/// The organisation's streams, the newest first.
///
/// # Errors
/// Whoever may not read the journal is refused.
pub async fn list(app: &App, who: &Access) -> Result<Vec<Sight>, StreamError> {
    who.require(Permission::JournalRead)?;
    let now = app.now();
    app.store
        .read(who.scope(), move |reads| Ok(sights(reads, now)?))
        .await
}

/// How many streams there are, and how many of them have been failing for long: what the page of trust says.
pub(in crate::assurance) fn standing(
    reads: &mut impl Reads,
    now: Micros,
) -> Result<(usize, usize), StoreError> {
    let positions = store::all_positions(reads)?;
    let mut streams = store::list(reads)?;
    streams.retain(|stream| stream.state == super::rules::State::Active);
    let is_failing = |stream: &&Stream| {
        let own = positions.iter().find(|one| one.stream == stream.id);
        health(stream, own, now) == Health::Failing
    };
    let failing = streams.iter().filter(is_failing).count();
    Ok((streams.len(), failing))
}

/// A stream's secret, to be shown once.
#[derive(Debug)]
pub struct ShownSecret {
    pub stream: StreamId,
    pub name: String,
    pub secret: Secret,
}

/// Whoever may change settings, and whoever looks after security, decides on streams and stops them.
pub(super) fn may_decide(who: &Access) -> Result<(), Denied> {
    match who.require(Permission::SecretsReveal) {
        Ok(()) => Ok(()),
        Err(_) => who.require(Permission::SettingsEdit),
    }
}

/// The accounts of those who decide.
fn deciders(reads: &mut impl Reads) -> Result<Vec<people::Person>, StoreError> {
    let mut people = people::accounts_with(reads, Permission::SettingsEdit)?;
    for person in people::accounts_with(reads, Permission::SecretsReveal)? {
        if !people.iter().any(|known| known.id == person.id) {
            people.push(person);
        }
    }
    Ok(people)
}

/// Mails those who decide, but for the human who did it.
fn tell(
    tx: &mut Tx<'_>,
    (news, stream): (News, StreamId),
    (by, human): (PersonId, Option<HumanId>),
) -> Result<(), StoreError> {
    let joined = humans::load(tx)?;
    let mut to = deciders(tx)?;
    to.retain(|person| human.is_none_or(|human| !joined.are_one(person.human, human)));
    let to: Vec<PersonId> = to.into_iter().map(|person| person.id).collect();
    notices::tell(tx, (news, stream.to_string()), by, &to)
}

/// What the journal says of a stream: where it goes and in which form.
fn entry(action: &'static str, stream: &Stream) -> Entry {
    Entry::new(action, "stream", stream.id)
        .version(stream.version)
        .fact("name", &stream.name)
        .fact("kind", stream.kind)
        .fact("address", &stream.address)
        .fact("format", stream.format)
}
