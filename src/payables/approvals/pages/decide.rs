//! One page with all an approver needs: the document, what was made of it, and what is known beside it.

use super::super::actions::Case;
use super::super::views::DecidePage;
use super::super::{NotApproved, Standing};
use super::words;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::actions::BillError;
use crate::payables::bills::holds::Hold as StoredHold;
use crate::payables::bills::pages::words::money;
use crate::payables::bills::pages::{document, facts, holds, parts};
use crate::payables::bills::rules::Via;
use crate::payables::digests::to_hex;
use crate::payables::payments::pages::words::account as why_not;
use crate::payables::vendors::pages::words::status_label;
use crate::payables::vendors::rules::VendorStatus;
use crate::platform::app::App;
use crate::platform::web::doings;
use crate::platform::web::messages::Messages;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Action, Fact, FormErrors, Hold, Source};

/// What was sent with the form, and what is wrong with it.
#[derive(Debug, Default)]
pub struct Typed {
    pub comment: String,
    pub errors: FormErrors,
}

pub async fn view(
    app: &App,
    by: &SignedIn,
    case: Case,
    wants_data: bool,
    typed: Typed,
) -> Result<DecidePage, BillError> {
    let mut page = by.page(DecidePage::TITLE);
    let shown = &case.shown;
    let bill = &shown.bill;
    page.title = format!("{} {}", bill.vendor_name, bill.number);
    let at = format!("/approvals/{}", bill.id);
    let request = shown.request.as_ref();
    Ok(DecidePage {
        id: bill.id.to_string(),
        digest: request.map_or_else(String::new, |request| to_hex(&request.digest)),
        vendor: bill.vendor_name.clone(),
        number: bill.number.clone(),
        summary: parts::summary(&page, shown),
        amount: money(&page, bill.payable_minor, bill.currency),
        why_you: words::why(&page, case.asked, case.own_currency),
        step: step(&page, &case),
        blocked: case.blocked.map(|blocked| words::blocked(&page, blocked)),
        comment: typed.comment,
        errors: typed.errors,
        holds: shown
            .holds
            .iter()
            .map(|found| hold(&page, by, &case, found))
            .collect(),
        document: document::view(app, by, &page, shown, (&at, wants_data)).await?,
        facts: to_check(&page, &case),
        groups: facts::groups(&page, shown),
        lines: shown
            .lines
            .iter()
            .map(|line| parts::line(&page, bill, line, &shown.distributions, &shown.chart))
            .collect(),
        totals: parts::totals(&page, bill),
        vat: shown
            .vat
            .iter()
            .map(|row| parts::vat(&page, bill, row))
            .collect(),
        chain: parts::chain(&page, shown),
        findings: shown
            .findings
            .iter()
            .map(|row| parts::finding(&page, row))
            .collect(),
        events: case
            .shown
            .history
            .into_iter()
            .map(|told| parts::event(&page, told))
            .collect(),
        page,
    })
}

/// Which of the approvals hers would be, and under which version of the policy.
fn step(page: &Page, case: &Case) -> Option<String> {
    let Standing::Not(NotApproved::Waiting { have, needed }) = &case.standing else {
        return None;
    };
    let (number, version) = (have + 1, case.policy_version?);
    Some(Messages::text_with(
        page.locale,
        msg!("approvals-step"),
        &[
            ("number", &number),
            ("needed", needed),
            ("version", &version),
        ],
    ))
}

/// A hold with a way out of it; where none is of its kind, the bill's own page has the form that releases it.
fn hold(page: &Page, by: &SignedIn, case: &Case, hold: &StoredHold) -> Hold {
    let mut shown = holds::view(page, by, &case.shown, hold);
    let bill = || Action {
        label: page.t(msg!("approvals-open-bill")),
        href: format!("/bills/{}", hold.bill_id),
    };
    shown.action = Some(shown.action.unwrap_or_else(bill));
    shown
}

/// Who entered a bill: the person, by a token where it was one, else what acted without one.
fn entered_by(page: &Page, via: Via, name: Option<&str>) -> String {
    let credential = match via {
        Via::Api => "token",
        Via::CommandLine => "command-line",
        Via::Upload | Via::Typed => "session",
    };
    doings::actor(page, name, credential)
}

/// What the document does not say: who is behind the bill, where the money would go, what was usual.
fn to_check(page: &Page, case: &Case) -> Vec<Fact> {
    let bill = &case.shown.bill;
    let mut facts = vec![paid_to(page, case)];
    if let Some(name) = &case.behalf {
        let label = page.t(msg!("approvals-behalf"));
        facts.push(Fact::new(label, Some(name.clone()), None));
    }
    if let Some(vendor) = &case.shown.vendor {
        let label = page.t(msg!("approvals-vendor"));
        let mut known = Fact::new(label, Some(vendor.name.clone()), None);
        known.remark = VendorStatus::parse(&vendor.status)
            .filter(|status| *status != VendorStatus::Active)
            .map(|status| status_label(page, status));
        facts.push(known);
    }
    facts.push(Fact::new(
        page.t(msg!("approvals-entered-by")),
        Some(entered_by(
            page,
            bill.received_via,
            case.entered_by.as_deref(),
        )),
        Some(Source::Computed(page.time(bill.received_us.0))),
    ));
    if let Some(request) = &case.shown.request {
        facts.push(Fact::new(
            page.t(msg!("approvals-sent-by")),
            case.requested_by.clone(),
            Some(Source::Computed(page.time(request.requested.0))),
        ));
    }
    for previous in &case.previous {
        let when = previous
            .issue_date
            .map(|date| Source::Computed(page.date(date)));
        facts.push(Fact {
            numeric: true,
            ..Fact::new(
                page.t1("approvals-previous", "number", &previous.number),
                Some(money(page, previous.payable_minor, previous.currency)),
                when,
            )
        });
    }
    facts
}

fn paid_to(page: &Page, case: &Case) -> Fact {
    let label = page.t(msg!("approvals-paid-to"));
    match &case.account {
        Some(Ok(masked)) => {
            let verified = Source::Computed(page.t(msg!("approvals-account-verified")));
            Fact::new(label, Some(masked.clone()), Some(verified))
        }
        other => {
            let mut fact = Fact::new(label, None, None);
            fact.remark = Some(match other {
                Some(Err(why)) => page.t(why_not(why)),
                _ => page.t(msg!("approvals-no-account")),
            });
            fact
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::web::locale::Locale;

    #[test]
    fn whoever_entered_a_bill_is_always_said() {
        let page = Page::signed_out(Locale::En, DecidePage::TITLE, String::new());
        for (via, name, said) in [
            (Via::CommandLine, None, "Command line (operator)"),
            (Via::Api, Some("Ann"), "Ann, by API token"),
            (Via::Upload, Some("Ann"), "Ann"),
            (Via::Typed, Some("Ann"), "Ann"),
            (Via::Upload, None, "Countersign"),
        ] {
            assert_eq!(entered_by(&page, via, name), said);
        }
    }
}
