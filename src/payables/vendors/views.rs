//! What the pages of vendors and their bank accounts show.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{
    Badge, ChainStep, Choice, Event, Fact, FormErrors, Notice, Pager, Tab,
};

/// `GET /vendors`. Query: `view`, `q`, `after`.
#[derive(Debug, Template)]
#[template(path = "payables/vendors/list.html")]
pub struct VendorsPage {
    /// The page's context.
    pub page: Page,
    /// The views: a state each, and all.
    pub tabs: Vec<Tab>,
    /// The text searched for.
    pub query: String,
    /// The view that is open, so that a search stays in it.
    pub view: String,
    /// Whether this person may make vendors.
    pub can_edit: bool,
    /// The vendors.
    pub rows: Vec<VendorRow>,
    /// The pages before and after.
    pub pager: Pager,
}

impl VendorsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-vendors");
}

/// A vendor in a list.
#[derive(Debug, Clone)]
pub struct VendorRow {
    /// The vendor's id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Town and country, or number.
    pub place: String,
    /// Where the vendor stands.
    pub state: Badge,
    /// How many bills are open.
    pub open_bills: String,
}

/// `GET /vendors/{id}`.
#[derive(Debug, Template)]
#[template(path = "payables/vendors/show.html")]
pub struct VendorPage {
    /// The page's context; its title is the vendor's name.
    pub page: Page,
    /// The vendor's id.
    pub id: String,
    /// Where the vendor stands.
    pub state: Badge,
    /// One line: number, since when, who asked for it.
    pub summary: String,
    /// What keeps it from being paid.
    pub warning: Option<Notice>,
    /// Its bank accounts, the latest first.
    pub accounts: Vec<AccountRow>,
    /// Its latest bills.
    pub bills: Vec<VendorBill>,
    /// Master data with sources.
    pub facts: Vec<Fact>,
    /// What happened, the latest first.
    pub events: Vec<Event>,
    /// Whether this person may edit it.
    pub can_edit: bool,
    /// The states to which this person may move it.
    pub steps: Vec<StatusStep>,
    /// The version that a step starts from.
    pub version: i64,
    /// What is wrong with a step as sent.
    pub errors: FormErrors,
    /// Whether this person may enter a bank account.
    pub can_add_account: bool,
    /// The vendor's sealed numbers, to be asked for in full: each one's name there, and what it is called.
    pub ids: Vec<Choice>,
    /// Where it says who saw them.
    pub seen: String,
}

/// A state that a vendor can be moved to; posts `version`, `to`, `reason` to `/vendors/{id}/status`.
#[derive(Debug, Clone)]
pub struct StatusStep {
    /// The state's word.
    pub to: &'static str,
    /// What the button says.
    pub label: String,
    /// Whether it is what usually comes next.
    pub primary: bool,
    /// Whether it stops payments.
    pub danger: bool,
}

/// `GET /vendors/new` and `GET /vendors/{id}/edit`.
#[derive(Debug, Template)]
#[template(path = "payables/vendors/edit.html")]
pub struct VendorEditPage {
    /// The page's context.
    pub page: Page,
    /// Where the form is sent.
    pub action: String,
    /// Where leaving leads.
    pub back: String,
    /// What others changed while this form was typed, the latest first.
    pub meanwhile: Vec<Event>,
    /// The values as typed.
    pub form: VendorForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl VendorEditPage {
    /// The id of the title of a new vendor's page.
    pub const TITLE_NEW: &'static str = msg!("vendors-new");
    /// The id of the title of an existing vendor's page.
    pub const TITLE: &'static str = msg!("vendors-title-edit");
}

/// A vendor's data as typed. Ids that are stored are shown masked, in the hint; those just typed come back to whoever typed them.
#[derive(Clone, Default)]
pub struct VendorForm {
    pub version: i64,
    pub name: String,
    /// One a line.
    pub other_names: String,
    pub vat_id: String,
    pub vat_id_hint: String,
    pub legal_id: String,
    pub legal_id_hint: String,
    pub street: String,
    pub building: String,
    pub post_code: String,
    pub town: String,
    pub country: String,
    pub terms_days: String,
    pub default_gl_account: String,
    pub default_cost_centre: String,
}

impl std::fmt::Debug for VendorForm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // A tax id must not reach a log through a page's Debug.
        formatter.write_str("VendorForm { .. }")
    }
}

/// `GET /vendors/{id}/accounts/{account}`: an account with its steps, masked.
#[derive(Debug, Template)]
#[template(path = "payables/vendors/account.html")]
pub struct AccountPage {
    /// The page's context; its title is the masked account.
    pub page: Page,
    /// The vendor's id.
    pub vendor_id: String,
    /// Its name.
    pub vendor: String,
    /// The account's id.
    pub account_id: String,
    /// That the same IBAN was rejected or replaced before.
    pub warnings: Vec<Notice>,
    /// Holder, state, currency.
    pub facts: Vec<Fact>,
    /// Its name where somebody asks to see it in full.
    pub in_full: String,
    /// Where it says who saw it.
    pub seen: String,
    /// Whether this person may reject it.
    pub can_reject: bool,
    /// Its steps, the latest first.
    pub events: Vec<Event>,
    /// What is wrong.
    pub errors: FormErrors,
}

/// A bank account of a vendor; never in the clear.
#[derive(Debug, Clone)]
pub struct AccountRow {
    /// The account's id.
    pub id: String,
    /// All but the last four characters masked.
    pub masked: String,
    /// Its name where somebody asks to see it in full.
    pub in_full: String,
    /// The account holder.
    pub holder: String,
    /// Where it stands.
    pub state: Badge,
    /// What that means, such as "payable from 12 Nov 2026".
    pub explained: String,
    /// Who entered it and when.
    pub entered_by: String,
    /// Who verified it and when.
    pub verified_by: Option<String>,
    /// Whether this person may verify it now.
    pub can_verify: bool,
}

/// A bill on its vendor's page.
#[derive(Debug, Clone)]
pub struct VendorBill {
    /// The bill's id.
    pub id: String,
    /// The invoice number.
    pub number: String,
    /// Due date.
    pub due_date: String,
    /// Where processing stands.
    pub state: Badge,
    /// Amount with currency.
    pub amount: String,
}

/// `GET /vendors/{id}/accounts/new`; posts to `/vendors/{id}/accounts`.
#[derive(Debug, Template)]
#[template(path = "payables/vendors/account_new.html")]
pub struct AccountNewPage {
    /// The page's context.
    pub page: Page,
    /// The vendor's id.
    pub vendor_id: String,
    /// Its name.
    pub vendor: String,
    /// The values as typed; the IBAN comes back empty after an error elsewhere in the form.
    pub form: AccountForm,
    /// How it became known: contract, portal, letter, call, e-mail.
    pub sources: Vec<Choice>,
    /// What is wrong.
    pub errors: FormErrors,
    /// Entered, call back, cooling off, payable.
    pub chain: Vec<ChainStep>,
}

impl AccountNewPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("vendors-account-add");
}

/// A bank account as typed.
#[derive(Clone, Default)]
pub struct AccountForm {
    /// Account holder.
    pub holder: String,
    /// IBAN (ISO 13616).
    pub iban: String,
    /// BIC (ISO 9362).
    pub bic: String,
    /// ISO 4217.
    pub currency: String,
    /// What the person saw.
    pub evidence: String,
}

impl std::fmt::Debug for AccountForm {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An IBAN must not reach a log through a page's Debug.
        formatter.write_str("AccountForm { .. }")
    }
}

/// `GET /vendors/{id}/accounts/{account}/verify`. Posts `digest`, `last_four`, `spoke_with`, `number`,
/// `number_known_from`, `comment`, `decision` (`verify`, `reject`).
#[derive(Debug, Template)]
#[template(path = "payables/vendors/account_verify.html")]
pub struct AccountVerifyPage {
    /// The page's context.
    pub page: Page,
    /// The vendor's id.
    pub vendor_id: String,
    /// Its name.
    pub vendor: String,
    /// The account's id.
    pub account_id: String,
    /// The digest of the account as shown; the verification is bound to it.
    pub digest: String,
    /// Why this person may not verify, such as having entered the account.
    pub blocked: Option<String>,
    /// That the same IBAN was rejected or replaced before.
    pub warnings: Vec<Notice>,
    /// Holder, how it became known, evidence, number to call.
    pub facts: Vec<Fact>,
    /// The values as typed.
    pub form: VerifyForm,
    /// What is wrong.
    pub errors: FormErrors,
    /// Entered, call back, cooling off, payable.
    pub chain: Vec<ChainStep>,
}

impl AccountVerifyPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("vendors-title-verify");
}

/// A verification as typed.
#[derive(Debug, Clone, Default)]
pub struct VerifyForm {
    /// Whom the person spoke with.
    pub spoke_with: String,
    /// The number that was called.
    pub number: String,
    /// From where that number is known.
    pub number_known_from: String,
    /// Notes of the call.
    pub comment: String,
}
