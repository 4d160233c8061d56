//! What an approver sees: the inbox, and one page with all she needs to decide.

use askama::Template;

use super::rules::form::{TypedPolicy, field};
use crate::msg;
use crate::payables::bills::views::{BillLine, DocumentView, FactGroup};
use crate::platform::web::page::Page;
use crate::platform::web::view::{
    Badge, ChainStep, Event, Fact, Finding, FormErrors, Hold, Pager, Tab, Total,
};

/// `GET /approvals`: what waits for this person's decision, the most urgent first.
#[derive(Debug, Template)]
#[template(path = "payables/approvals/inbox.html")]
pub struct InboxPage {
    /// The page's context.
    pub page: Page,
    /// Waiting, decided by me.
    pub tabs: Vec<Tab>,
    /// The requests.
    pub rows: Vec<ApprovalRow>,
    /// The pages before and after.
    pub pager: Pager,
    /// Whether the rows are what this person decided: due dates are then moments of decision.
    pub decided: bool,
}

impl InboxPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-approvals");
}

impl DecidePage {
    /// The id of the section's name; the page's title is the bill's.
    pub const TITLE: &'static str = msg!("nav-approvals");
}

/// An approval request in the inbox.
#[derive(Debug, Clone)]
pub struct ApprovalRow {
    /// The bill's id, which is the request's address.
    pub id: String,
    /// The vendor's name.
    pub vendor: String,
    /// The invoice number.
    pub number: String,
    /// What was bought, in a few words.
    pub purpose: String,
    /// Amount with currency.
    pub amount: String,
    /// Due date.
    pub due_date: String,
    /// Whether the due date is near or past.
    pub urgent: bool,
    /// Why this person is asked.
    pub why_you: String,
    /// What to look at, if anything.
    pub remark: Option<Badge>,
    /// Who sent it.
    pub sent_by: String,
    /// Since when it waits.
    pub waiting_since: String,
}

/// `GET /approvals/{bill}`. Posts `digest`, `comment`, `decision` (`approve`, `send_back`, `reject`).
#[derive(Debug, Template)]
#[template(path = "payables/approvals/decide.html")]
pub struct DecidePage {
    /// The page's context.
    pub page: Page,
    /// The bill's id.
    pub id: String,
    /// The digest of what this page shows; the decision is bound to it.
    pub digest: String,
    /// The vendor's name.
    pub vendor: String,
    /// The invoice number.
    pub number: String,
    /// One line: kind, date, due, legal entity.
    pub summary: String,
    /// Amount with currency.
    pub amount: String,
    /// Why this person is asked.
    pub why_you: String,
    /// Which of the approvals hers would be, and under which version of the policy.
    pub step: Option<String>,
    /// Why this person may not decide, such as having entered the bill.
    pub blocked: Option<String>,
    /// The comment as typed.
    pub comment: String,
    /// What is wrong with the decision as sent.
    pub errors: FormErrors,
    /// What keeps it from being paid.
    pub holds: Vec<Hold>,
    /// The document.
    pub document: DocumentView,
    /// Account and vendor with their state, entered by, sent by, earlier bills.
    pub facts: Vec<Fact>,
    /// The bill's facts in groups, each with where it came from.
    pub groups: Vec<FactGroup>,
    /// The lines with their coding.
    pub lines: Vec<BillLine>,
    /// The document's totals.
    pub totals: Vec<Total>,
    /// The VAT breakdown (BG-23): one fact each.
    pub vat: Vec<Fact>,
    /// Who else decides.
    pub chain: Vec<ChainStep>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// What happened, the latest first.
    pub events: Vec<Event>,
}

/// `GET /approvals/policy`. Posts `version`, `band<n>-up-to`, `band<n>-approvals`, `last-approvals` and `then` (`set`, `add`).
#[derive(Debug, Template)]
#[template(path = "payables/approvals/policy.html")]
pub struct PolicyPage {
    /// The page's context.
    pub page: Page,
    /// The version in force.
    pub version: Option<i64>,
    /// Who set it, and when.
    pub set: String,
    /// The bands in force.
    pub bands: Vec<BandRow>,
    /// In which currencies the limits count.
    pub units: String,
    /// Versions that were in force before, the newest first.
    pub earlier: Vec<EarlierPolicy>,
    /// For whoever may set another one.
    pub form: Option<PolicyForm>,
}

impl PolicyPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-policy");
}

/// A band in words.
#[derive(Debug, Clone)]
pub struct BandRow {
    /// "Up to 1,000".
    pub amount: String,
    /// "1 person".
    pub approvals: String,
}

/// A version that was in force before.
#[derive(Debug, Clone)]
pub struct EarlierPolicy {
    /// From 1.
    pub version: i64,
    /// Its bands.
    pub bands: Vec<BandRow>,
    /// Who set it, and when.
    pub set: String,
}

/// Another version as it is typed.
#[derive(Debug, Clone)]
pub struct PolicyForm {
    /// The version that it takes the place of; 0 where there is none.
    pub seen: i64,
    /// The bands as typed.
    pub typed: TypedPolicy,
    /// What is wrong; a field is named as it is posted.
    pub errors: FormErrors,
}

impl PolicyForm {
    /// The name of a limit's field; bands count from 1.
    #[must_use]
    pub fn limit_field(&self, band: &usize) -> String {
        field(*band, "up-to")
    }

    /// The name of the field for how many approve.
    #[must_use]
    pub fn approvals_field(&self, band: &usize) -> String {
        field(*band, "approvals")
    }
}
