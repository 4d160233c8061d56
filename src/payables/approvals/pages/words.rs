//! What the approver's pages say, in her language.

use countersign_money::Currency;
use jiff::civil::Date;

use super::super::actions::{Blocked, duty_message};
use super::super::rules::{Asked, Because, Verdict};
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::pages::words::digits;
use crate::platform::web::messages::Messages;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Badge, Tone};

/// The day it is in the organisation.
pub fn today(by: &SignedIn) -> Date {
    by.access.now().timestamp().to_zoned(by.zone.clone()).date()
}

/// Why this person is asked, and how many must agree.
pub fn why(page: &Page, asked: Option<Asked>, own: Currency) -> String {
    let Some(Asked { approvals, because }) = asked else {
        return String::new();
    };
    let limit = |units: i64| {
        let minor = units.saturating_mul(own.minor_per_major());
        page.money(minor, digits(own), own.code())
    };
    let (id, amount) = match because {
        Because::UpTo(units) => (msg!("approvals-why-up-to"), limit(units)),
        Because::Above(units) => (msg!("approvals-why-above"), limit(units)),
        Because::OtherCurrency => (msg!("approvals-why-currency"), own.code().to_owned()),
        Because::Always => (msg!("approvals-why-always"), String::new()),
    };
    Messages::text_with(
        page.locale,
        id,
        &[("amount", &amount), ("needed", &approvals)],
    )
}

pub fn blocked(page: &Page, blocked: Blocked) -> String {
    page.t(match blocked {
        Blocked::NotOpen => msg!("approvals-not-open"),
        Blocked::Changed => msg!("approvals-changed"),
        Blocked::Tampered => msg!("approvals-tampered"),
        Blocked::Duty(duty) => duty_message(duty),
    })
}

pub fn verdict(page: &Page, verdict: Verdict) -> Badge {
    let (tone, id) = match verdict {
        Verdict::Approve => (Tone::Good, msg!("approvals-approved")),
        Verdict::Reject => (Tone::Bad, msg!("approvals-rejected")),
        Verdict::SendBack => (Tone::Warn, msg!("approvals-sent-back")),
    };
    Badge::new(tone, page.t(id))
}
