//! `countersign keys`.

use super::backup::cli::{MakeBackup, Restore};
use super::disposal::cli::Dispose;
use super::rotation::cli::{Rotate, Status};

/// What the command line does with keys.
#[derive(Debug, clap::Subcommand)]
pub enum KeysCommand {
    /// Say how old keys are, which are due, what is left under retired ones and under former roots
    Status(Status),
    /// Replace a level of an organisation's keys while the server serves; it does the work
    Rotate(Rotate),
    /// Destroy every key of an organisation: no value and no document of it opens any more, here and in every backup of the
    /// database. There is no way back
    Dispose(Dispose),
    /// Put an encrypted backup of the key store into a folder, also while the server runs. It expires within 30 days
    Backup(MakeBackup),
    /// Put back from a backup what the key store has lost, and nothing that was disposed of. No server may run
    Restore(Restore),
}
