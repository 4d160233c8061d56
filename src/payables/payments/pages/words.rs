//! What states and reasons are called.

use countersign_money::Currency;

use crate::msg;
use crate::payables::approvals::NotApproved;
use crate::payables::bills::holds::HoldKind;
use crate::payables::bills::rules::{Payment, Reason};
use crate::payables::payments::rules::duties::{Duty, LeftToCountersign};
use crate::payables::payments::rules::{PaymentStatus, RunStatus};
use crate::payables::payments::store::check::Why;
use crate::payables::vendors::WhyNotPayable;
use crate::payables::vendors::rules::accounts::Refusal;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Notice, Tone};

pub fn run_badge(page: &Page, status: RunStatus) -> Badge {
    let (tone, text) = match status {
        RunStatus::Proposed => (Tone::Warn, msg!("payments-run-proposed")),
        RunStatus::Countersigned => (Tone::Info, msg!("payments-run-countersigned")),
        RunStatus::FileGenerated => (Tone::Info, msg!("payments-run-file-generated")),
        RunStatus::Released => (Tone::Info, msg!("payments-run-released")),
        RunStatus::Acknowledged => (Tone::Info, msg!("payments-run-acknowledged")),
        RunStatus::Settled => (Tone::Good, msg!("payments-run-settled")),
        RunStatus::PartlyReturned => (Tone::Bad, msg!("payments-run-partly-returned")),
        RunStatus::Reconciled => (Tone::Good, msg!("payments-run-reconciled")),
        RunStatus::Voided => (Tone::Neutral, msg!("payments-run-voided")),
    };
    Badge::new(tone, page.t(text))
}

pub fn payment_badge(page: &Page, status: PaymentStatus) -> Badge {
    let (tone, text) = match status {
        PaymentStatus::Scheduled => (Tone::Info, msg!("payments-payment-scheduled")),
        PaymentStatus::Removed => (Tone::Neutral, msg!("payments-payment-removed")),
        PaymentStatus::Released => (Tone::Info, msg!("payments-payment-released")),
        PaymentStatus::Settled => (Tone::Good, msg!("payments-payment-settled")),
        PaymentStatus::Returned => (Tone::Bad, msg!("payments-payment-returned")),
    };
    Badge::new(tone, page.t(text))
}

const fn hold(kind: HoldKind) -> &'static str {
    match kind {
        HoldKind::Unreadable => msg!("payments-why-unreadable"),
        HoldKind::MissingFields => msg!("payments-why-missing-fields"),
        HoldKind::VendorUnknown => msg!("payments-why-vendor-unknown"),
        HoldKind::VendorNotActive => msg!("payments-why-vendor-not-active"),
        HoldKind::VendorNameDiffers => msg!("payments-why-vendor-name-differs"),
        HoldKind::VendorIdDiffers => msg!("payments-why-vendor-id-differs"),
        HoldKind::DuplicateSuspected => msg!("payments-why-duplicate"),
        HoldKind::NumberReused => msg!("payments-why-number-reused"),
        HoldKind::TotalsDiffer => msg!("payments-why-totals-differ"),
        HoldKind::BankAccountDiffers => msg!("payments-why-account-differs"),
        HoldKind::DocumentFindings => msg!("payments-why-findings"),
        HoldKind::CurrencyUnsupported => msg!("payments-why-currency"),
        HoldKind::AmountNotExact => msg!("payments-why-amount-not-exact"),
        HoldKind::CreditNoteNegative => msg!("payments-why-credit-note-negative"),
        HoldKind::Uncoded => msg!("payments-why-uncoded"),
        HoldKind::Manual => msg!("payments-why-held"),
    }
}

/// Why nothing can be paid to a vendor.
pub const fn account(why: &WhyNotPayable) -> &'static str {
    match why {
        WhyNotPayable::NoVendor => msg!("payments-why-vendor-unknown"),
        WhyNotPayable::VendorNotActive(_) => msg!("payments-why-vendor-not-active"),
        WhyNotPayable::NoAccount => msg!("payments-why-no-account"),
        WhyNotPayable::Refused(refusal) => match refusal {
            Refusal::NotVerified(_) => msg!("payments-why-account-not-verified"),
            Refusal::Closed(_) => msg!("payments-why-account-closed"),
            Refusal::CoolingOff { .. } => msg!("payments-why-cooling-off"),
            Refusal::SameHuman => msg!("payments-why-same-human"),
            Refusal::Altered(_) => msg!("payments-why-account-altered"),
        },
        WhyNotPayable::Store(_) => msg!("payments-why-unknown"),
    }
}

const fn approval(why: NotApproved) -> &'static str {
    match why {
        NotApproved::NotRequested => msg!("payments-why-not-approved"),
        NotApproved::Waiting { .. } => msg!("payments-why-approval-waits"),
        NotApproved::Refused => msg!("payments-why-refused"),
        NotApproved::Changed => msg!("payments-why-changed"),
        NotApproved::Tampered => msg!("payments-why-approval-altered"),
    }
}

fn duty(page: &Page, duty: Duty) -> String {
    page.t(match duty {
        Duty::Entering => msg!("payments-duty-entering"),
        Duty::Approving => msg!("payments-duty-approving"),
        Duty::Verifying => msg!("payments-duty-verifying"),
        Duty::Releasing => msg!("payments-duty-releasing"),
    })
}

pub fn duties(page: &Page, pairs: &[(Duty, Duty)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(one, other)| {
            let (one, other) = (duty(page, *one), duty(page, *other));
            page.t2("payments-duty-pair", "one", one, "other", other)
        })
        .collect();
    pairs.join(", ")
}

/// One reason, in the reader's language.
pub fn why(page: &Page, why: &Why) -> String {
    let id = match why {
        Why::Bill(reason) => match reason {
            Reason::Hold { kind, .. } => hold(*kind),
            Reason::NotApproved(_) => msg!("payments-why-not-approved"),
            Reason::Payment(Payment::Scheduled) => msg!("payments-why-scheduled"),
            Reason::Payment(_) => msg!("payments-why-paid"),
            Reason::CreditNote => msg!("payments-why-not-covered"),
            Reason::NothingOwed => msg!("payments-why-nothing-owed"),
        },
        Why::Approval(not) => approval(*not),
        Why::Account(why) => account(why),
        Why::Currency => msg!("payments-why-other-currency"),
        Why::AccountCurrency => msg!("payments-why-account-currency"),
        Why::Entity => msg!("payments-why-other-entity"),
        Why::NotCovered => msg!("payments-why-not-covered"),
        Why::Crowded => msg!("payments-why-crowded"),
        Why::Unwritable(what) => {
            return page.t1("payments-why-unwritable", "what", what.as_str());
        }
        Why::Duties(pairs) => {
            return page.t1("payments-why-duties", "duties", duties(page, pairs));
        }
        Why::Differs(_) => msg!("payments-why-differs"),
        Why::Altered => msg!("payments-why-altered"),
    };
    page.t(id)
}

/// All reasons, each once.
pub fn all(page: &Page, reasons: &[Why]) -> String {
    let mut texts: Vec<String> = Vec::new();
    for reason in reasons {
        let text = why(page, reason);
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    texts.join(" ")
}

/// What can be done about it stands with the vendor, and not with the bill.
pub fn is_vendors(reasons: &[Why]) -> bool {
    reasons
        .iter()
        .any(|why| matches!(why, Why::Account(_) | Why::AccountCurrency))
}

pub fn money(page: &Page, minor: i64, currency: &str) -> String {
    let digits = currency
        .parse::<Currency>()
        .map_or(2, |currency| currency.digits());
    page.money(minor, u8::try_from(digits).unwrap_or(2), currency)
}

/// A warning before a run is proposed that nobody could countersign.
pub(super) fn left_to_countersign(page: &Page, left: &LeftToCountersign) -> Option<Notice> {
    let text = match left {
        LeftToCountersign::Somebody => return None,
        LeftToCountersign::NobodyElse => page.t(msg!("payments-nobody-else")),
        LeftToCountersign::NobodyFor(bills) => {
            page.t1("payments-nobody-for", "bills", bills.join(", "))
        }
        LeftToCountersign::NobodyForAll => page.t(msg!("payments-nobody-for-all")),
    };
    Some(Notice {
        tone: Tone::Warn,
        text,
    })
}
