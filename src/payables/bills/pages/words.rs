//! What the states of a bill are called, in the reader's language.

use countersign_money::Currency;

use crate::msg;
use crate::payables::bills::holds::HoldKind;
use crate::payables::bills::rules::{BillKind, MatchState, Payment, Posting, Processing, Reason};
use crate::platform::web::page::Page;
use crate::platform::web::view::{Axis, Badge, Tone};

/// What stands where there is nothing.
pub const DASH: &str = "\u{2013}";

/// An amount with its currency, or a dash.
pub fn money(page: &Page, minor: Option<i64>, currency: Option<Currency>) -> String {
    match (minor, currency) {
        (Some(minor), Some(currency)) => page.money(minor, digits(currency), currency.code()),
        _ => DASH.to_owned(),
    }
}

/// Decimals of a currency: at most 4 in ISO 4217.
pub fn digits(currency: Currency) -> u8 {
    u8::try_from(currency.digits()).unwrap_or(u8::MAX)
}

/// A date, or a dash.
pub fn date(page: &Page, date: Option<jiff::civil::Date>) -> String {
    date.map_or_else(|| DASH.to_owned(), |date| page.date(date))
}

pub fn kind(kind: BillKind) -> &'static str {
    match kind {
        BillKind::Standard => msg!("bills-kind-standard"),
        BillKind::CreditNote => msg!("bills-kind-credit-note"),
        BillKind::Prepayment => msg!("bills-kind-prepayment"),
        BillKind::SelfBilled => msg!("bills-kind-self-billed"),
    }
}

pub fn processing(page: &Page, state: Processing) -> Badge {
    let (tone, id) = match state {
        Processing::Received => (Tone::Warn, msg!("bills-state-received")),
        Processing::Captured => (Tone::Info, msg!("bills-state-captured")),
        Processing::Coding => (Tone::Info, msg!("bills-state-coding")),
        Processing::InApproval => (Tone::Info, msg!("bills-state-in-approval")),
        Processing::Approved => (Tone::Good, msg!("bills-state-approved")),
        Processing::SentBack => (Tone::Warn, msg!("bills-state-sent-back")),
        Processing::Disputed => (Tone::Warn, msg!("bills-state-disputed")),
        Processing::Rejected => (Tone::Bad, msg!("bills-state-rejected")),
        Processing::Cancelled => (Tone::Bad, msg!("bills-state-cancelled")),
    };
    Badge::new(tone, page.t(id))
}

pub fn payment(page: &Page, state: Payment) -> Badge {
    let (tone, id) = match state {
        Payment::Unpaid => (Tone::Neutral, msg!("bills-payment-unpaid")),
        Payment::Scheduled => (Tone::Info, msg!("bills-payment-scheduled")),
        Payment::PartlyPaid => (Tone::Warn, msg!("bills-payment-partly-paid")),
        Payment::Paid => (Tone::Good, msg!("bills-payment-paid")),
    };
    Badge::new(tone, page.t(id))
}

fn posting(page: &Page, state: Posting) -> Badge {
    let (tone, id) = match state {
        Posting::NotExported => (Tone::Neutral, msg!("bills-posting-not-exported")),
        Posting::Exporting => (Tone::Info, msg!("bills-posting-exporting")),
        Posting::Exported => (Tone::Good, msg!("bills-posting-exported")),
        Posting::Failed => (Tone::Bad, msg!("bills-posting-failed")),
        Posting::Corrected => (Tone::Warn, msg!("bills-posting-corrected")),
    };
    Badge::new(tone, page.t(id))
}

fn matched(page: &Page, state: MatchState) -> Badge {
    let (tone, id) = match state {
        MatchState::None => (Tone::Neutral, msg!("bills-match-none")),
        MatchState::Partial => (Tone::Info, msg!("bills-match-partial")),
        MatchState::Matched => (Tone::Good, msg!("bills-match-matched")),
        MatchState::WithinTolerance => (Tone::Good, msg!("bills-match-within-tolerance")),
        MatchState::Exception => (Tone::Bad, msg!("bills-match-exception")),
        MatchState::Overridden => (Tone::Warn, msg!("bills-match-overridden")),
    };
    Badge::new(tone, page.t(id))
}

/// The four axes, each with where the bill stands.
pub fn axes(page: &Page, bill: &crate::payables::bills::Bill) -> Vec<Axis> {
    let axis = |name, badge| Axis {
        name: page.t(name),
        badge,
    };
    vec![
        axis(msg!("bills-processing"), processing(page, bill.processing)),
        axis(msg!("bills-posting"), posting(page, bill.posting)),
        axis(msg!("bills-payment"), payment(page, bill.payment)),
        axis(msg!("bills-match"), matched(page, bill.match_state)),
    ]
}

/// What to do about a hold.
pub fn advice(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Unreadable => msg!("bills-hold-unreadable-advice"),
        HoldKind::MissingFields => msg!("bills-hold-missing-fields-advice"),
        HoldKind::VendorUnknown => msg!("bills-hold-vendor-unknown-advice"),
        HoldKind::VendorNotActive => msg!("bills-hold-vendor-not-active-advice"),
        HoldKind::VendorNameDiffers => msg!("bills-hold-vendor-name-differs-advice"),
        HoldKind::VendorIdDiffers => msg!("bills-hold-vendor-id-differs-advice"),
        HoldKind::DuplicateSuspected => msg!("bills-hold-duplicate-suspected-advice"),
        HoldKind::NumberReused => msg!("bills-hold-number-reused-advice"),
        HoldKind::TotalsDiffer => msg!("bills-hold-totals-differ-advice"),
        HoldKind::BankAccountDiffers => msg!("bills-hold-bank-account-differs-advice"),
        HoldKind::DocumentFindings => msg!("bills-hold-document-findings-advice"),
        HoldKind::CurrencyUnsupported => msg!("bills-hold-currency-unsupported-advice"),
        HoldKind::AmountNotExact => msg!("bills-hold-amount-not-exact-advice"),
        HoldKind::CreditNoteNegative => msg!("bills-hold-credit-note-negative-advice"),
        HoldKind::Uncoded => msg!("bills-hold-uncoded-advice"),
        HoldKind::Manual => msg!("bills-hold-manual-advice"),
    }
}

/// A reason not to pay.
pub fn reason(reason: &Reason) -> &'static str {
    match reason {
        Reason::Hold { kind, .. } => kind.label(),
        Reason::NotApproved(_) => msg!("bills-reason-not-approved"),
        Reason::Payment(_) => msg!("bills-reason-payment"),
        Reason::CreditNote => msg!("bills-reason-credit-note"),
        Reason::NothingOwed => msg!("bills-reason-nothing-owed"),
    }
}
