//! Files on their way in: each goes to the disk sealed as it comes, and never stands in memory as a whole.

use std::sync::Arc;

use tokio::sync::OwnedSemaphorePermit;

use super::IntakeError;
use crate::platform::app::App;
use crate::platform::documents::{Arrived, Spool};

/// A file that is coming in.
#[derive(Debug)]
pub struct Arriving {
    limit_bytes: u64,
    /// None once the file is known to be too large: what came of it is gone.
    spool: Option<Spool>,
    place: Arc<OwnedSemaphorePermit>,
}

/// A file that came in, and has no place in the documents yet.
#[derive(Debug, Clone)]
pub struct File {
    pub(super) arrived: Arrived,
    /// Held until the file is a bill: those that come after it wait.
    _place: Arc<OwnedSemaphorePermit>,
}

impl Arriving {
    /// Begins to take in a file of at most `limit_bytes`. Waits where too many are coming in already.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn begin(app: &App, limit_bytes: u64) -> Result<Self, IntakeError> {
        let place = Arc::clone(&app.arrivals)
            .acquire_owned()
            .await
            .expect("the semaphore is never closed");
        Ok(Self {
            limit_bytes,
            spool: Some(app.documents.spool(app.store.entropy()).await?),
            place: Arc::new(place),
        })
    }

    /// The next bytes. Those beyond the limit are dropped: the sender is told at the end, so that what follows is found.
    ///
    /// # Errors
    /// Those of the disk.
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        if let Some(spool) = &mut self.spool {
            if spool.size_bytes() + bytes.len() as u64 > self.limit_bytes {
                self.spool = None;
            } else {
                spool.write(bytes).await?;
            }
        }
        Ok(())
    }

    /// Whether more came than is taken.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.spool.is_none()
    }

    /// The file is whole.
    ///
    /// # Errors
    /// [`IntakeError::TooLarge`], or those of the disk.
    pub async fn finish(self) -> Result<File, IntakeError> {
        let spool = self.spool.ok_or(IntakeError::TooLarge {
            limit_bytes: self.limit_bytes,
        })?;
        Ok(File {
            arrived: spool.finish().await?,
            _place: self.place,
        })
    }
}

impl File {
    /// Takes in bytes that are in memory anyway.
    ///
    /// # Errors
    /// As [`Arriving::finish`].
    pub async fn of(app: &App, bytes: &[u8]) -> Result<Self, IntakeError> {
        let mut arriving = Arriving::begin(app, super::MAX_BYTES).await?;
        arriving.write(bytes).await?;
        arriving.finish().await
    }

    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        self.arrived.sha256
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.arrived.size_bytes == 0
    }
}
