//! What the pages of payment runs show.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{
    Action, Badge, ChainStep, Choice, Fact, FormErrors, Notice, Pager,
};

/// `GET /payments`: the runs, the latest first.
#[derive(Debug, Template)]
#[template(path = "payables/payments/list.html")]
pub struct PaymentsPage {
    /// The page's context.
    pub page: Page,
    /// The runs.
    pub rows: Vec<RunRow>,
    /// The pages before and after.
    pub pager: Pager,
    /// Whether this person may propose a run.
    pub can_propose: bool,
}

impl PaymentsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-payments");
}

/// A run in a list.
#[derive(Debug, Clone)]
pub struct RunRow {
    /// The run's id.
    pub id: String,
    /// "Run 12".
    pub name: String,
    /// The account it pays from, masked.
    pub from_account: String,
    /// Execution date.
    pub date: String,
    /// Where it stands.
    pub state: Badge,
    /// For whom it waits.
    pub waits_for: Option<String>,
    /// How many payments.
    pub count: String,
    /// Their sum with currency.
    pub sum: String,
}

/// `GET /payments/propose`. Query: `account`, `due_until`. Posts `account`, `due_until`, `bill` (many),
/// `execution_date` to `/payments`.
#[derive(Debug, Template)]
#[template(path = "payables/payments/propose.html")]
pub struct ProposePage {
    /// The page's context.
    pub page: Page,
    /// Accounts to pay from, masked.
    pub accounts: Vec<Choice>,
    /// The chosen account's id.
    pub account: String,
    /// Until when bills count as due, `YYYY-MM-DD`.
    pub due_until: String,
    /// When the bank shall pay, `YYYY-MM-DD`.
    pub execution_date: String,
    /// What can be paid.
    pub rows: Vec<ProposedPayment>,
    /// The sum with currency.
    pub sum: String,
    /// What is due but can't be paid.
    pub left_out: Vec<LeftOut>,
    /// That more is due than is shown.
    pub more: Option<Notice>,
    /// That nobody is left to countersign it.
    pub left: Option<Notice>,
    /// What is wrong with the proposal as sent.
    pub errors: FormErrors,
}

impl ProposePage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("payments-propose");
}

/// A payment that can be proposed.
#[derive(Debug, Clone)]
pub struct ProposedPayment {
    /// The bill's id.
    pub bill_id: String,
    /// The vendor's name.
    pub vendor: String,
    /// The invoice number.
    pub number: String,
    /// The verified account, masked.
    pub account_masked: String,
    /// By whom and when it was verified.
    pub account_proof: String,
    /// Due date.
    pub due_date: String,
    /// Such as a discount that ends.
    pub remark: Option<String>,
    /// Amount with currency.
    pub amount: String,
}

/// A bill that is due and left out.
#[derive(Debug, Clone)]
pub struct LeftOut {
    /// The bill's id.
    pub bill_id: String,
    /// The vendor's name.
    pub vendor: String,
    /// The invoice number.
    pub number: String,
    /// Why.
    pub why: String,
    /// What to do about it.
    pub action: Option<Action>,
    /// Amount with currency.
    pub amount: String,
}

/// `GET /payments/{id}`: a run from its proposal to its settlement.
#[derive(Debug, Template)]
#[template(path = "payables/payments/run.html")]
pub struct RunPage {
    /// The page's context; its title is the run's name.
    pub page: Page,
    /// The run's id.
    pub id: String,
    /// The digest of the run as shown; every act names it.
    pub digest: String,
    /// Where it stands.
    pub state: Badge,
    /// One line: execution date, account, who proposed it.
    pub summary: String,
    /// The sum with currency.
    pub sum: String,
    /// What is wrong with its payments now.
    pub trouble: Option<Notice>,
    /// Payments in which one human had two duties because there are not enough others.
    pub conceded: Option<Notice>,
    /// The version that a step starts from.
    pub version: i64,
    /// Whether this person may take payments out.
    pub can_remove: bool,
    /// Whether this person may note that the bank returned a payment.
    pub can_return: bool,
    /// The payments that can be taken out.
    pub removable: Vec<Choice>,
    /// What is wrong with a step as sent.
    pub errors: FormErrors,
    /// The payments.
    pub rows: Vec<PaymentRow>,
    /// What was due and left out.
    pub left_out: Vec<LeftOut>,
    /// What comes next, and who does it.
    pub next_step: String,
    /// Why this person may not do it.
    pub blocked: Option<String>,
    /// What this person may do now.
    pub actions: Vec<RunAction>,
    /// The file, once it exists.
    pub file: Option<PaymentFile>,
    /// Account, message id, control sum, format.
    pub facts: Vec<Fact>,
    /// Proposed, countersigned, released, settled: by whom.
    pub chain: Vec<ChainStep>,
}

/// A payment of a run.
#[derive(Debug, Clone)]
pub struct PaymentRow {
    /// The bill's id.
    pub bill_id: String,
    /// The vendor's name.
    pub vendor: String,
    /// The invoice number.
    pub number: String,
    /// What the vendor reads: creditor reference or remittance information.
    pub remittance: String,
    /// The account, masked.
    pub account_masked: String,
    /// By whom and when it was verified.
    pub account_proof: String,
    /// Where the payment stands.
    pub state: Badge,
    /// Amount with currency.
    pub amount: String,
}

/// Something this person may do with the run; posts `digest` and `version` to `/payments/{id}/{verb}`.
#[derive(Debug, Clone)]
pub struct RunAction {
    /// `countersign`, `generate`, `release`, `settle`, `void`.
    pub verb: &'static str,
    /// Its name.
    pub label: String,
    /// Whether it is what comes next.
    pub primary: bool,
    /// Whether it takes something back.
    pub danger: bool,
    /// Whether it has to be explained.
    pub needs_reason: bool,
}

/// A payment file whose bytes are fixed.
#[derive(Debug, Clone)]
pub struct PaymentFile {
    /// The file's name.
    pub name: String,
    /// Its size, such as "14 kB".
    pub size: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}
