//! A body that waits for the writing thread, and its caller who waits for the flush.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::platform::store::error::StoreError;

/// What the writing thread does with a body whose types it does not know.
pub(super) trait Job: Send {
    /// Runs the body, and tells whether it did what it was asked to. It may be run twice: the last run counts.
    fn run(&mut self, connection: &Connection) -> bool;

    /// Tells the caller how the batch ended.
    fn settle(self: Box<Self>, flush: Result<(), StoreError>);
}

/// A body and the way back to its caller.
pub(super) struct Asked<F, T, E> {
    body: F,
    answer: oneshot::Sender<Result<T, E>>,
    outcome: Option<Result<T, E>>,
    panicked: bool,
}

impl<F, T, E> Asked<F, T, E> {
    pub(super) fn new(body: F, answer: oneshot::Sender<Result<T, E>>) -> Self {
        Self {
            body,
            answer,
            outcome: None,
            panicked: false,
        }
    }
}

impl<F, T, E> Job for Asked<F, T, E>
where
    T: Send,
    E: From<StoreError> + Send,
    F: FnMut(&Connection) -> Result<T, E> + Send,
{
    fn run(&mut self, connection: &Connection) -> bool {
        // What a panic left behind in the body is not to be run again.
        if self.panicked {
            return false;
        }
        let body = &mut self.body;
        let outcome = catch_unwind(AssertUnwindSafe(|| body(connection))).unwrap_or_else(|_| {
            self.panicked = true;
            Err(E::from(StoreError::Panicked))
        });
        self.outcome.insert(outcome).is_ok()
    }

    fn settle(self: Box<Self>, flush: Result<(), StoreError>) {
        let never = || {
            Err(E::from(StoreError::Unavailable(
                "the write was not reached".to_owned(),
            )))
        };
        // What a body found in the rows of a batch that failed was never so: its refusal fails with it.
        let outcome = match flush {
            Ok(()) => self.outcome.unwrap_or_else(never),
            Err(error) => Err(E::from(error)),
        };
        // The caller may have gone away: its change is made and journaled all the same.
        let _ = self.answer.send(outcome);
    }
}
