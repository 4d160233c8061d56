//! Puts each business term into the model, keeps the fact beside it, and makes findings of what does not parse.

use super::counters::Counters;
use super::currency;
use super::limits::{MAX_FACTS, MAX_FINDINGS, MAX_REPEATS};
use super::slots;
use super::unreadable::Cause;
use super::values::{self, Wrong};
use super::walk::Leaf;
use super::xml::clip;
use crate::check::{Finding, Level, RuleId};
use crate::facts::{Fact, Position, TermPath};
use crate::model::{
    AllowanceCharge, Amount, Currency, Embedded, Identifier, Invoice, ItemAttribute, Line, Note,
    PaymentMeans, PrecedingInvoice, Quantity, SupportingDocument, VatBreakdown,
};
use crate::terms::{Kind, Occurs, Term};
use rust_decimal::Decimal;

/// Which way of writing the syntax has where the syntaxes differ in values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Ubl,
    Cii,
}

/// Collects one document.
pub(crate) struct Builder {
    pub dialect: Dialect,
    pub invoice: Invoice,
    pub facts: Vec<Fact>,
    pub findings: Vec<Finding>,
    findings_left_out: u64,
    counters: Counters,
    /// Totals of VAT with their own currency, until the document's currencies are known (BT-110 or BT-111).
    vat_totals: Vec<(usize, Decimal, Option<Currency>)>,
    facts_left_out: bool,
}

impl Builder {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Builder {
            dialect,
            invoice: Invoice::default(),
            facts: Vec::new(),
            findings: Vec::new(),
            findings_left_out: 0,
            counters: Counters::default(),
            vat_totals: Vec::new(),
            facts_left_out: false,
        }
    }

    /// Refuses a document that repeats without end.
    pub(crate) fn limit(&self) -> Result<(), Cause> {
        match self.counters.largest > MAX_REPEATS || self.facts_left_out {
            true => Err(Cause::TooMany),
            false => Ok(()),
        }
    }

    /// A repeated group begins.
    pub(crate) fn open(&mut self, group: Term) {
        self.counters.next(group);
        let invoice = &mut self.invoice;
        match group {
            Term::Bg1 => invoice.notes.push(Note::default()),
            Term::Bg3 => invoice.preceding_invoices.push(PrecedingInvoice::default()),
            Term::Bg16 => invoice.payment.means.push(PaymentMeans::default()),
            Term::Bg20 => invoice.allowances.push(AllowanceCharge::default()),
            Term::Bg21 => invoice.charges.push(AllowanceCharge::default()),
            Term::Bg23 => invoice.vat_breakdown.push(VatBreakdown::default()),
            Term::Bg24 => invoice
                .supporting_documents
                .push(SupportingDocument::default()),
            Term::Bg25 => invoice.lines.push(Line::default()),
            _ => self.open_in_line(group),
        }
    }

    fn open_in_line(&mut self, group: Term) {
        let Some(line) = self.invoice.lines.last_mut() else {
            return;
        };
        match group {
            Term::Bg27 => line.allowances.push(AllowanceCharge::default()),
            Term::Bg28 => line.charges.push(AllowanceCharge::default()),
            Term::Bg32 => line.item.attributes.push(ItemAttribute::default()),
            _ => {}
        }
    }

    /// A repeated group ends; a note that came to nothing is dropped.
    pub(crate) fn close(&mut self, group: Term) {
        self.counters.close(group);
        if group == Term::Bg1 {
            self.invoice
                .notes
                .pop_if(|note| note.text.is_empty() && note.subject_code.is_none());
        }
    }

    /// A value with its attributes.
    pub(crate) fn leaf(&mut self, term: Term, leaf: Leaf, parts: Vec<(Term, String)>) {
        if leaf.raw.is_empty() && leaf.binary_len.is_none() {
            return;
        }
        if term.occurs() == Occurs::Many {
            self.counters.next(term);
        }
        let path = self.counters.path(term);
        let index = self.facts.len();
        self.fact(path, &leaf.raw, leaf.at);
        match self.place(term, &leaf, &parts, index) {
            Ok(()) => {}
            Err(wrong) => self.wrong(path, leaf.at, wrong),
        }
        for (part, raw) in parts.into_iter().filter(|(_, raw)| !raw.is_empty()) {
            self.fact(self.counters.path(part), &raw, leaf.at);
            if part == Term::Bt82 {
                self.text(part, &raw, leaf.at);
            }
        }
    }

    fn fact(&mut self, path: TermPath, raw: &str, at: Position) {
        if self.facts.len() >= MAX_FACTS {
            self.facts_left_out = true;
            return;
        }
        self.facts.push(Fact {
            path,
            raw: raw.into(),
            at,
        });
    }

    fn place(
        &mut self,
        term: Term,
        leaf: &Leaf,
        parts: &[(Term, String)],
        fact: usize,
    ) -> Result<(), Wrong> {
        let raw = leaf.raw.as_str();
        let part = |wanted: Term| {
            parts
                .iter()
                .find(|(t, raw)| *t == wanted && !raw.is_empty())
                .map(|(_, raw)| raw.clone())
        };
        match term.kind() {
            Kind::Date => {
                let date = match self.dialect {
                    Dialect::Ubl => values::date_iso(raw)?,
                    Dialect::Cii => values::date_cii(raw, leaf.hint.as_deref())?,
                };
                self.set(term, leaf.at, |invoice| slots::date(invoice, term), date);
            }
            Kind::Amount | Kind::UnitPrice => {
                let value = values::decimal(raw)?;
                let currency = self.currency_of(term, leaf);
                if term == Term::Bt110 {
                    self.vat_totals.push((fact, value, currency));
                } else {
                    self.set(
                        term,
                        leaf.at,
                        |invoice| slots::amount(invoice, term),
                        Amount { value, currency },
                    );
                }
            }
            Kind::Percentage => {
                let value = values::decimal(raw)?;
                self.set(
                    term,
                    leaf.at,
                    |invoice| slots::percentage(invoice, term),
                    value,
                );
            }
            Kind::Quantity => {
                let value = values::decimal(raw)?;
                let unit = part(if term == Term::Bt129 {
                    Term::Bt130
                } else {
                    Term::Bt150
                })
                .map(String::into_boxed_str);
                self.set(
                    term,
                    leaf.at,
                    |invoice| slots::quantity(invoice, term),
                    Quantity { value, unit },
                );
            }
            Kind::Binary => {
                let embedded = Embedded {
                    mime: part(Term::Bt125_1),
                    filename: part(Term::Bt125_2),
                    offset: leaf.at.offset,
                    len: leaf.binary_len.unwrap_or(0),
                };
                self.set(term, leaf.at, slots::embedded, embedded);
            }
            Kind::Code if matches!(term, Term::Bt5 | Term::Bt6) => {
                let currency = Currency::parse(raw).ok_or_else(|| no_currency(raw))?;
                self.set(
                    term,
                    leaf.at,
                    |invoice| slots::currency(invoice, term),
                    currency,
                );
            }
            Kind::Text | Kind::Code | Kind::Identifier | Kind::Group => {
                let scheme = parts
                    .iter()
                    .map(|(_, raw)| raw)
                    .find(|raw| !raw.is_empty())
                    .cloned();
                match slots::has_scheme(term) {
                    true => self.identifier(term, leaf, scheme),
                    false => {
                        self.text_with(term, raw, leaf.at, part(Term::Bt158_1), part(Term::Bt158_2))
                    }
                }
            }
        }
        Ok(())
    }

    fn currency_of(&mut self, term: Term, leaf: &Leaf) -> Option<Currency> {
        let code = leaf.hint.as_deref()?;
        let currency = Currency::parse(code.trim());
        if currency.is_none() {
            let wrong = no_currency(code);
            let path = self.counters.path(term);
            self.finding(wrong.rule, Level::Warning, leaf.at, path, wrong.message);
        }
        currency
    }

    fn identifier(&mut self, term: Term, leaf: &Leaf, scheme: Option<String>) {
        let identifier = Identifier {
            value: leaf.raw.clone(),
            scheme,
        };
        match term {
            Term::Bt29 | Term::Bt46 | Term::Bt60 => {
                if let Some(list) = slots::identifiers(&mut self.invoice, term) {
                    list.push(identifier);
                }
            }
            Term::Bt128 | Term::Bt157 => {
                self.set(
                    term,
                    leaf.at,
                    |i| slots::line_identifier(i, term),
                    Box::new(identifier),
                );
            }
            _ => self.set(term, leaf.at, |i| slots::identifier(i, term), identifier),
        }
    }

    /// Fills what the standard allows once; the first value stays.
    pub(crate) fn set<T: PartialEq>(
        &mut self,
        term: Term,
        at: Position,
        slot: impl FnOnce(&mut Invoice) -> Option<&mut Option<T>>,
        value: T,
    ) {
        let Some(slot) = slot(&mut self.invoice) else {
            return;
        };
        match slot {
            None => *slot = Some(value),
            Some(first) if *first == value => {}
            // CII gives a contact's person and department; the standard has one term for both.
            Some(_) if matches!(term, Term::Bt41 | Term::Bt56) => {}
            Some(_) => self.repeated(term, at),
        }
    }

    pub(crate) fn repeated(&mut self, term: Term, at: Position) {
        let message = format!(
            "{} ({}) is given more than once with different values; the first one is used. Check which one is meant.",
            term.name(),
            term.id()
        );
        self.finding(
            "CS-READ-REPEATED",
            Level::Warning,
            at,
            self.counters.path(term),
            message,
        );
    }

    fn wrong(&mut self, path: TermPath, at: Position, wrong: Wrong) {
        let level = if path.term.is_mandatory() {
            Level::Fatal
        } else {
            Level::Warning
        };
        let message = format!(
            "{} ({}): {}",
            path.term.name(),
            path.term.id(),
            wrong.message
        );
        self.finding(wrong.rule, level, at, path, message);
    }

    fn finding(
        &mut self,
        rule: &'static str,
        level: Level,
        at: Position,
        term: TermPath,
        message: String,
    ) {
        if self.findings.len() >= MAX_FINDINGS {
            self.findings_left_out += 1;
            return;
        }
        self.findings.push(Finding {
            rule: RuleId::of(rule),
            level,
            position: Some(at),
            term: Some(term),
            message,
        });
    }

    /// Settles what needs the whole document.
    pub(crate) fn finish(&mut self) {
        self.settle_vat_totals();
        currency::own_only(&mut self.invoice);
        if self.findings_left_out > 0 {
            let message = format!(
                "{} more findings are not listed. Correct these first.",
                self.findings_left_out
            );
            self.findings.push(Finding {
                rule: RuleId::of("CS-READ-MORE"),
                level: Level::Fatal,
                position: None,
                term: None,
                message,
            });
        }
    }

    fn settle_vat_totals(&mut self) {
        for (fact, value, currency) in std::mem::take(&mut self.vat_totals) {
            let invoice = &self.invoice;
            let accounting = currency.is_some()
                && currency == invoice.tax_currency
                && currency != invoice.currency;
            let term = if accounting { Term::Bt111 } else { Term::Bt110 };
            let Some(known) = self.facts.get_mut(fact) else {
                continue;
            };
            known.path = TermPath::once(term);
            let at = known.at;
            self.set(
                term,
                at,
                |invoice| slots::amount(invoice, term),
                Amount { value, currency },
            );
        }
    }
}

fn no_currency(code: &str) -> Wrong {
    let code = clip(code);
    let message = format!(
        "“{code}” is not a currency code. Write three capital letters of ISO 4217, such as EUR."
    );
    Wrong {
        rule: "CS-READ-CURRENCY",
        message,
    }
}
