//! The independent axes of a bill, and which way processing may go.

use crate::{msg, text_enum};

text_enum! {
    /// What kind of demand a bill is.
    pub enum BillKind {
        Standard = "standard",
        /// The vendor owes us: amounts stay as the document writes them, which is usually positive.
        CreditNote = "credit-note",
        Prepayment = "prepayment",
        SelfBilled = "self-billed",
    }
}

text_enum! {
    /// Numbers of one space belong to one document each: a vendor counts its invoices of all kinds together.
    pub enum NumberSpace {
        Invoices = "invoices",
        CreditNotes = "credit-notes",
    }
}

impl NumberSpace {
    /// The other one, of which no number should come back in this one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Invoices => Self::CreditNotes,
            Self::CreditNotes => Self::Invoices,
        }
    }
}

impl BillKind {
    /// Among which documents its number stands once. A self-billed invoice bears a number that we gave it, in the vendor's
    /// name (Directive 2006/112/EC, article 224), so it is the vendor's like any other.
    #[must_use]
    pub const fn number_space(self) -> NumberSpace {
        match self {
            Self::CreditNote => NumberSpace::CreditNotes,
            Self::Standard | Self::Prepayment | Self::SelfBilled => NumberSpace::Invoices,
        }
    }

    /// The kind of a document by its type code BT-3 (UNTDID 1001). Codes that are no bill of ours count as standard.
    #[must_use]
    pub fn of_type_code(code: &str) -> Self {
        match code {
            "81" | "83" | "261" | "262" | "296" | "308" | "381" | "396" | "420" | "458" | "532" => {
                Self::CreditNote
            }
            "386" | "500" | "501" | "502" | "503" => Self::Prepayment,
            "389" | "471" | "472" | "473" | "527" => Self::SelfBilled,
            _ => Self::Standard,
        }
    }
}

text_enum! {
    /// How far the work on a bill has come.
    pub enum Processing {
        /// It came in, and its facts are not all there.
        Received = "received",
        /// Its facts are there.
        Captured = "captured",
        Coding = "coding",
        InApproval = "in-approval",
        Approved = "approved",
        /// An approver wants something changed.
        SentBack = "sent-back",
        /// We argue with the vendor about it.
        Disputed = "disputed",
        /// We will not pay it.
        Rejected = "rejected",
        /// It was not a bill of ours, or entered by mistake.
        Cancelled = "cancelled",
    }
}

impl Processing {
    /// Whether a bill may go from `self` to `to`. Rejected and cancelled are ends: such a bill comes in again or not.
    #[must_use]
    pub const fn may_become(self, to: Self) -> bool {
        use Processing as P;
        match self {
            P::Received => matches!(to, P::Captured | P::Disputed | P::Rejected | P::Cancelled),
            P::Captured => matches!(
                to,
                P::Coding | P::InApproval | P::Disputed | P::Rejected | P::Cancelled
            ),
            P::Coding => matches!(
                to,
                P::Captured | P::InApproval | P::Disputed | P::Rejected | P::Cancelled
            ),
            // Back to captured or coding: somebody changed what the approvers were to see.
            P::InApproval => matches!(
                to,
                P::Approved
                    | P::Captured
                    | P::Coding
                    | P::SentBack
                    | P::Disputed
                    | P::Rejected
                    | P::Cancelled
            ),
            P::Approved => matches!(
                to,
                P::Captured | P::Coding | P::SentBack | P::Disputed | P::Rejected | P::Cancelled
            ),
            P::SentBack | P::Disputed => matches!(
                to,
                P::Captured
                    | P::Coding
                    | P::InApproval
                    | P::SentBack
                    | P::Disputed
                    | P::Rejected
                    | P::Cancelled
            ),
            P::Rejected | P::Cancelled => false,
        }
    }

    /// Whether the work on it has ended without payment.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Rejected | Self::Cancelled)
    }

    /// Whether its facts may be typed and corrected.
    #[must_use]
    pub const fn may_be_corrected(self) -> bool {
        !self.is_closed()
    }
}

text_enum! {
    /// Where the entry to the ERP stands.
    pub enum Posting {
        NotExported = "not-exported",
        Exporting = "exporting",
        Exported = "exported",
        Failed = "failed",
        Corrected = "corrected",
    }
}

text_enum! {
    /// Where the money stands.
    pub enum Payment {
        Unpaid = "unpaid",
        /// It is in a payment run.
        Scheduled = "scheduled",
        PartlyPaid = "partly-paid",
        Paid = "paid",
    }
}

impl Payment {
    /// Whether money has left for it.
    #[must_use]
    pub const fn has_begun(self) -> bool {
        matches!(self, Self::PartlyPaid | Self::Paid)
    }
}

text_enum! {
    /// How it compares with order and receipt.
    pub enum MatchState {
        None = "none",
        Partial = "partial",
        Matched = "matched",
        WithinTolerance = "within-tolerance",
        Exception = "exception",
        Overridden = "overridden",
    }
}

text_enum! {
    /// By which way a bill came in.
    pub enum Via {
        Upload = "upload",
        Api = "api",
        CommandLine = "command-line",
        /// Somebody typed it without a document.
        Typed = "typed",
    }
}

text_enum! {
    /// A fact of the header that has a source.
    pub enum BillField {
        Vendor = "vendor",
        Kind = "kind",
        Number = "number",
        IssueDate = "issue-date",
        DueDate = "due-date",
        Currency = "currency",
        Net = "net",
        Tax = "tax",
        Gross = "gross",
        Prepaid = "prepaid",
        Rounding = "rounding",
        Payable = "payable",
        PaymentReference = "payment-reference",
        PurchaseOrder = "purchase-order",
        Account = "account",
        Lines = "lines",
        Vat = "vat",
        Entity = "entity",
    }
}

impl BillField {
    /// The id of the message that names it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Vendor => msg!("bills-vendor"),
            Self::Kind => msg!("bills-kind"),
            Self::Number => msg!("bills-number"),
            Self::IssueDate => msg!("bills-invoice-date"),
            Self::DueDate => msg!("bills-due"),
            Self::Currency => msg!("bills-currency"),
            Self::Net => msg!("bills-term-net-total"),
            Self::Tax => msg!("bills-vat"),
            Self::Gross => msg!("bills-total"),
            Self::Prepaid => msg!("bills-term-prepaid"),
            Self::Rounding => msg!("bills-term-rounding"),
            Self::Payable => msg!("bills-term-payable"),
            Self::PaymentReference => msg!("bills-payment-reference"),
            Self::PurchaseOrder => msg!("bills-purchase-order"),
            Self::Account => msg!("bills-account-claimed"),
            Self::Lines => msg!("bills-lines"),
            Self::Vat => msg!("bills-vat-breakdown"),
            Self::Entity => msg!("bills-entity"),
        }
    }

    /// The business term of EN 16931 that the field holds.
    #[must_use]
    pub const fn term(self) -> &'static str {
        match self {
            Self::Vendor => "BT-27",
            Self::Kind => "BT-3",
            Self::Number => "BT-1",
            Self::IssueDate => "BT-2",
            Self::DueDate => "BT-9",
            Self::Currency => "BT-5",
            Self::Net => "BT-109",
            Self::Tax => "BT-110",
            Self::Gross => "BT-112",
            Self::Prepaid => "BT-113",
            Self::Rounding => "BT-114",
            Self::Payable => "BT-115",
            Self::PaymentReference => "BT-83",
            Self::PurchaseOrder => "BT-13",
            Self::Account => "BT-84",
            Self::Lines => "BG-25",
            Self::Vat => "BG-23",
            Self::Entity => "BG-7",
        }
    }
}

text_enum! {
    /// Where a fact came from.
    pub enum FactSource {
        /// A business term of the document.
        Document = "document",
        /// A person.
        Typed = "typed",
        /// The vendor's payment terms, for a due date that the document does not give.
        Terms = "terms",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_an_end_and_nothing_becomes_received_again() {
        for from in Processing::ALL {
            assert!(!from.may_become(Processing::Received), "{from}");
            assert_eq!(
                from.is_closed(),
                !Processing::ALL.iter().any(|to| from.may_become(*to)),
                "{from}"
            );
        }
    }

    #[test]
    fn only_a_bill_in_approval_becomes_approved() {
        let ways: Vec<_> = Processing::ALL
            .iter()
            .filter(|from| from.may_become(Processing::Approved))
            .collect();
        assert_eq!(ways, [&Processing::InApproval]);
    }

    #[test]
    fn every_open_bill_can_be_cancelled_rejected_and_disputed() {
        for from in Processing::ALL.iter().filter(|from| !from.is_closed()) {
            for to in [
                Processing::Cancelled,
                Processing::Rejected,
                Processing::Disputed,
            ] {
                assert!(from.may_become(to), "{from} -> {to}");
            }
        }
    }

    #[test]
    fn type_codes_of_the_standard_have_their_kind() {
        for (code, kind) in [
            ("380", BillKind::Standard),
            ("384", BillKind::Standard),
            ("326", BillKind::Standard),
            ("381", BillKind::CreditNote),
            ("261", BillKind::CreditNote),
            ("386", BillKind::Prepayment),
            ("389", BillKind::SelfBilled),
            ("", BillKind::Standard),
        ] {
            assert_eq!(BillKind::of_type_code(code), kind, "{code}");
        }
    }
}
