//! Pausing, resuming, removing and testing a stream, and replacing its secret.

use super::propose::is_there;
use super::{ShownSecret, StreamError, entry, may_decide, tell};
use crate::assurance::streams::StreamId;
use crate::assurance::streams::rules::{Kind, Reason, State};
use crate::assurance::streams::store::{self, Stream};
use crate::identity::access::Access;
use crate::identity::notices::News;
use crate::platform::app::App;
use crate::platform::store::Tx;

/// One is enough to stop what leaves the house.
///
/// # Errors
/// Where it is not sent to now.
pub async fn pause(app: &App, who: &Access, id: StreamId) -> Result<(), StreamError> {
    may_decide(who)?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let stream = is_in(tx, id, State::Active)?;
            moved(tx, &stream, (State::Paused, Some(Reason::Asked)))?;
            store::halt(tx, id)?;
            changed(tx, &by, id)?;
            Ok(tx.done(())?)
        })
        .await
}

/// Goes on where it was paused: to the place that two confirmed.
///
/// # Errors
/// Where it is not paused.
pub async fn resume(app: &App, who: &Access, id: StreamId) -> Result<(), StreamError> {
    may_decide(who)?;
    who.require_fresh()?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let stream = is_in(tx, id, State::Paused)?;
            moved(tx, &stream, (State::Active, None))?;
            store::due_now(tx, id)?;
            changed(tx, &by, id)?;
            Ok(tx.done(())?)
        })
        .await
}

/// Ends a stream for good.
///
/// # Errors
/// Where it has ended.
pub async fn remove(app: &App, who: &Access, id: StreamId) -> Result<(), StreamError> {
    may_decide(who)?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let stream = is_there(tx, id)?;
            moved(tx, &stream, (State::Removed, None))?;
            store::halt(tx, id)?;
            changed(tx, &by, id)?;
            Ok(tx.done(())?)
        })
        .await
}

/// Writes an entry, which goes the way of all entries, and tries at once. A stream that works shows it at the other end within seconds.
///
/// # Errors
/// Where it is not sent to now.
pub async fn test(app: &App, who: &Access, id: StreamId) -> Result<(), StreamError> {
    may_decide(who)?;
    app.store
        .write(who.caller(), move |tx| {
            let stream = is_in(tx, id, State::Active)?;
            store::due_now(tx, id)?;
            Ok(tx.commit(entry("stream.tested", &stream), ())?)
        })
        .await
}

/// Makes a webhook's secret anew; the former one signs beside it for a day.
///
/// # Errors
/// Where it has no secret, or has ended.
pub async fn rotate(app: &App, who: &Access, id: StreamId) -> Result<ShownSecret, StreamError> {
    may_decide(who)?;
    who.require_fresh()?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let stream = is_there(tx, id)?;
            if stream.kind != Kind::Webhook {
                return Err(StreamError::NotOpen);
            }
            let secret = store::rotate(tx, &keys, id)?;
            tx.journal(entry("stream.secret-rotated", &stream))?;
            changed(tx, &by, id)?;
            let shown = ShownSecret {
                stream: id,
                name: stream.name.clone(),
                secret,
            };
            Ok(tx.done(shown)?)
        })
        .await
}

fn is_in(tx: &mut Tx<'_>, id: StreamId, state: State) -> Result<Stream, StreamError> {
    let stream = store::authentic(tx, id)?;
    if stream.state == state {
        Ok(stream)
    } else {
        Err(StreamError::NotOpen)
    }
}

/// Moves a stream on, with its entry.
pub(super) fn moved(
    tx: &mut Tx<'_>,
    stream: &Stream,
    (state, reason): (State, Option<Reason>),
) -> Result<(), StreamError> {
    store::moved(tx, stream, (state, reason))?;
    let action = match state {
        State::Paused => "stream.paused",
        State::Active => "stream.resumed",
        _ => "stream.removed",
    };
    let mut entry = entry(action, stream).version(stream.version + 1);
    if let Some(reason) = reason {
        entry = entry.fact("reason", reason);
    }
    tx.journal(entry)?;
    Ok(())
}

fn changed(tx: &mut Tx<'_>, by: &Access, id: StreamId) -> Result<(), StreamError> {
    let by = (by.person(), Some(by.human()));
    Ok(tell(tx, (News::StreamChanged, id), by)?)
}
