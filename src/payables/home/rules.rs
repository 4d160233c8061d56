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
        /// Accounts of ours that another human entered.
        VerifyOwn = "verify-own",
        /// Sealed values that another human asks to see in full.
        Reveal = "reveal",
        /// Bills on hold for a reason that a person may release.
        ReleaseHold = "release-hold",
        /// Bills that an approver sent back, to be mended and sent again.
        Mend = "mend",
        /// Bills whose document no reader understood, or that lack facts.
        Type = "type",
        /// Bills to code and to send to approval.
        Code = "code",
    }
}

impl QueueKind {
    /// The permissions of which any one lets somebody work on it.
    #[must_use]
    pub const fn needs(self) -> &'static [Permission] {
        match self {
            Self::Approve => &[Permission::BillsDecide],
            Self::Countersign => &[Permission::RunsCountersign],
            Self::Release => &[Permission::RunsRelease],
            Self::Verify => &[Permission::BankAccountsVerify],
            Self::VerifyOwn => &[Permission::RunsCountersign, Permission::SettingsEdit],
            Self::Reveal => &[Permission::SecretsReveal],
            Self::ReleaseHold => &[Permission::HoldsRelease],
            Self::Type => &[Permission::BillsEnter],
            Self::Mend | Self::Code => &[Permission::BillsCode],
        }
    }
}
