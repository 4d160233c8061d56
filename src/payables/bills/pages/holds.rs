//! A hold as pages show it: what it says, what to do, who placed it, and where to go.

use super::{details, words};
use crate::identity::access::Permission;
use crate::identity::sessions::SignedIn;
use crate::msg;
use crate::payables::bills::actions::Shown;
use crate::payables::bills::holds::{Hold as StoredHold, HoldKind, duplicate_of};
use crate::platform::web::page::Page;
use crate::platform::web::view::{Action, Hold};

/// A hold for its reader: where to go is said to those alone who may act there.
pub fn view(page: &Page, by: &SignedIn, shown: &Shown, hold: &StoredHold) -> Hold {
    Hold {
        kind: page.t(hold.kind.label()),
        why: details::hold(page, hold),
        advice: page.t(words::advice(hold.kind)),
        placed: placed(page, shown, hold),
        action: action(page, shown, hold).filter(|_| may_act(by, shown, hold.kind)),
    }
}

fn placed(page: &Page, shown: &Shown, hold: &StoredHold) -> String {
    if hold.placed_us.0 == 0 {
        return String::new();
    }
    let name = hold
        .placed_by_id
        .and_then(|person| shown.placers.get(&person));
    let person = name.map_or("Countersign", String::as_str);
    let when = page.time(hold.placed_us.0);
    page.t2("bills-placed-by", "person", person, "when", when)
}

fn may_act(by: &SignedIn, shown: &Shown, kind: HoldKind) -> bool {
    let may = |permission| by.access.may_in(permission, shown.bill.entity_id);
    match kind {
        HoldKind::Unreadable
        | HoldKind::MissingFields
        | HoldKind::VendorUnknown
        | HoldKind::CreditNoteNegative => may(Permission::BillsEnter),
        HoldKind::Uncoded => may(Permission::BillsCode),
        HoldKind::VendorNotActive
        | HoldKind::VendorNameDiffers
        | HoldKind::VendorIdDiffers
        | HoldKind::BankAccountDiffers
        | HoldKind::DuplicateSuspected
        | HoldKind::NumberReused
        | HoldKind::TotalsDiffer
        | HoldKind::DocumentFindings
        | HoldKind::CurrencyUnsupported
        | HoldKind::AmountNotExact
        | HoldKind::Manual => true,
    }
}

fn action(page: &Page, shown: &Shown, hold: &StoredHold) -> Option<Action> {
    let bill = shown.bill.id;
    let (label, href) = match hold.kind {
        HoldKind::Unreadable
        | HoldKind::MissingFields
        | HoldKind::VendorUnknown
        | HoldKind::CreditNoteNegative => (msg!("bills-edit"), format!("/bills/{bill}/edit")),
        HoldKind::VendorNotActive
        | HoldKind::VendorNameDiffers
        | HoldKind::VendorIdDiffers
        | HoldKind::BankAccountDiffers => {
            let vendor = shown.bill.vendor_id?;
            (msg!("bills-vendor"), format!("/vendors/{vendor}"))
        }
        HoldKind::DuplicateSuspected | HoldKind::NumberReused => {
            let (_, other) = duplicate_of(&hold.detail)?;
            (msg!("bills-compare"), format!("/bills/{other}"))
        }
        HoldKind::Uncoded => (msg!("bills-code"), format!("/bills/{bill}/coding")),
        HoldKind::TotalsDiffer
        | HoldKind::DocumentFindings
        | HoldKind::CurrencyUnsupported
        | HoldKind::AmountNotExact
        | HoldKind::Manual => return None,
    };
    Some(Action {
        label: page.t(label),
        href,
    })
}
