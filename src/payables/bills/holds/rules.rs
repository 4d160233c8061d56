//! The kinds of holds, and how computed ones follow the rows.

use super::store::Hold;
use crate::payables::ids::BillId;
use crate::{msg, text_enum};

text_enum! {
    /// Why a bill is held.
    pub enum HoldKind {
        /// No reader understands the document: it waits for typing.
        Unreadable = "unreadable",
        /// Facts that a payment needs are not there.
        MissingFields = "missing-fields",
        /// Nobody knows who sent it.
        VendorUnknown = "vendor-unknown",
        /// The vendor is requested, in review, suspended, blocked or archived.
        VendorNotActive = "vendor-not-active",
        /// The document names another company than the vendor.
        VendorNameDiffers = "vendor-name-differs",
        /// The document gives another VAT id or registration number than the vendor has.
        VendorIdDiffers = "vendor-id-differs",
        /// Another bill looks the same.
        DuplicateSuspected = "duplicate-suspected",
        /// An invoice and a credit note bear one number: one of them may be of the wrong kind.
        NumberReused = "number-reused",
        /// The document's own totals do not add up (invariant 9).
        TotalsDiffer = "totals-differ",
        /// The document names an account that is not the verified one.
        BankAccountDiffers = "bank-account-differs",
        /// The document breaks rules.
        DocumentFindings = "document-findings",
        /// No payment is made in this currency.
        CurrencyUnsupported = "currency-unsupported",
        /// The document gives an amount with more decimals than the currency has.
        AmountNotExact = "amount-not-exact",
        /// A credit note's amounts are below zero: nobody can tell who owes whom.
        CreditNoteNegative = "credit-note-negative",
        /// Lines are not coded.
        Uncoded = "uncoded",
        /// A person wants it held.
        Manual = "manual",
    }
}

impl HoldKind {
    /// The id of the message that names it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Unreadable => msg!("bills-hold-unreadable"),
            Self::MissingFields => msg!("bills-hold-missing-fields"),
            Self::VendorUnknown => msg!("bills-hold-vendor-unknown"),
            Self::VendorNotActive => msg!("bills-hold-vendor-not-active"),
            Self::VendorNameDiffers => msg!("bills-hold-vendor-name-differs"),
            Self::VendorIdDiffers => msg!("bills-hold-vendor-id-differs"),
            Self::DuplicateSuspected => msg!("bills-hold-duplicate-suspected"),
            Self::NumberReused => msg!("bills-hold-number-reused"),
            Self::TotalsDiffer => msg!("bills-hold-totals-differ"),
            Self::BankAccountDiffers => msg!("bills-hold-bank-account-differs"),
            Self::DocumentFindings => msg!("bills-hold-document-findings"),
            Self::CurrencyUnsupported => msg!("bills-hold-currency-unsupported"),
            Self::AmountNotExact => msg!("bills-hold-amount-not-exact"),
            Self::CreditNoteNegative => msg!("bills-hold-credit-note-negative"),
            Self::Uncoded => msg!("bills-hold-uncoded"),
            Self::Manual => msg!("bills-hold-manual"),
        }
    }

    /// Whether the rows alone say if it stands.
    #[must_use]
    pub const fn is_computed(self) -> bool {
        matches!(
            self,
            Self::MissingFields
                | Self::VendorUnknown
                | Self::VendorNotActive
                | Self::VendorNameDiffers
                | Self::VendorIdDiffers
                | Self::DuplicateSuspected
                | Self::NumberReused
                | Self::TotalsDiffer
                | Self::BankAccountDiffers
                | Self::CurrencyUnsupported
                | Self::AmountNotExact
                | Self::CreditNoteNegative
        )
    }

    /// Whether a person may release it with a reason. The others end when what they say is put right.
    #[must_use]
    pub const fn may_be_released(self) -> bool {
        matches!(
            self,
            Self::VendorNameDiffers
                | Self::VendorIdDiffers
                | Self::DuplicateSuspected
                | Self::NumberReused
                | Self::TotalsDiffer
                | Self::BankAccountDiffers
                | Self::DocumentFindings
                | Self::Manual
        )
    }
}

/// How a hold tells of the other bill: its number, then its id in brackets.
#[must_use]
pub fn duplicate_detail(number: &str, other: BillId) -> String {
    format!("{number} ({other})")
}

/// Reads [`duplicate_detail`] back.
#[must_use]
pub fn duplicate_of(detail: &str) -> Option<(&str, BillId)> {
    let (number, rest) = detail.rsplit_once(" (")?;
    Some((number, rest.strip_suffix(')')?.parse().ok()?))
}

/// A computed hold that the rows ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub kind: HoldKind,
    /// Its figures, in no language.
    pub detail: String,
}

impl Wanted {
    pub(super) fn new(kind: HoldKind, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        debug_assert!(kind.is_computed(), "{kind}");
        Self { kind, detail }
    }

    fn is_of(&self, hold: &Hold) -> bool {
        self.kind == hold.kind && self.detail == hold.detail
    }

    /// Whether a person looked at exactly these figures and let them pass.
    fn was_let_pass(&self, all: &[Hold]) -> bool {
        self.kind.may_be_released()
            && all
                .iter()
                .any(|hold| self.is_of(hold) && hold.was_released_by_person())
    }
}

/// Open computed holds that the rows do not ask for any more, or with other figures.
pub(super) fn to_end<'a>(all: &'a [Hold], wanted: &[Wanted]) -> Vec<&'a Hold> {
    all.iter()
        .filter(|hold| hold.is_open() && hold.kind.is_computed())
        .filter(|hold| !wanted.iter().any(|want| want.is_of(hold)))
        .collect()
}

/// Wanted holds that are not open, and that no person let pass.
pub(super) fn to_place<'a>(all: &[Hold], wanted: &'a [Wanted]) -> Vec<&'a Wanted> {
    wanted
        .iter()
        .filter(|want| !all.iter().any(|hold| hold.is_open() && want.is_of(hold)))
        .filter(|want| !want.was_let_pass(all))
        .collect()
}

/// What stands now, whether or not the rows of holds have been brought up to date.
pub(super) fn standing(bill: BillId, all: &[Hold], wanted: &[Wanted]) -> Vec<Hold> {
    let ending = to_end(all, wanted);
    let mut standing: Vec<Hold> = all
        .iter()
        .filter(|hold| hold.is_open() && !ending.iter().any(|end| end.id == hold.id))
        .cloned()
        .collect();
    let missing = to_place(all, wanted);
    standing.extend(missing.into_iter().map(|want| Hold::unplaced(bill, want)));
    standing
}
