//! Asking for a stream.

use super::{StreamError, deciders, tell};
use crate::assurance::audit::rules::Format;
use crate::assurance::streams::StreamId;
use crate::assurance::streams::rules::{Begins, Destination, Kind, MOST, OPEN_US, State};
use crate::assurance::streams::store::{self, New};
use crate::identity::access::{Access, Permission};
use crate::identity::humans;
use crate::identity::notices::News;
use crate::identity::organisations::{NAME_CHARS, text};
use crate::platform::app::App;
use crate::platform::store::{StoreError, Tx};

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub name: String,
    pub kind: Kind,
    pub address: String,
    pub format: Format,
    pub begins: Begins,
    /// The stream in whose place it comes: it goes on where that one is.
    pub replaces: Option<StreamId>,
}

/// Asks for a stream. Nothing is sent before another human has confirmed it, however few administer.
///
/// # Errors
/// Where nothing can be sent there, or nobody else could confirm it.
pub async fn propose(app: &App, who: &Access, proposal: Proposal) -> Result<StreamId, StreamError> {
    who.require(Permission::SettingsEdit)?;
    who.require_fresh()?;
    let name = text(&proposal.name, NAME_CHARS).map_err(|_| StreamError::Name)?;
    let destination = Destination::parse(proposal.kind, &proposal.address);
    let address = destination.ok_or(StreamError::Address)?.address();
    if proposal.format == Format::Csv {
        return Err(StreamError::Form);
    }
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let now = tx.now();
            if store::standing(tx, now)? >= MOST {
                return Err(StreamError::Many);
            }
            if let Some(former) = proposal.replaces {
                is_there(tx, former)?;
            }
            somebody_else_confirms(tx, &by)?;
            let new = New {
                id: tx.id(),
                name: &name,
                kind: proposal.kind,
                address: &address,
                format: proposal.format,
                begins: proposal.begins,
                replaces: proposal.replaces,
                by: (by.person(), by.human()),
                expires: now.plus_us(OPEN_US),
            };
            store::insert(tx, &new)?;
            let stream = store::find(tx, new.id)?;
            let mut entry = super::entry("stream.proposed", &stream).fact("begins", new.begins);
            if let Some(former) = new.replaces {
                entry = entry.fact("replaces", former);
            }
            tx.journal(entry)?;
            let by = (by.person(), Some(by.human()));
            tell(tx, (News::StreamProposed, new.id), by)?;
            Ok(tx.done(new.id)?)
        })
        .await
}

/// What is replaced is sent to, or would be.
pub(super) fn is_there(tx: &mut Tx<'_>, id: StreamId) -> Result<store::Stream, StreamError> {
    let stream = store::authentic(tx, id)?;
    match stream.state {
        State::Active | State::Paused => Ok(stream),
        _ => Err(StreamError::NotOpen),
    }
}

fn somebody_else_confirms(tx: &mut Tx<'_>, by: &Access) -> Result<(), StreamError> {
    let joined = humans::load(tx)?;
    let others = deciders(tx)?;
    let mut others = others.iter();
    if others.any(|person| !joined.are_one(person.human, by.human())) {
        Ok(())
    } else {
        Err(StreamError::NobodyConfirms)
    }
}

/// Whether whoever asked may still ask.
pub(super) fn may_still_ask(tx: &mut Tx<'_>, stream: &store::Stream) -> Result<bool, StoreError> {
    let people = crate::identity::people::accounts_with(tx, Permission::SettingsEdit)?;
    Ok(people.iter().any(|person| person.id == stream.proposed_by))
}
