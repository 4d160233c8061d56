//! From an invoice as it was read to the rows of a bill. Nothing is computed: amounts are the document's own, exact or absent.

use countersign_einvoice::check::{Finding, Level, RuleId};
use countersign_einvoice::facts::TermPath;
use countersign_einvoice::model::{AllowanceCharge, Amount, Invoice, Line};
use countersign_einvoice::terms::Term;
use countersign_money::{Currency, Money};
use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::payables::bills::rules::{BillField, BillKind};

/// Longest text of a header field kept, in characters; the document has the rest.
const HEADER_CHARS: usize = 200;
/// Longest text of a line kept, in characters.
const LINE_CHARS: usize = 2_000;

/// A bill as a document gives it. Amounts are minor units of `currency`.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub vendor_name: String,
    pub kind: Option<BillKind>,
    pub number: String,
    pub issue_date: Option<Date>,
    pub due_date: Option<Date>,
    pub currency: Option<Currency>,
    pub net_minor: Option<i64>,
    pub tax_minor: Option<i64>,
    pub gross_minor: Option<i64>,
    pub prepaid_minor: Option<i64>,
    pub rounding_minor: Option<i64>,
    pub payable_minor: Option<i64>,
    pub payment_reference: String,
    pub purchase_order: String,
    pub lines: Vec<DraftLine>,
    pub vat: Vec<DraftVat>,
    /// The fields that the document gives.
    pub fields: Vec<BillField>,
    /// What could not be kept as the document gives it.
    pub findings: Vec<Finding>,
}

/// A line; see `payables::bills::store::BillLine`.
#[derive(Debug, Clone, Default)]
pub struct DraftLine {
    pub label: String,
    pub description: String,
    pub quantity: String,
    pub unit: String,
    pub unit_price: String,
    pub net_minor: Option<i64>,
    pub vat_category: String,
    pub vat_rate: String,
}

/// An entry of the VAT breakdown.
#[derive(Debug, Clone, Default)]
pub struct DraftVat {
    pub category: String,
    pub rate: String,
    pub basis_minor: Option<i64>,
    pub tax_minor: Option<i64>,
}

/// One line of text that any database can hold: no control characters, and no more than `most` characters.
#[must_use]
pub fn clean(text: &str, most: usize) -> String {
    let plain = text.trim().chars().take(most);
    plain
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}

fn header(text: &Option<String>) -> String {
    clean(text.as_deref().unwrap_or_default(), HEADER_CHARS)
}

fn short(text: Option<&str>) -> String {
    clean(text.unwrap_or_default(), HEADER_CHARS)
}

fn percent(rate: Option<Decimal>) -> String {
    rate.map(|rate| rate.normalize().to_string())
        .unwrap_or_default()
}

impl Draft {
    /// The draft of an invoice.
    #[must_use]
    pub fn of(invoice: &Invoice) -> Self {
        let mut draft = Self {
            vendor_name: header(&invoice.seller.name),
            kind: invoice.type_code.as_deref().map(BillKind::of_type_code),
            number: header(&invoice.number),
            issue_date: invoice.issue_date,
            due_date: invoice.due_date,
            payment_reference: header(&invoice.payment.remittance_information),
            purchase_order: header(&invoice.references.purchase_order),
            ..Self::default()
        };
        draft.currency = draft.currency_of(invoice);
        draft.totals(invoice);
        draft.lines(invoice);
        draft.vat = (1..)
            .zip(&invoice.vat_breakdown)
            .map(|(position, entry)| DraftVat {
                category: short(entry.category.as_deref()),
                rate: percent(entry.rate),
                basis_minor: draft.amount(&entry.taxable, Term::Bt116, position),
                tax_minor: draft.amount(&entry.tax, Term::Bt117, position),
            })
            .collect();
        draft.note_fields(invoice);
        draft
    }

    fn finding(&mut self, rule: &'static str, term: TermPath, message: String) {
        self.findings.push(Finding {
            rule: RuleId::of(rule),
            level: Level::Fatal,
            position: None,
            term: Some(term),
            message,
        });
    }

    fn currency_of(&mut self, invoice: &Invoice) -> Option<Currency> {
        let code = invoice.currency?;
        match code.as_str().parse() {
            Ok(currency) => Some(currency),
            Err(error) => {
                let message =
                    format!("{error}. Ask the vendor for a corrected document, or type the bill.");
                self.finding("CS-INTAKE-CURRENCY", TermPath::once(Term::Bt5), message);
                None
            }
        }
    }

    /// The amount in minor units, if the currency holds it exactly; a finding if it does not.
    fn amount(&mut self, amount: &Option<Amount>, term: Term, position: u32) -> Option<i64> {
        let (amount, currency) = ((*amount)?, self.currency?);
        let path = TermPath {
            term,
            outer: position,
            inner: 0,
        };
        if let Some(other) = amount
            .currency
            .filter(|other| other.as_str() != currency.code())
        {
            let message = format!(
                "The amount is in {other}, the document in {currency}. It was left out: type it from the document, or \
                 ask the vendor for a corrected one."
            );
            self.finding("CS-INTAKE-AMOUNT", path, message);
            return None;
        }
        match Money::from_decimal_exact(amount.value, currency) {
            Ok(money) => Some(money.minor()),
            Err(error) => {
                let message = format!(
                    "{error}. Nothing is rounded here, so it was left out: type it as it is to be paid, or ask the \
                     vendor for a corrected document."
                );
                self.finding("CS-INTAKE-AMOUNT", path, message);
                None
            }
        }
    }

    fn totals(&mut self, invoice: &Invoice) {
        let totals = &invoice.totals;
        self.net_minor = self.amount(&totals.without_vat, Term::Bt109, 0);
        self.tax_minor = self.amount(&totals.vat, Term::Bt110, 0);
        self.gross_minor = self.amount(&totals.with_vat, Term::Bt112, 0);
        self.prepaid_minor = self.amount(&totals.paid, Term::Bt113, 0);
        self.rounding_minor = self.amount(&totals.rounding, Term::Bt114, 0);
        self.payable_minor = self.amount(&totals.due, Term::Bt115, 0);
    }

    fn lines(&mut self, invoice: &Invoice) {
        for (position, line) in (1..).zip(&invoice.lines) {
            let line = self.line(line, position);
            self.lines.push(line);
        }
        let groups = [
            (&invoice.allowances, "BG-20", Term::Bt92, -1),
            (&invoice.charges, "BG-21", Term::Bt99, 1),
        ];
        for (all, group, term, sign) in groups {
            for (position, entry) in (1..).zip(all) {
                let amount = self.amount(&entry.amount, term, position);
                self.lines.push(document_level(
                    entry,
                    format!("{group}[{position}]"),
                    amount.map(|minor| minor * sign),
                ));
            }
        }
        // A profile without lines still has something to code: the net total, by VAT rate where the document says so.
        if invoice.lines.is_empty() && self.lines.is_empty() {
            self.lines_of_totals(invoice);
        }
    }

    fn lines_of_totals(&mut self, invoice: &Invoice) {
        for (position, entry) in (1..).zip(&invoice.vat_breakdown) {
            let net_minor = self.amount(&entry.taxable, Term::Bt116, position);
            self.lines.push(DraftLine {
                label: format!("BG-23[{position}]"),
                net_minor,
                vat_category: short(entry.category.as_deref()),
                vat_rate: percent(entry.rate),
                ..DraftLine::default()
            });
        }
        if self.lines.is_empty() && self.net_minor.is_some() {
            self.lines.push(DraftLine {
                label: "BT-109".to_owned(),
                net_minor: self.net_minor,
                ..DraftLine::default()
            });
        }
    }

    fn line(&mut self, line: &Line, position: u32) -> DraftLine {
        let texts = [line.item.name.as_deref(), line.item.description.as_deref()];
        let description: Vec<&str> = texts.into_iter().flatten().collect();
        let quantity = line.quantity.as_ref();
        DraftLine {
            label: short(line.id.as_deref()),
            description: clean(&description.join(" \u{2013} "), LINE_CHARS),
            quantity: quantity.map(|q| q.value.to_string()).unwrap_or_default(),
            unit: short(quantity.and_then(|q| q.unit.as_deref())),
            unit_price: line
                .price
                .net
                .map(|price| price.value.to_string())
                .unwrap_or_default(),
            net_minor: self.amount(&line.net_amount, Term::Bt131, position),
            vat_category: short(line.vat_category.as_deref()),
            vat_rate: percent(line.vat_rate),
        }
    }

    fn note_fields(&mut self, invoice: &Invoice) {
        let totals = &invoice.totals;
        let given = [
            (BillField::Vendor, !self.vendor_name.is_empty()),
            (BillField::Kind, self.kind.is_some()),
            (BillField::Number, !self.number.is_empty()),
            (BillField::IssueDate, self.issue_date.is_some()),
            (BillField::DueDate, self.due_date.is_some()),
            (BillField::Currency, invoice.currency.is_some()),
            (BillField::Net, totals.without_vat.is_some()),
            (BillField::Tax, totals.vat.is_some()),
            (BillField::Gross, totals.with_vat.is_some()),
            (BillField::Prepaid, totals.paid.is_some()),
            (BillField::Rounding, totals.rounding.is_some()),
            (BillField::Payable, totals.due.is_some()),
            (
                BillField::PaymentReference,
                !self.payment_reference.is_empty(),
            ),
            (BillField::PurchaseOrder, !self.purchase_order.is_empty()),
            (
                BillField::Account,
                invoice.payment.account_claims().next().is_some(),
            ),
            (BillField::Lines, !invoice.lines.is_empty()),
            (BillField::Vat, !invoice.vat_breakdown.is_empty()),
        ];
        self.fields = given
            .into_iter()
            .filter_map(|(field, is_given)| is_given.then_some(field))
            .collect();
    }
}

fn document_level(entry: &AllowanceCharge, label: String, net_minor: Option<i64>) -> DraftLine {
    DraftLine {
        label,
        description: clean(entry.reason.as_deref().unwrap_or_default(), LINE_CHARS),
        net_minor,
        vat_category: short(entry.vat_category.as_deref()),
        vat_rate: percent(entry.vat_rate),
        ..DraftLine::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Option<Amount> {
        Some(Amount::new(text.parse().expect("a decimal")))
    }

    fn invoice(currency: &str, gross: &str) -> Invoice {
        let mut invoice = Invoice {
            currency: countersign_einvoice::model::Currency::parse(currency),
            ..Invoice::default()
        };
        invoice.totals.with_vat = amount(gross);
        invoice
    }

    #[test]
    fn an_amount_is_exact_or_absent_with_a_finding() {
        for (currency, gross, minor) in [
            ("EUR", "119.00", Some(11_900)),
            ("EUR", "119.000", Some(11_900)),
            ("EUR", "119.005", None),
            ("JPY", "119", Some(119)),
            ("JPY", "119.5", None),
            ("KWD", "1.234", Some(1_234)),
            ("EUR", "99999999999999999999", None),
        ] {
            let draft = Draft::of(&invoice(currency, gross));
            assert_eq!(draft.gross_minor, minor, "{currency} {gross}");
            assert_eq!(
                draft.findings.is_empty(),
                minor.is_some(),
                "{currency} {gross}"
            );
        }
    }

    #[test]
    fn a_currency_that_nobody_pays_in_is_a_finding() {
        let draft = Draft::of(&invoice("XAU", "1"));
        assert_eq!((draft.currency, draft.gross_minor), (None, None));
        assert_eq!(draft.findings[0].rule.as_str(), "CS-INTAKE-CURRENCY");
    }

    #[test]
    fn allowances_and_charges_are_lines_so_that_what_is_coded_sums_to_the_net_total() {
        let mut invoice = invoice("EUR", "0");
        let line = |text| Line {
            net_amount: amount(text),
            ..Line::default()
        };
        let entry = |text| AllowanceCharge {
            amount: amount(text),
            ..AllowanceCharge::default()
        };
        invoice.lines = vec![line("100.00"), line("50.00")];
        invoice.allowances = vec![entry("20.00")];
        invoice.charges = vec![entry("5.00")];
        let nets: Vec<_> = Draft::of(&invoice)
            .lines
            .iter()
            .map(|l| l.net_minor)
            .collect();
        assert_eq!(nets, [Some(10_000), Some(5_000), Some(-2_000), Some(500)]);
    }

    #[test]
    fn texts_of_any_kind_become_texts_that_a_database_holds() {
        assert_eq!(clean(" a\0b\tc ", 10), "a b c");
        assert_eq!(clean(&"ü".repeat(10_000), 5), "üüüüü");
    }
}
