//! What somebody should know before she sends a bill to approval.

use crate::msg;
use crate::payables::approvals::rules::RequestStatus;
use crate::payables::bills::actions::Shown;
use crate::payables::bills::rules::Processing;
use crate::platform::store::journal::read::Told;
use crate::platform::web::page::Page;
use crate::platform::web::view::{Notice, Tone};

/// Why an approval is void, as long as nobody asked for another; and that an approval binds the vendor's account, where
/// there is none yet.
pub fn notices(page: &Page, shown: &Shown, can_send: bool) -> Vec<Notice> {
    let mut texts = Vec::new();
    let is_void = shown
        .request
        .as_ref()
        .is_some_and(|request| request.status == RequestStatus::Voided);
    if is_void && shown.bill.processing == Processing::Coding {
        texts.push(match cause(shown) {
            Some("bank-account.verified") => msg!("bills-void-account-verified"),
            Some("bank-account.rejected") => msg!("bills-void-account-rejected"),
            _ => msg!("bills-void-changed"),
        });
    }
    if can_send && shown.known_account.is_none() {
        texts.push(msg!("bills-account-before-approval"));
    }
    let notice = |id| Notice {
        tone: Tone::Warn,
        text: page.t(id),
    };
    texts.into_iter().map(notice).collect()
}

/// What the newest entry about a void approval names.
fn cause(shown: &Shown) -> Option<&str> {
    let voided = |told: &&Told| told.action == "approval.voided";
    let newest = |told: &&Told| told.object_version;
    let told = shown.history.iter().filter(voided).max_by_key(newest)?;
    told.after("cause")
}
