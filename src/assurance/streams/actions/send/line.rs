//! A line to a receiver of syslog: frames over TLS, and no word back.
//!
//! TCP tells what the other machine's kernel has, not what its program read. So nothing that was sent lately counts as arrived: the line is
//! watched for a while after the last entry, and when it breaks, or is gone with the process that had it, all that was sent by it lately is
//! sent again. What the other kernel does not acknowledge within [`UNACKNOWLEDGED`] breaks the line, so that what is older than
//! [`WINDOW_US`] has at least reached the other machine.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;

use super::{LEASE_US, Stop};
use crate::assurance::streams::rules::Trouble;
use crate::assurance::streams::store::Due;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::outgoing::{Unfetched, dial};

/// For resolving, connecting and the handshake; and for writing a batch.
const TIME: Duration = Duration::from_secs(10);
/// So long the other machine may take to acknowledge what it was sent.
const UNACKNOWLEDGED: Duration = Duration::from_secs(30);
/// What was sent within this time is sent again when the line breaks.
const WINDOW_US: i64 = Micros::MINUTE;
/// As many of the last batches are sent again, however long ago they were sent.
const BATCHES: usize = 2;
/// So long an end of the line is waited for after a batch.
const LISTEN: Duration = Duration::from_millis(20);

pub(super) struct Line {
    stream: TlsStream<TcpStream>,
    /// When each batch was sent and with which number it begins, the oldest first.
    sent: VecDeque<(Micros, i64)>,
    /// Until when this node has the stream: a line of a lease that was lost says nothing of what another node sent since.
    pub until: Micros,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

impl Line {
    pub(super) async fn open(app: &App, host: &str, port: u16) -> Result<Self, Stop> {
        let dialled = timeout(TIME, dial(&app.outgoing, host, port)).await;
        let stream = dialled.map_err(|_| Unfetched::Late)??;
        let tcp = stream.get_ref().0;
        // Refused only for a connection that is gone already.
        let _ = tcp.set_nodelay(true);
        let _ = SockRef::from(tcp).set_tcp_user_timeout(Some(UNACKNOWLEDGED));
        Ok(Self {
            stream,
            sent: VecDeque::new(),
            until: app.now().plus_us(LEASE_US),
        })
    }

    /// Writes frames, all of them, and sees whether the line stands after it.
    pub(super) async fn write(&mut self, frames: &[u8]) -> Result<(), Stop> {
        let written = timeout(TIME, async {
            self.stream.write_all(frames).await?;
            self.stream.flush().await
        });
        let trouble = match written.await {
            Err(_) => Trouble::Late,
            Ok(Err(_)) => Trouble::Broken,
            Ok(Ok(())) if self.stands().await => return Ok(()),
            Ok(Ok(())) => Trouble::Broken,
        };
        Err(Stop::Trouble(trouble, None))
    }

    /// Whether the other side has not ended it. What it may say is nothing to us.
    pub(super) async fn stands(&mut self) -> bool {
        let mut said = [0; 256];
        match timeout(LISTEN, self.stream.read(&mut said)).await {
            Err(_) => true,
            Ok(read) => read.is_ok_and(|bytes| bytes > 0),
        }
    }

    /// Says goodbye (RFC 5425, 4.4).
    pub(super) async fn close(mut self) {
        // Whoever does not listen any more is not waited for.
        let _ = timeout(LISTEN, self.stream.shutdown()).await;
    }

    /// Notes a batch that was written.
    pub(super) fn sent(&mut self, now: Micros, first: i64) {
        self.sent.push_back((now, first));
    }

    /// The number below which all has arrived, as far as anybody can know, when all before `next` was written.
    pub(super) fn safe(&mut self, now: Micros, next: i64) -> i64 {
        while let Some((at, _)) = self.sent.front()
            && self.sent.len() > BATCHES
            && now.since(*at) >= WINDOW_US
        {
            self.sent.pop_front();
        }
        self.sent.front().map_or(next, |(_, first)| *first)
    }

    /// Whether so long nothing was sent that all has arrived.
    pub(super) fn is_ripe(&self, now: Micros) -> bool {
        let last = self.sent.back();
        last.is_none_or(|(at, _)| now.since(*at) >= WINDOW_US)
    }

    /// Whether there is nothing to do but to see whether it stands.
    pub(super) fn rests(&self, due: &Due, now: Micros) -> bool {
        let is_done = due.next == due.size && due.epoch == due.head_epoch;
        is_done && !self.is_ripe(now) && self.until.since(now) > LEASE_US / 2
    }
}
