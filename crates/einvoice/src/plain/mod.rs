//! An invoice as rows for people, so that a structured document can be read without a PDF.
//!
//! Data only: pages look the labels up in their message files and lay the sections out. A label's key is the
//! identifier of its business term, for example `BT-112`; its English name is [`Term::name`].

use crate::facts::{Fact, TermPath};
use crate::model::{Amount, Currency, Identifier, Invoice, Quantity, Sensitive};
use crate::terms::{Kind, Term};
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

mod parts;

/// The sections, in the order in which people look for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SectionKind {
    Header,
    Seller,
    Buyer,
    Delivery,
    Payment,
    /// One section for each invoice line.
    Line,
    /// One section for each document level allowance or charge.
    AllowanceOrCharge,
    /// One section for each part of the VAT breakdown.
    Vat,
    Totals,
    /// One section for each supporting document.
    Attachment,
}

/// A value that pages show by the reader's own habits for dates and numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "value", rename_all = "kebab-case")]
pub enum Value {
    Text(String),
    /// A code of the list that the term names; pages may show its meaning.
    Code(String),
    /// Its scheme, where it has one.
    Identifier(Identifier),
    /// Bank accounts and tax numbers: shown masked unless a person asks with a purpose.
    Sensitive(Sensitive),
    Date(Date),
    Amount {
        value: Decimal,
        currency: Option<Currency>,
    },
    Quantity(Quantity),
    /// In percent.
    Percentage(Decimal),
}

/// One row: what it is and what the document says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub path: TermPath,
    pub value: Value,
}

impl Row {
    /// The key of the label in the message files.
    pub fn label(&self) -> &'static str {
        self.path.term.id()
    }

    /// Where the row's value stands in the document, among the facts of the same reading.
    ///
    /// What the model keeps once and the syntax gives with each means of payment (BT-83, BT-89, BT-90) leads to the
    /// first.
    pub fn fact<'f>(&self, facts: &'f [Fact]) -> Option<&'f Fact> {
        let same_term = |fact: &&Fact| self.path.outer == 0 && fact.term() == self.path.term;
        facts
            .iter()
            .find(|fact| fact.path == self.path)
            .or_else(|| facts.iter().find(same_term))
    }
}

/// Rows that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub kind: SectionKind,
    /// Which line, allowance, VAT part or attachment, from 1; 0 where there is only one.
    pub number: u32,
    pub rows: Vec<Row>,
}

/// All rows of an invoice; sections without rows are left out.
pub fn sections(invoice: &Invoice) -> Vec<Section> {
    let mut sections = vec![
        parts::header(invoice),
        parts::seller(invoice),
        parts::buyer(invoice),
        parts::delivery(invoice),
        parts::payment(invoice),
    ];
    sections.extend(parts::lines(invoice));
    sections.extend(parts::allowances_and_charges(invoice));
    sections.extend(parts::vat(invoice));
    sections.push(parts::totals(invoice));
    sections.extend(parts::attachments(invoice));
    sections.retain(|section| !section.rows.is_empty());
    sections
}

/// Collects the rows of one section.
struct Rows {
    section: Section,
    currency: Option<Currency>,
    inner: u32,
}

impl Rows {
    fn of(invoice: &Invoice, kind: SectionKind, number: u32) -> Self {
        let section = Section {
            kind,
            number,
            rows: Vec::new(),
        };
        Rows {
            section,
            currency: invoice.currency,
            inner: 0,
        }
    }

    fn push(&mut self, term: Term, value: Option<Value>) {
        let path = TermPath {
            term,
            outer: self.section.number,
            inner: self.inner,
        };
        self.section
            .rows
            .extend(value.map(|value| Row { path, value }));
    }

    /// Text or a code, as the term's kind says.
    fn text(&mut self, term: Term, text: Option<&str>) {
        let value = text.map(str::to_owned);
        self.push(
            term,
            value.map(if term.kind() == Kind::Code {
                Value::Code
            } else {
                Value::Text
            }),
        );
    }

    fn identifier(&mut self, term: Term, identifier: Option<&Identifier>) {
        self.push(term, identifier.cloned().map(Value::Identifier));
    }

    fn sensitive(&mut self, term: Term, text: Option<&Sensitive>) {
        self.push(term, text.cloned().map(Value::Sensitive));
    }

    fn date(&mut self, term: Term, date: Option<Date>) {
        self.push(term, date.map(Value::Date));
    }

    fn amount(&mut self, term: Term, amount: Option<Amount>) {
        let own = self.currency;
        let value = amount.map(|a| Value::Amount {
            value: a.value,
            currency: a.currency.or(own),
        });
        self.push(term, value);
    }

    fn percentage(&mut self, term: Term, value: Option<Decimal>) {
        self.push(term, value.map(Value::Percentage));
    }

    fn quantity(&mut self, term: Term, quantity: Option<&Quantity>) {
        self.push(term, quantity.cloned().map(Value::Quantity));
    }
}
