//! One stream's batches, from where it is to where its journal ends.

use std::sync::Arc;

use super::line::Line;
use super::{LEASE_US, Stop, webhook};
use crate::assurance::streams::rules::{
    BATCH, Batch, Destination, Kind, State, Trouble, batch, syslog,
};
use crate::assurance::streams::store::{self, Claimed, Due, Held, Stream};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::keys::OrgKeys;
use crate::platform::scope::Scope;
use crate::platform::store::journal::bundle::kept_since;
use crate::platform::store::journal::read::{self, Told};
use crate::platform::store::{Housekeeping, StoreError};

/// Batches that one run sends before others have their turn.
const RUN: usize = 50;

/// A stream that this node holds.
pub(super) struct Run<'a> {
    app: &'a App,
    scope: Scope,
    held: Held,
    safe: i64,
    batch_end: i64,
    pub line: Option<Line>,
    /// Whether anything was delivered.
    pub has_moved: bool,
}

impl<'a> Run<'a> {
    pub(super) fn new(
        app: &'a App,
        holder: &str,
        due: &Due,
        claimed: Claimed,
        line: Option<Line>,
    ) -> Self {
        let held = Held {
            stream: due.stream,
            holder: holder.to_owned(),
            epoch: claimed.epoch,
            next: claimed.next,
        };
        Self {
            app,
            scope: Scope::of(due.organisation),
            held,
            safe: claimed.safe,
            batch_end: claimed.batch_end,
            line,
            has_moved: false,
        }
    }

    /// Sends until there is nothing left, somebody else has the stream, or the receiver does not take it.
    pub(super) async fn go(&mut self) -> Result<(), Stop> {
        let stream = self.stream().await?;
        if stream.state != State::Active {
            return Err(Stop::Lost);
        }
        let destination = Destination::parse(stream.kind, &stream.address);
        let destination = destination.ok_or(Stop::Trouble(Trouble::Forged, None))?;
        self.settle().await?;
        for _ in 0..RUN {
            let Some((entries, batch)) = self.next(&stream).await? else {
                break;
            };
            match &destination {
                Destination::Webhook(url) => self.post(url, &stream, batch).await?,
                Destination::Syslog { host, port } => {
                    self.write((host, *port), &entries, batch).await?;
                }
            }
            self.has_moved = true;
        }
        self.rest().await
    }

    /// What two agreed on. A row that the application did not write is sent nowhere.
    async fn stream(&self) -> Result<Stream, Stop> {
        let id = self.held.stream;
        let found = self
            .app
            .store
            .read::<_, StoreError, _>(self.scope, move |read| store::authentic(read, id));
        Ok(found.await?)
    }

    /// Goes back where the position is none of the journal's any more, and where something sent may not have arrived: the line that it was
    /// sent by is not there.
    async fn settle(&mut self) -> Result<(), Stop> {
        let (epoch, safe) = (self.held.epoch, self.safe);
        let head = self
            .app
            .store
            .read::<_, StoreError, _>(self.scope, move |read| {
                let Some(head) = read::head(read)? else {
                    return Ok(None);
                };
                let kept = match head.epoch == epoch {
                    true => head.size,
                    // Without a word of what was kept, nothing that is there counts as sent.
                    false => kept_since(read, epoch, head.size)?.unwrap_or(0),
                };
                Ok(Some((head.epoch, safe.min(kept).min(head.size))))
            })
            .await?;
        let (epoch, back) = head.ok_or(Stop::Lost)?;
        let is_another = epoch != self.held.epoch;
        let is_behind = is_another || back < self.safe;
        if is_behind {
            self.line = None;
        }
        if is_behind || (self.line.is_none() && back < self.held.next) {
            let held = self.held.clone();
            self.change(move |tx| store::move_to(tx, &held, (epoch, back)))
                .await?;
            self.batch_end = back;
            (self.held.epoch, self.held.next, self.safe) = (epoch, back, back);
        }
        Ok(())
    }

    /// The entries to be sent next; none where there are none.
    async fn next(&self, stream: &Stream) -> Result<Option<(Vec<Told>, Batch)>, Stop> {
        let from = self.held.next;
        let (size, entries) = self
            .app
            .store
            .read::<_, StoreError, _>(self.scope, move |read| {
                let size = read::head(read)?.map_or(0, |head| head.size);
                Ok((size, read::onwards(read, from, BATCH)?))
            })
            .await?;
        if from >= size {
            return Ok(None);
        }
        // A batch that was begun is sent as it was, so that the receiver knows it again.
        let begun = Some(self.batch_end).filter(|end| stream.kind == Kind::Webhook && *end > from);
        let organisation = self.scope.organisation();
        let batch = batch(&entries, (from, begun), organisation, stream.format);
        let batch = batch.ok_or(Stop::Trouble(Trouble::Gap, None))?;
        Ok(Some((entries, batch)))
    }

    async fn post(&mut self, url: &url::Url, stream: &Stream, batch: Batch) -> Result<(), Stop> {
        let (held, end) = (self.held.clone(), batch.end);
        let until = self.until();
        self.change(move |tx| store::mark(tx, &held, (end, until)))
            .await?;
        self.batch_end = end;
        let (keys, now) = (self.keys().await?, self.app.now());
        let id = stream.id;
        let secrets = self
            .app
            .store
            .read(self.scope, move |read| store::signing(read, &keys, id, now));
        let secrets = secrets.await?;
        if secrets.is_empty() {
            return Err(Stop::Trouble(Trouble::Keys, None));
        }
        webhook::post(
            self.app,
            url,
            (stream.id, self.held.epoch),
            &batch,
            &secrets,
        )
        .await?;
        self.advance(end, end).await
    }

    async fn write(
        &mut self,
        (host, port): (&str, u16),
        entries: &[Told],
        batch: Batch,
    ) -> Result<(), Stop> {
        let mut line = match self.line.take() {
            Some(line) => line,
            None => Line::open(self.app, host, port).await?,
        };
        let ours = self.app.public_url.host_str().unwrap_or_default();
        let frames = entries.iter().zip(&batch.lines);
        let frames = frames.flat_map(|(entry, line)| syslog::frame(entry, line, ours));
        line.write(&frames.collect::<Vec<u8>>()).await?;
        let now = self.app.now();
        line.sent(now, batch.first);
        line.until = now.plus_us(LEASE_US);
        let safe = line.safe(now, batch.end);
        self.line = Some(line);
        self.advance(batch.end, safe).await
    }

    async fn advance(&mut self, next: i64, safe: i64) -> Result<(), Stop> {
        let (held, now, until) = (self.held.clone(), self.app.now(), self.until());
        self.change(move |tx| store::advance(tx, &held, (next, safe), (now, until)))
            .await?;
        (self.held.next, self.safe) = (next, safe);
        Ok(())
    }

    /// Gives the lease back, unless something that was sent may still not have arrived: then the line is watched.
    async fn rest(&mut self) -> Result<(), Stop> {
        let (now, held) = (self.app.now(), self.held.clone());
        match self.line.take() {
            Some(mut line) if !line.is_ripe(now) => {
                let (until, safe) = (self.until(), line.safe(now, held.next));
                self.change(move |tx| store::renew(tx, &held, (safe, until)))
                    .await?;
                line.until = until;
                self.line = Some(line);
            }
            done => {
                let next = held.next;
                self.change(move |tx| store::renew(tx, &held, (next, Micros(0))))
                    .await?;
                if let Some(line) = done {
                    line.close().await;
                }
            }
        }
        Ok(())
    }

    fn until(&self) -> Micros {
        self.app.now().plus_us(LEASE_US)
    }

    async fn keys(&self) -> Result<Arc<OrgKeys>, Stop> {
        let keys = self.app.keys.organisation(&self.app.store, self.scope);
        Ok(keys.await?)
    }

    /// Changes the position, if it is still this node's.
    async fn change<F>(&self, change: F) -> Result<(), Stop>
    where
        F: FnMut(&mut Housekeeping<'_>) -> Result<bool, StoreError> + Send + 'static,
    {
        match self.app.store.housekeep(self.scope, change).await? {
            true => Ok(()),
            false => Err(Stop::Lost),
        }
    }
}
