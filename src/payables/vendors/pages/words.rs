//! What states and steps are called.

use countersign_money::Currency;

use crate::msg;
use crate::payables::bills::rules::Processing;
use crate::payables::vendors::actions::{AccountView, StepView};
use crate::payables::vendors::rules::VendorStatus;
use crate::payables::vendors::rules::accounts::AccountStatus;
use crate::platform::store::journal::read::Told;
use crate::platform::web::messages::{Argument, Messages};
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Change, Event, Notice, Tone};

pub fn status_label(page: &Page, status: VendorStatus) -> String {
    page.t(match status {
        VendorStatus::Requested => msg!("vendors-status-requested"),
        VendorStatus::Onboarding => msg!("vendors-status-onboarding"),
        VendorStatus::InReview => msg!("vendors-status-in-review"),
        VendorStatus::Active => msg!("vendors-status-active"),
        VendorStatus::Suspended => msg!("vendors-status-suspended"),
        VendorStatus::Blocked => msg!("vendors-status-blocked"),
        VendorStatus::Archived => msg!("vendors-status-archived"),
    })
}

pub fn status_badge(page: &Page, status: VendorStatus) -> Badge {
    let tone = match status {
        VendorStatus::Active => Tone::Good,
        VendorStatus::Requested => Tone::Warn,
        VendorStatus::Onboarding | VendorStatus::InReview => Tone::Info,
        VendorStatus::Suspended | VendorStatus::Blocked => Tone::Bad,
        VendorStatus::Archived => Tone::Neutral,
    };
    Badge::new(tone, status_label(page, status))
}

/// The button that moves a vendor to a state.
pub fn step_label(page: &Page, to: VendorStatus) -> String {
    page.t(match to {
        VendorStatus::Requested | VendorStatus::Onboarding => msg!("vendors-step-onboarding"),
        VendorStatus::InReview => msg!("vendors-step-in-review"),
        VendorStatus::Active => msg!("vendors-activate"),
        VendorStatus::Suspended => msg!("vendors-step-suspend"),
        VendorStatus::Blocked => msg!("vendors-step-block"),
        VendorStatus::Archived => msg!("vendors-step-archive"),
    })
}

pub fn account_label(page: &Page, status: AccountStatus) -> String {
    page.t(match status {
        AccountStatus::Submitted => msg!("vendors-account-submitted"),
        AccountStatus::CallBackPending => msg!("vendors-account-call-back-pending"),
        AccountStatus::SecondApproval => msg!("vendors-account-second-approval"),
        AccountStatus::CoolingOff => msg!("vendors-account-cooling-off"),
        AccountStatus::Verified => msg!("vendors-account-verified"),
        AccountStatus::Superseded => msg!("vendors-account-superseded"),
        AccountStatus::Rejected => msg!("vendors-account-rejected"),
    })
}

const fn account_tone(status: AccountStatus) -> Tone {
    match status {
        AccountStatus::Verified => Tone::Good,
        AccountStatus::Submitted | AccountStatus::CallBackPending => Tone::Warn,
        AccountStatus::SecondApproval | AccountStatus::CoolingOff => Tone::Info,
        AccountStatus::Superseded => Tone::Neutral,
        AccountStatus::Rejected => Tone::Bad,
    }
}

pub fn account_badge(page: &Page, status: AccountStatus) -> Badge {
    Badge::new(account_tone(status), account_label(page, status))
}

/// One line below the state: from when it is payable, and who else has the same account.
pub fn account_explained(page: &Page, account: &AccountView) -> String {
    let mut lines = Vec::new();
    if account.status == AccountStatus::CoolingOff
        && let Some(end) = account.cooling_off_end
    {
        lines.push(page.t1("vendors-payable-from", "time", page.time(end.0)));
    } else if account.status.awaits_verification() {
        lines.push(page.t("vendors-not-payable-yet"));
    }
    if !account.same_iban.is_empty() {
        lines.push(page.t1("vendors-same-iban", "vendors", account.same_iban.join(", ")));
    }
    if !account.closed_before.is_empty() && !account.status.is_closed() {
        lines.push(page.t("vendors-iban-closed-before"));
    }
    lines.join(" ")
}

/// One warning for each time that the same IBAN was rejected or replaced: by whom, when and why.
pub fn warnings(page: &Page, account: &AccountView) -> Vec<Notice> {
    let each = account.closed_before.iter().map(|closed| {
        let vendor = ("vendor", &closed.vendor_name as &dyn Argument);
        let person = ("person", &closed.person as &dyn Argument);
        let when = page.time(closed.at.0);
        let when = ("when", &when as &dyn Argument);
        let text = if closed.status == AccountStatus::Rejected {
            let why = ("why", &closed.note as &dyn Argument);
            let id = msg!("vendors-iban-rejected-before");
            Messages::text_with(page.locale, id, &[vendor, person, when, why])
        } else {
            let id = msg!("vendors-iban-replaced-before");
            Messages::text_with(page.locale, id, &[vendor, person, when])
        };
        Notice {
            tone: Tone::Bad,
            text,
        }
    });
    each.collect()
}

pub fn step_event(page: &Page, masked: &str, step: &StepView) -> Event {
    Event {
        time: page.time(step.at.0),
        machine_time: page.machine_time(step.at.0),
        actor: step.person.clone(),
        text: format!("{masked}: {}", account_label(page, step.status)),
        canonical: step.status.to_string(),
        comment: (!step.note.is_empty()).then(|| step.note.clone()),
        tone: account_tone(step.status),
        changes: Vec::new(),
    }
}

/// A change of a vendor's data, in the words of its form.
pub fn change(page: &Page, told: &Told) -> Event {
    let changes = told.changes.iter().filter_map(|change| {
        let value = |text: &Option<String>| match (change.field.as_str(), text) {
            ("status", Some(status)) => VendorStatus::parse(status)
                .map(|status| status_label(page, status))
                .or_else(|| text.clone()),
            _ => text.clone(),
        };
        Some(Change {
            field: page.t(field_label(&change.field)?),
            before: value(&change.before),
            after: value(&change.after),
        })
    });
    Event {
        time: page.time(told.at_us),
        machine_time: page.machine_time(told.at_us),
        actor: told
            .actor_name
            .clone()
            .unwrap_or_else(|| "Countersign".to_owned()),
        text: page.t("vendors-did-change"),
        canonical: told.action.clone(),
        comment: None,
        tone: Tone::Info,
        changes: changes.collect(),
    }
}

/// The label of what an entry of the journal names.
fn field_label(field: &str) -> Option<&'static str> {
    Some(match field {
        "name" => msg!("vendors-name"),
        "other-names" => msg!("vendors-other-names"),
        "country" => msg!("vendors-country"),
        "street" => msg!("vendors-street"),
        "building" => msg!("vendors-building"),
        "post-code" => msg!("vendors-post-code"),
        "town" => msg!("vendors-town"),
        "terms-days" => msg!("vendors-terms"),
        "default-gl-account" => msg!("vendors-default-gl"),
        "default-cost-centre" => msg!("vendors-default-cost-centre"),
        "vat-id" => msg!("vendors-vat-id"),
        "legal-id" => msg!("vendors-legal-id"),
        "status" => msg!("vendors-state"),
        "reason" => msg!("vendors-reason"),
        _ => return None,
    })
}

pub fn processing(page: &Page, processing: Processing) -> String {
    page.t(match processing {
        Processing::Received => msg!("vendors-bill-received"),
        Processing::Captured => msg!("vendors-bill-captured"),
        Processing::Coding => msg!("vendors-bill-coding"),
        Processing::InApproval => msg!("vendors-bill-in-approval"),
        Processing::Approved => msg!("vendors-bill-approved"),
        Processing::SentBack => msg!("vendors-bill-sent-back"),
        Processing::Disputed => msg!("vendors-bill-disputed"),
        Processing::Rejected => msg!("vendors-bill-rejected"),
        Processing::Cancelled => msg!("vendors-bill-cancelled"),
    })
}

pub fn money(page: &Page, minor: i64, currency: &str) -> String {
    let digits = currency
        .parse::<Currency>()
        .map_or(2, |currency| currency.digits());
    page.money(minor, u8::try_from(digits).unwrap_or(2), currency)
}

pub fn place(town: &str, country: &str) -> String {
    match (town.is_empty(), country.is_empty()) {
        (false, false) => format!("{town}, {country}"),
        _ => format!("{town}{country}"),
    }
}
