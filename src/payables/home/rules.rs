//! The queues, and who has which.

use crate::identity::access::Permission;
use crate::text_enum;

text_enum! {
    /// A kind of work that waits, the most urgent first.
    pub enum QueueKind {
        /// Bills to decide on.
        Approve = "approve",
        /// Payment runs that another human proposed.
        Countersign = "countersign",
        /// Payment files to give to the bank.
        Release = "release",
        /// Bank accounts that another human entered.
        Verify = "verify",
        /// Bills on hold for a reason that a person may release.
        ReleaseHold = "release-hold",
        /// Bills whose document no reader understood, or that lack facts.
        Type = "type",
        /// Bills to code and to send to approval.
        Code = "code",
    }
}

impl QueueKind {
    /// Who works on it.
    #[must_use]
    pub const fn needs(self) -> Permission {
        match self {
            Self::Approve => Permission::BillsDecide,
            Self::Countersign => Permission::RunsCountersign,
            Self::Release => Permission::RunsRelease,
            Self::Verify => Permission::BankAccountsVerify,
            Self::ReleaseHold => Permission::HoldsRelease,
            Self::Type => Permission::BillsEnter,
            Self::Code => Permission::BillsCode,
        }
    }
}
