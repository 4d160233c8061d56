//! What may become of a run, who may have a hand in it, and what is netted against what. Pure.

pub mod duties;
pub mod netting;
pub mod remittance;

use crate::text_enum;

text_enum! {
    /// How far a run has come.
    pub enum RunStatus {
        /// Waits for another human.
        Proposed = "proposed",
        Countersigned = "countersigned",
        /// The bytes for the bank exist, and are fixed.
        FileGenerated = "file-generated",
        /// Somebody took it on herself that the bank gets the file.
        Released = "released",
        Acknowledged = "acknowledged",
        Settled = "settled",
        PartlyReturned = "partly-returned",
        Reconciled = "reconciled",
        Voided = "voided",
    }
}

impl RunStatus {
    /// Whether its payments can still be taken out: nothing was given to the bank.
    #[must_use]
    pub const fn is_unreleased(self) -> bool {
        matches!(
            self,
            Self::Proposed | Self::Countersigned | Self::FileGenerated
        )
    }

    /// Whether the bank can have returned payments of it.
    #[must_use]
    pub const fn may_return(self) -> bool {
        matches!(self, Self::Released | Self::Settled | Self::PartlyReturned)
    }

    /// Whether its file may be fetched: not before the release, for whoever has the file can have it paid, and what
    /// was not released can still be taken back and proposed anew.
    #[must_use]
    pub const fn gives_file(self) -> bool {
        matches!(
            self,
            Self::Released
                | Self::Acknowledged
                | Self::Settled
                | Self::PartlyReturned
                | Self::Reconciled
        )
    }
}

text_enum! {
    /// Where one payment stands.
    pub enum PaymentStatus {
        Scheduled = "scheduled",
        /// Taken out of its run.
        Removed = "removed",
        Released = "released",
        Settled = "settled",
        Returned = "returned",
    }
}

/// The longest explanation of a step.
pub const MAX_REASON_CHARS: usize = 1000;
/// Payments of one run: a file that a person can still look through.
pub const MAX_PAYMENTS: usize = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_bank_has_is_not_taken_back() {
        for status in RunStatus::ALL {
            let gone = matches!(
                status,
                RunStatus::Released
                    | RunStatus::Acknowledged
                    | RunStatus::Settled
                    | RunStatus::PartlyReturned
                    | RunStatus::Reconciled
                    | RunStatus::Voided
            );
            assert_eq!(status.is_unreleased(), !gone, "{status}");
            assert!(!(status.gives_file() && status.is_unreleased()), "{status}");
        }
    }
}
