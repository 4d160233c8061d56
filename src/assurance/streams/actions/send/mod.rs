//! Sending what is due. One node sends a stream at a time, by a lease in the database; each change of the position names the lease's holder
//! and what the position was, so that a node that was too slow changes nothing. Such a node may have sent a batch twice, never none.

mod batch;
mod line;
mod webhook;

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use self::batch::Run;
use self::line::Line;
use super::change::moved;
use super::{StreamError, entry, tell};
use crate::assurance::streams::StreamId;
use crate::assurance::streams::rules::{Reason, State, Trouble, delay_us, is_long};
use crate::assurance::streams::store::{self, Claimed, Due};
use crate::identity::notices::News;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::KeyError;
use crate::platform::outgoing::Unfetched;
use crate::platform::scope::{Caller, CredentialKind, Scope};
use crate::platform::store::StoreError;

/// How long a node holds a stream without saying so again. Longer than any single step takes.
const LEASE_US: i64 = Micros::MINUTE;

/// Why a stream is not sent on now.
#[derive(Debug)]
enum Stop {
    /// Another node has it, or somebody paused it.
    Lost,
    /// The receiver is gone for good.
    Gone,
    /// What went wrong, and how long the receiver asked to be left alone.
    Trouble(Trouble, Option<i64>),
    Store(StreamError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        match error {
            // A row that is gone is none that the application took away.
            StoreError::Forged { .. } | StoreError::Missing => Self::Trouble(Trouble::Forged, None),
            // The journal itself lacks an entry, or its head is not ours: `journal verify` says what.
            StoreError::Head(_) => Self::Trouble(Trouble::Gap, None),
            other => Self::Store(other.into()),
        }
    }
}

impl From<KeyError> for Stop {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Store(error) => error.into(),
            _ => Self::Trouble(Trouble::Keys, None),
        }
    }
}

impl From<Unfetched> for Stop {
    fn from(unfetched: Unfetched) -> Self {
        Self::Trouble(trouble(&unfetched), None)
    }
}

fn trouble(unfetched: &Unfetched) -> Trouble {
    match unfetched {
        Unfetched::Address | Unfetched::Network => Trouble::Network,
        Unfetched::Authorities(_) => Trouble::Authorities,
        Unfetched::Unreachable(error) if is_of_tls(error) => Trouble::Certificate,
        Unfetched::Unreachable(_) => Trouble::Unreachable,
        Unfetched::Broken(_) => Trouble::Broken,
        Unfetched::Status(_) => Trouble::Failing,
        Unfetched::Late => Trouble::Late,
    }
}

fn is_of_tls(error: &std::io::Error) -> bool {
    error
        .get_ref()
        .is_some_and(|inner| inner.is::<rustls::Error>())
}

/// What one node has in hand: its name in leases, and its open lines to receivers of syslog.
#[derive(Debug)]
pub struct Node {
    name: String,
    lines: Mutex<HashMap<StreamId, Line>>,
}

impl Node {
    /// `name` is this process's own: no two have the same.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            lines: Mutex::default(),
        }
    }

    fn take(&self, stream: StreamId) -> Option<Line> {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.remove(&stream)
    }

    fn keep(&self, stream: StreamId, line: Line) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        lines.insert(stream, line);
    }

    /// What there is to do for this node.
    ///
    /// # Errors
    /// The database's.
    pub async fn due(&self, app: &App) -> Result<Vec<Due>, StreamError> {
        let (holder, now) = (self.name.clone(), app.now());
        let due = app
            .store
            .lookup(move |lookup| store::due(lookup, &holder, now));
        Ok(due.await?)
    }

    /// Does all that is due, once; returns how many streams that were.
    ///
    /// # Errors
    /// The database's. What was not done is due still.
    pub async fn round(&self, app: &App) -> Result<usize, StreamError> {
        let due = self.due(app).await?;
        for one in &due {
            self.serve(app, one).await?;
        }
        Ok(due.len())
    }

    /// Sends what a stream has to send, as much as fits into one lease.
    ///
    /// # Errors
    /// The database's. That a receiver does not take it is none: it is kept with the position.
    pub async fn serve(&self, app: &App, due: &Due) -> Result<(), StreamError> {
        let now = app.now();
        let line = self.take(due.stream).filter(|line| now < line.until);
        let line = match line {
            Some(mut line) if line.rests(due, now) => {
                if line.stands().await {
                    self.keep(due.stream, line);
                    return Ok(());
                }
                let broken = (Trouble::Broken, None);
                return self.failed(app, due, (due.attempts, broken)).await;
            }
            line => line,
        };
        let Some(claimed) = self.claim(app, due, now).await? else {
            return Ok(());
        };
        let attempts = claimed.attempts;
        let was_told = claimed.told.is_some();
        let mut run = Run::new(app, &self.name, due, claimed, line);
        let ended = run.go().await;
        let has_moved = run.has_moved;
        let line = run.line.take();
        if has_moved && was_told {
            self.recovered(app, due).await?;
        }
        match ended {
            Ok(()) => {
                if let Some(line) = line {
                    self.keep(due.stream, line);
                }
                Ok(())
            }
            Err(Stop::Lost) => Ok(()),
            Err(Stop::Store(error)) => Err(error),
            Err(Stop::Gone) => self.gone(app, due).await,
            Err(Stop::Trouble(trouble, wait)) => {
                let attempts = if has_moved { 0 } else { attempts };
                self.failed(app, due, (attempts, (trouble, wait))).await
            }
        }
    }

    async fn claim(
        &self,
        app: &App,
        due: &Due,
        now: Micros,
    ) -> Result<Option<Claimed>, StreamError> {
        let (stream, holder) = (due.stream, self.name.clone());
        let until = (now.plus_us(LEASE_US), now);
        let claimed = app.store.housekeep(Scope::of(due.organisation), move |tx| {
            store::claim(tx, stream, &holder, until)
        });
        Ok(claimed.await?)
    }

    /// Keeps why a stream was not sent, and tells administrators once where that has gone on for long.
    async fn failed(
        &self,
        app: &App,
        due: &Due,
        (attempts, (trouble, wait)): (i64, (Trouble, Option<i64>)),
    ) -> Result<(), StreamError> {
        let (stream, holder, now) = (due.stream, self.name.clone(), app.now());
        let mut random = [0; 2];
        app.entropy().fill(&mut random);
        let delay = delay_us(attempts + 1, u16::from_le_bytes(random));
        let again = now.plus_us(delay.max(wait.unwrap_or(0)));
        let kept = app
            .store
            .housekeep::<_, StoreError, _>(Scope::of(due.organisation), move |tx| {
                store::fail(tx, (stream, &holder), trouble, (now, again))
            });
        let kept = kept.await?;
        tracing::warn!(%stream, %trouble, attempts, "entries of the journal wait: their receiver did not take them");
        match kept {
            Some((since, None)) if is_long(since, now) => {
                self.failing(app, due, (trouble, since)).await
            }
            _ => Ok(()),
        }
    }

    fn caller(app: &App, due: &Due) -> Caller {
        let scope = Scope::of(due.organisation);
        app.caller(scope, CredentialKind::Job, app.id())
    }

    async fn failing(
        &self,
        app: &App,
        due: &Due,
        (trouble, since): (Trouble, Micros),
    ) -> Result<(), StreamError> {
        let id = due.stream;
        app.store
            .write(Self::caller(app, due), move |tx| {
                let stream = store::find(tx, id)?;
                let now = tx.now();
                store::told(tx, id, Some(now))?;
                let entry = entry("stream.failing", &stream)
                    .fact("error", trouble)
                    .fact("since-us", since.0);
                tx.journal(entry)?;
                tell(tx, (News::StreamFails, id), (stream.proposed_by, None))?;
                Ok(tx.done(())?)
            })
            .await
    }

    async fn recovered(&self, app: &App, due: &Due) -> Result<(), StreamError> {
        let id = due.stream;
        app.store
            .write(Self::caller(app, due), move |tx| {
                let stream = store::find(tx, id)?;
                store::told(tx, id, None)?;
                Ok(tx.commit(entry("stream.recovered", &stream), ())?)
            })
            .await
    }

    /// Pauses a stream whose receiver wants nothing any more.
    async fn gone(&self, app: &App, due: &Due) -> Result<(), StreamError> {
        let id = due.stream;
        app.store
            .write(Self::caller(app, due), move |tx| {
                let stream = store::authentic(tx, id)?;
                if stream.state != State::Active {
                    return Ok(tx.done(())?);
                }
                moved(tx, &stream, (State::Paused, Some(Reason::Gone)))?;
                store::halt(tx, id)?;
                tell(tx, (News::StreamChanged, id), (stream.proposed_by, None))?;
                Ok(tx.done(())?)
            })
            .await
    }
}
