//! The loop that sends while a server runs.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::send::Node;
use crate::assurance::streams::StreamId;
use crate::platform::app::App;

/// What is due is looked for this often: a new entry has its number within a second, and leaves within another.
const EVERY: Duration = Duration::from_millis(500);
/// Streams that are sent at the same time: one slow receiver keeps no other waiting.
const AT_ONCE: usize = 16;

/// The running loop; it ends when it is told to, after what is in hand.
#[derive(Debug)]
pub struct Streaming {
    stop: watch::Sender<bool>,
    running: JoinHandle<()>,
}

impl Streaming {
    /// Starts it. `node` names this process in leases.
    #[must_use]
    pub fn start(app: &Arc<App>, node: &str) -> Self {
        let (stop, stopping) = watch::channel(false);
        let node = Arc::new(Node::new(node));
        let running = tokio::spawn(run(Arc::clone(app), node, stopping));
        Self { stop, running }
    }

    pub async fn stop(self) {
        self.stop.send_replace(true);
        // A loop that panicked has said so in the log; there is nothing left to wait for.
        let _ = self.running.await;
    }
}

async fn run(app: Arc<App>, node: Arc<Node>, mut stopping: watch::Receiver<bool>) {
    let (mut sending, mut busy) = (JoinSet::new(), HashSet::<StreamId>::new());
    while !*stopping.borrow() {
        let due = node.due(&app).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "streams of the journal cannot be read; the next round tries again");
            Vec::new()
        });
        for one in due {
            if busy.len() >= AT_ONCE || !busy.insert(one.stream) {
                continue;
            }
            let (app, node) = (Arc::clone(&app), Arc::clone(&node));
            sending.spawn(async move {
                if let Err(error) = node.serve(&app, &one).await {
                    tracing::warn!(stream = %one.stream, %error, "a stream of the journal was not sent; the next round tries again");
                }
                one.stream
            });
        }
        let _ = tokio::time::timeout(EVERY, stopping.changed()).await;
        while let Some(done) = sending.try_join_next() {
            match done {
                Ok(stream) => drop(busy.remove(&stream)),
                // Which one panicked is not told: those that still run hold their leases, and lose nothing by being asked again.
                Err(_) => busy.clear(),
            }
        }
    }
    while sending.join_next().await.is_some() {}
}
