//! The ids of payables. They stand apart from their fields, so that a field can name another's object without knowing the field.

use crate::ids;

ids! {
    /// A vendor (supplier).
    VendorId,
    /// A vendor's bank account as it was entered (`vendor_bank_accounts`).
    AccountId,
    /// A bill or credit note.
    BillId,
    /// A line of a bill.
    LineId,
    /// A share of a line's amount on a general ledger account.
    DistributionId,
    /// A VAT breakdown of a bill (EN 16931 BG-23).
    VatId,
    /// What a reader found in a document.
    ReadingId,
    /// Where one fact of a bill came from.
    FactId,
    /// What a check said about a bill.
    FindingId,
    /// A reason not to pay a bill.
    HoldId,
    /// A bill's way to its approvers.
    ApprovalRequestId,
    /// What one human decided on a bill.
    DecisionId,
    /// A payment run.
    RunId,
    /// The payment of one bill within a run.
    PaymentId,
}
