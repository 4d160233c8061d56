//! What the pages of bills show: flat, in the reader's language, filled by `pages.rs`.

use askama::Template;

use crate::msg;
use crate::platform::web::page::Page;
use crate::platform::web::view::{
    Axis, Badge, ChainStep, Choice, Event, Fact, Finding, FormErrors, Hold, Notice, Pager, Tab,
    Total,
};

/// `GET /bills`: the bills of a view, filtered, the newest first. Query: `view`, `q`, `vendor`, `due`, `after`.
#[derive(Debug, Template)]
#[template(path = "payables/bills/list.html")]
pub struct BillsPage {
    /// The page's context.
    pub page: Page,
    /// Whether this person may add bills.
    pub can_add: bool,
    /// The views: all, to type, to code, in approval, approved, on hold.
    pub tabs: Vec<Tab>,
    /// The open view's key.
    pub view: String,
    /// The text searched for.
    pub query: String,
    /// Vendors to filter by; the first means all.
    pub vendors: Vec<Choice>,
    /// Due dates to filter by; the first means all.
    pub due: Vec<Choice>,
    /// Those for whom the reader decides, to filter by what waits for them; none where there is nobody.
    pub decided_for: Vec<Choice>,
    /// Whether a filter is set.
    pub filtered: bool,
    /// Vendor, amount, date, due, processing, payment, holds.
    pub columns: Vec<Column>,
    /// The bills.
    pub rows: Vec<BillRow>,
    /// The pages before and after.
    pub pager: Pager,
}

impl BillsPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("nav-bills");
}

/// A column's heading.
#[derive(Debug, Clone)]
pub struct Column {
    /// The column's name.
    pub label: String,
    /// Whether the column holds numbers.
    pub numeric: bool,
}

/// A bill in a list.
#[derive(Debug, Clone)]
pub struct BillRow {
    /// The bill's id.
    pub id: String,
    /// The vendor's name.
    pub vendor: String,
    /// The invoice number (BT-1).
    pub number: String,
    /// Amount with currency.
    pub amount: String,
    /// Invoice date (BT-2).
    pub invoice_date: String,
    /// Due date (BT-9).
    pub due_date: String,
    /// Whether it is past due and unpaid.
    pub overdue: bool,
    /// Where processing stands.
    pub processing: Badge,
    /// For whom or what it waits.
    pub waits_for: Option<String>,
    /// Where payment stands.
    pub payment: Badge,
    /// "2 holds", if there are any.
    pub holds: Option<Badge>,
}

/// A document beside the facts.
#[derive(Debug, Clone)]
pub struct DocumentView {
    /// The file's name as received.
    pub name: String,
    /// Where the original bytes are downloaded; none where the bill was typed without a document.
    pub download_href: Option<String>,
    /// Other views or documents of the bill.
    pub tabs: Vec<Tab>,
    /// Page images made on the server, in order.
    pub images: Vec<PageImage>,
    /// What of the pages is not shown, if anything.
    pub cut: Option<String>,
    /// The structured invoice made readable, where there are no page images.
    pub readable: Option<ReadableInvoice>,
}

/// One page of a document as an image of ours.
#[derive(Debug, Clone)]
pub struct PageImage {
    /// Its address, on this server.
    pub src: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// A structured invoice rendered for people.
#[derive(Debug, Clone)]
pub struct ReadableInvoice {
    /// "Invoice 4711".
    pub title: String,
    /// Header, parties, delivery, payment, lines, VAT, totals.
    pub sections: Vec<FactGroup>,
    /// What of it is not shown, if anything.
    pub cut: Option<String>,
}

/// `GET /bills/{id}`: the document, the facts with their sources, holds, decisions, history.
#[derive(Debug, Template)]
#[template(path = "payables/bills/show.html")]
pub struct BillPage {
    /// The page's context.
    pub page: Page,
    /// The bill's id.
    pub id: String,
    /// The version that a change must name, so that it can't overwrite another's.
    pub version: i64,
    /// The vendor's name.
    pub vendor: String,
    /// The invoice number.
    pub number: String,
    /// One line: kind, date, due, legal entity.
    pub summary: String,
    /// The amount to pay with currency.
    pub amount: String,
    /// Processing, posting, payment, match.
    pub axes: Vec<Axis>,
    /// Why it can't be paid yet; empty where nothing on it is in the way.
    pub not_payable: Vec<String>,
    /// What to know before sending it to approval.
    pub notices: Vec<Notice>,
    /// What keeps it from being paid.
    pub holds: Vec<OpenHold>,
    /// What is wrong with a form of this page as sent.
    pub errors: FormErrors,
    /// The document.
    pub document: DocumentView,
    /// The facts in groups: invoice, vendor, payment.
    pub groups: Vec<FactGroup>,
    /// The lines with their coding.
    pub lines: Vec<BillLine>,
    /// The document's totals.
    pub totals: Vec<Total>,
    /// The VAT breakdown (BG-23): one fact each.
    pub vat: Vec<Fact>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// Who must approve.
    pub chain: Vec<ChainStep>,
    /// What happened, the latest first.
    pub events: Vec<Event>,
    /// Whether this person may type facts now.
    pub can_type: bool,
    /// Whether this person may code now.
    pub can_code: bool,
    /// Whether this person may send it to approval now.
    pub can_send: bool,
    /// Whether it waits for this person's decision.
    pub can_decide: bool,
    /// Whether this person may hold it now.
    pub can_hold: bool,
    /// Whether this person may settle it without a payment now.
    pub can_settle: bool,
    /// Whether this person may cancel, reject or dispute it now.
    pub can_close: bool,
}

/// A hold with the way to release it.
#[derive(Debug, Clone)]
pub struct OpenHold {
    /// The hold.
    pub hold: Hold,
    /// What a release names it by: its id, or its kind while it has no row.
    pub name: String,
    /// Its figures in no language: a release of what has no row repeats them.
    pub detail: String,
    /// Whether this person may release it with a reason.
    pub can_release: bool,
}

/// `GET /bills/{id}/cancel`, `reject`, `dispute`. Posts `version` and `reason`.
#[derive(Debug, Template)]
#[template(path = "payables/bills/close.html")]
pub struct ClosePage {
    /// The page's context.
    pub page: Page,
    /// The bill's id.
    pub id: String,
    /// The version that the change must name.
    pub version: i64,
    /// Vendor, number and amount.
    pub bill: String,
    /// `cancel`, `reject` or `dispute`.
    pub way: &'static str,
    /// What it means.
    pub lead: String,
    /// The reason as typed.
    pub reason: String,
    /// What others changed while this form was typed, the latest first.
    pub meanwhile: Vec<Event>,
    /// What is wrong.
    pub errors: FormErrors,
}

/// Facts under a heading.
#[derive(Debug, Clone)]
pub struct FactGroup {
    /// The heading.
    pub title: String,
    /// The facts.
    pub facts: Vec<Fact>,
}

/// A line with its coding.
#[derive(Debug, Clone)]
pub struct BillLine {
    /// What was bought.
    pub description: String,
    /// Quantity and price in one.
    pub quantity: String,
    /// GL account with its name; `None` while not coded.
    pub gl_account: Option<String>,
    /// Cost centre.
    pub cost_centre: Option<String>,
    /// VAT rate.
    pub vat_rate: String,
    /// Net amount.
    pub net: String,
}

/// `GET /bills/{id}/coding`. Posts `version`, `<key>-account`, `<key>-centre`, `<key>-amount` for each part, and either
/// `split=<line key>` or `then=send|stay`.
#[derive(Debug, Template)]
#[template(path = "payables/bills/code.html")]
pub struct CodePage {
    /// The page's context.
    pub page: Page,
    /// The bill's id.
    pub id: String,
    /// The version the change must name.
    pub version: u32,
    /// The vendor's name.
    pub vendor: String,
    /// The invoice number.
    pub number: String,
    /// The amount with currency.
    pub amount: String,
    /// The document.
    pub document: DocumentView,
    /// The lines to code.
    pub lines: Vec<CodeLine>,
    /// All GL accounts, as suggestions.
    pub gl_accounts: Vec<Choice>,
    /// All cost centres, as suggestions.
    pub cost_centres: Vec<Choice>,
    /// Coded, still open, total.
    pub totals: Vec<Total>,
    /// What others changed while this form was typed, the latest first.
    pub meanwhile: Vec<Event>,
    /// What is wrong; a field is named as it is posted.
    pub errors: FormErrors,
}

impl CodePage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("bills-code");
}

/// A line to code.
#[derive(Debug, Clone)]
pub struct CodeLine {
    /// Stands for the line in `split`.
    pub key: String,
    /// What was bought.
    pub description: String,
    /// Quantity and price.
    pub quantity: String,
    /// Net amount.
    pub net: String,
    /// Its distributions; one until it is split.
    pub parts: Vec<CodePart>,
}

/// A distribution of a line, as typed.
#[derive(Debug, Clone)]
pub struct CodePart {
    /// Stands for the part in the names of its fields, such as `l1p1`.
    pub key: String,
    /// GL account as typed.
    pub gl_account: String,
    /// Cost centre as typed.
    pub cost_centre: String,
    /// Net amount as typed.
    pub amount: String,
}

impl CodePart {
    /// The name of the account's field.
    pub fn account_field(&self) -> String {
        format!("{}-account", self.key)
    }

    /// The name of the cost centre's field.
    pub fn centre_field(&self) -> String {
        format!("{}-centre", self.key)
    }

    /// The name of the amount's field.
    pub fn amount_field(&self) -> String {
        format!("{}-amount", self.key)
    }
}

/// `GET /bills/{id}/edit`: what no reader found, typed with the document beside it.
#[derive(Debug, Template)]
#[template(path = "payables/bills/edit.html")]
pub struct EditPage {
    /// The page's context.
    pub page: Page,
    /// The bill's id.
    pub id: String,
    /// The version the change must name.
    pub version: i64,
    /// The document.
    pub document: DocumentView,
    /// Invoice, credit note, prepayment, self-billed.
    pub kinds: Vec<Choice>,
    /// What an empty amount to pay means, and whether the one that is kept fits the total.
    pub payable_hint: String,
    /// What others changed while this form was typed, the latest first.
    pub meanwhile: Vec<Event>,
    /// The values as typed.
    pub form: BillForm,
    /// What is wrong.
    pub errors: FormErrors,
}

impl EditPage {
    /// The id of the page's title.
    pub const TITLE: &'static str = msg!("bills-edit");
}

/// A bill as typed; every field as it was sent.
#[derive(Debug, Clone, Default)]
pub struct BillForm {
    /// Vendor's name (BT-27).
    pub vendor_name: String,
    /// Vendor's VAT id (BT-31).
    pub vendor_vat_id: String,
    /// IBAN on the document (BT-84).
    pub iban: String,
    /// Invoice number (BT-1).
    pub number: String,
    /// Purchase order (BT-13).
    pub purchase_order: String,
    /// Invoice date (BT-2), `YYYY-MM-DD`.
    pub invoice_date: String,
    /// Due date (BT-9), `YYYY-MM-DD`.
    pub due_date: String,
    /// Currency (BT-5), ISO 4217.
    pub currency: String,
    /// Total without VAT (BT-109).
    pub net: String,
    /// Total VAT (BT-110).
    pub vat: String,
    /// Total with VAT (BT-112).
    pub total: String,
    /// Amount to pay (BT-115).
    pub payable: String,
    /// Remittance information (BT-83).
    pub payment_reference: String,
}
