//! One invoice by the business terms of EN 16931-1:2017, whatever syntax it came in.
//!
//! Everything is optional or a list: the model holds what the document said, and what is missing is for the rules to
//! say. Texts are trimmed at both ends. Decimals keep the document's digits (`12.50` stays `12.50`).

mod line;
mod party;
mod payment;
mod value;

pub use line::{Item, ItemAttribute, ItemClassification, Line, Price};
pub use party::{Address, Contact, Delivery, Party};
pub use payment::{CreditTransfer, Payment, PaymentCard, PaymentMeans};
pub use value::{Amount, Currency, Identifier, NoCurrency, Period, Quantity, Sensitive};

use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An invoice or credit note (the document itself, EN 16931-1 clause 6.3).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Invoice {
    /// BT-1.
    pub number: Option<String>,
    /// BT-2.
    pub issue_date: Option<Date>,
    /// BT-3, a code of UNTDID 1001 (380 invoice, 381 credit note, 384 corrected, 389 self-billed, ...).
    pub type_code: Option<String>,
    /// BT-5.
    pub currency: Option<Currency>,
    /// BT-6.
    pub tax_currency: Option<Currency>,
    /// BT-7.
    pub tax_point_date: Option<Date>,
    /// BT-8, as the syntax codes it (UNTDID 2005 in UBL, 2475 in CII).
    pub tax_point_code: Option<String>,
    /// BT-9.
    pub due_date: Option<Date>,
    pub references: References,
    /// BG-1.
    pub notes: Vec<Note>,
    /// BT-23.
    pub business_process: Option<String>,
    /// BT-24; see [`crate::profile::Profile`].
    pub specification: Option<String>,
    /// BG-3.
    pub preceding_invoices: Vec<PrecedingInvoice>,
    /// BG-4.
    pub seller: Party,
    /// BG-7.
    pub buyer: Party,
    /// BG-10.
    pub payee: Option<Party>,
    /// BG-11.
    pub tax_representative: Option<Party>,
    /// BG-13.
    pub delivery: Option<Delivery>,
    /// BG-14.
    pub period: Option<Period>,
    /// BG-16.
    pub payment: Payment,
    /// BG-20.
    pub allowances: Vec<AllowanceCharge>,
    /// BG-21.
    pub charges: Vec<AllowanceCharge>,
    /// BG-22.
    pub totals: Totals,
    /// BG-23.
    pub vat_breakdown: Vec<VatBreakdown>,
    /// BG-24.
    pub supporting_documents: Vec<SupportingDocument>,
    /// BG-25.
    pub lines: Vec<Line>,
}

/// The references of the document level.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct References {
    /// BT-10.
    pub buyer: Option<String>,
    /// BT-11.
    pub project: Option<String>,
    /// BT-12.
    pub contract: Option<String>,
    /// BT-13.
    pub purchase_order: Option<String>,
    /// BT-14.
    pub sales_order: Option<String>,
    /// BT-15.
    pub receiving_advice: Option<String>,
    /// BT-16.
    pub despatch_advice: Option<String>,
    /// BT-17.
    pub tender_or_lot: Option<String>,
    /// BT-18.
    pub invoiced_object: Option<Identifier>,
    /// BT-19.
    pub buyer_accounting: Option<String>,
}

/// BG-1.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// BT-21, UNTDID 4451; in UBL the `#CODE#` before the text.
    pub subject_code: Option<String>,
    /// BT-22.
    pub text: String,
}

/// BG-3.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrecedingInvoice {
    /// BT-25.
    pub number: Option<String>,
    /// BT-26.
    pub issue_date: Option<Date>,
}

/// An allowance or a charge: BG-20, BG-21, and without VAT BG-27, BG-28.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct AllowanceCharge {
    /// BT-92, BT-99, BT-136, BT-141.
    pub amount: Option<Amount>,
    /// BT-93, BT-100, BT-137, BT-142.
    pub base_amount: Option<Amount>,
    /// BT-94, BT-101, BT-138, BT-143; in percent.
    pub percentage: Option<Decimal>,
    /// BT-95, BT-102, UNTDID 5305.
    pub vat_category: Option<String>,
    /// BT-96, BT-103; in percent.
    pub vat_rate: Option<Decimal>,
    /// BT-97, BT-104, BT-139, BT-144.
    pub reason: Option<String>,
    /// BT-98, BT-140 (UNTDID 5189), BT-105, BT-145 (UNTDID 7161).
    pub reason_code: Option<String>,
}

/// BG-22. As the document gives them; nothing is recalculated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Totals {
    /// BT-106.
    pub line_net: Option<Amount>,
    /// BT-107.
    pub allowances: Option<Amount>,
    /// BT-108.
    pub charges: Option<Amount>,
    /// BT-109.
    pub without_vat: Option<Amount>,
    /// BT-110, in the invoice currency.
    pub vat: Option<Amount>,
    /// BT-111, in the accounting currency BT-6.
    pub vat_in_tax_currency: Option<Amount>,
    /// BT-112.
    pub with_vat: Option<Amount>,
    /// BT-113.
    pub paid: Option<Amount>,
    /// BT-114.
    pub rounding: Option<Amount>,
    /// BT-115.
    pub due: Option<Amount>,
}

/// BG-23.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct VatBreakdown {
    /// BT-116.
    pub taxable: Option<Amount>,
    /// BT-117.
    pub tax: Option<Amount>,
    /// BT-118, UNTDID 5305.
    pub category: Option<String>,
    /// BT-119; in percent.
    pub rate: Option<Decimal>,
    /// BT-120.
    pub exemption_reason: Option<String>,
    /// BT-121, the CEF VATEX list.
    pub exemption_reason_code: Option<String>,
}

/// BG-24.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SupportingDocument {
    /// BT-122.
    pub reference: Option<String>,
    /// BT-123.
    pub description: Option<String>,
    /// BT-124.
    pub location: Option<String>,
    /// BT-125.
    pub embedded: Option<Embedded>,
}

/// BT-125: where an embedded file stands in the document. The content stays there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Embedded {
    /// BT-125-1.
    pub mime: Option<String>,
    /// BT-125-2, as the document gives it: not safe as a name on disk.
    pub filename: Option<String>,
    /// Where the content of its element begins, in bytes of the document as it arrived.
    pub offset: u64,
    /// How many bytes that content takes there: base64 with white space and, rarely, references or a CDATA section.
    pub len: u64,
}
