//! Another human confirms a stream, or somebody refuses it.

use std::sync::Arc;

use super::propose::{is_there, may_still_ask};
use super::{ShownSecret, StreamError, entry, may_decide, tell};
use crate::assurance::streams::StreamId;
use crate::assurance::streams::rules::webhook::Secret;
use crate::assurance::streams::rules::{Begins, Kind, State};
use crate::assurance::streams::store::{self, Stream};
use crate::identity::access::Access;
use crate::identity::humans;
use crate::identity::notices::News;
use crate::identity::powers::Verdict;
use crate::platform::app::App;
use crate::platform::keys::OrgKeys;
use crate::platform::store::journal::read;
use crate::platform::store::{Reads, StoreError, Tx};

/// Confirms or refuses a stream that waits; of several who try at once, one succeeds. Whoever asked may refuse. What confirming makes is
/// given back: a webhook's secret, to be shown once.
///
/// # Errors
/// Where the human is the one who asked, or it does not wait any more.
pub async fn decide(
    app: &App,
    who: &Access,
    id: StreamId,
    verdict: Verdict,
) -> Result<Option<ShownSecret>, StreamError> {
    may_decide(who)?;
    if verdict == Verdict::Confirm {
        who.require_fresh()?;
    }
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let stream = store::authentic(tx, id)?;
            if stream.state != State::Proposed {
                return Err(StreamError::NotOpen);
            }
            if tx.now() >= stream.expires {
                return Err(StreamError::Late);
            }
            let secret = match verdict {
                Verdict::Refuse => {
                    store::decide(tx, &stream, State::Refused)?;
                    told(tx, "stream.refused", &stream)?;
                    None
                }
                Verdict::Confirm => {
                    is_another(tx, &by, &stream)?;
                    let secret = confirm(tx, &keys, &stream)?;
                    let by = (by.person(), Some(by.human()));
                    tell(tx, (News::StreamConfirmed, id), by)?;
                    secret
                }
            };
            let shown = secret.map(|secret| ShownSecret {
                stream: id,
                name: stream.name.clone(),
                secret,
            });
            Ok(tx.done(shown)?)
        })
        .await
}

/// Refuses one human who does what two have to, and what somebody asked for who could not ask any more.
fn is_another(tx: &mut Tx<'_>, by: &Access, stream: &Stream) -> Result<(), StreamError> {
    if humans::load(tx)?.are_one(by.human(), stream.proposed_human) {
        return Err(StreamError::SameHuman);
    }
    if !may_still_ask(tx, stream)? {
        return Err(StreamError::ProposerGone);
    }
    Ok(())
}

fn told(tx: &mut Tx<'_>, action: &'static str, stream: &Stream) -> Result<(), StoreError> {
    let asked_by = stream.proposed_by;
    tx.journal(
        entry(action, stream)
            .version(stream.version + 1)
            .fact("asked-by", asked_by),
    )
}

fn confirm(
    tx: &mut Tx<'_>,
    keys: &Arc<OrgKeys>,
    stream: &Stream,
) -> Result<Option<Secret>, StreamError> {
    let begins = match stream.replaces {
        Some(former) => Some(takes_over(tx, former)?),
        None => None,
    };
    let begins = match begins {
        Some(begins) => begins,
        None => beginning(tx, stream.begins)?,
    };
    store::decide(tx, stream, State::Active)?;
    let secret = match stream.kind {
        Kind::Webhook => Some(store::make(tx, keys, stream.id)?),
        Kind::Syslog => None,
    };
    store::begin(tx, stream.id, begins)?;
    told(tx, "stream.confirmed", stream)?;
    Ok(secret)
}

fn beginning(reads: &mut impl Reads, begins: Begins) -> Result<(i64, i64), StoreError> {
    let head = read::head(reads)?;
    let (epoch, size) = head.map_or((1, 0), |head| (head.epoch, head.size));
    Ok(match begins {
        Begins::First => (epoch, 0),
        Begins::Now => (epoch, size),
    })
}

/// Ends the former stream; gives from where the new one goes on.
fn takes_over(tx: &mut Tx<'_>, former: StreamId) -> Result<(i64, i64), StreamError> {
    let stream = is_there(tx, former)?;
    let position = store::position(tx, former)?.ok_or(StoreError::Missing)?;
    store::moved(tx, &stream, (State::Replaced, None))?;
    store::halt(tx, former)?;
    tx.journal(entry("stream.replaced", &stream).version(stream.version + 1))?;
    Ok((position.epoch, position.safe))
}
