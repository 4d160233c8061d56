//! Texts and codes, and the places where the syntaxes write the same term differently.

use super::build::{Builder, Dialect};
use super::slots::{self, Slot};
use crate::facts::Position;
use crate::model::{ItemClassification, Sensitive};
use crate::terms::Term;

impl Builder {
    pub(crate) fn text(&mut self, term: Term, raw: &str, at: Position) {
        self.text_with(term, raw, at, None, None);
    }

    pub(crate) fn text_with(
        &mut self,
        term: Term,
        raw: &str,
        at: Position,
        scheme: Option<String>,
        version: Option<String>,
    ) {
        match term {
            Term::Bt22 => self.note(raw),
            Term::Bt83 => self.remittance(raw, at),
            Term::Bt158 => {
                let (scheme, version) = (
                    scheme.map(String::into_boxed_str),
                    version.map(String::into_boxed_str),
                );
                if let Some(line) = self.invoice.lines.last_mut() {
                    line.item.classifications.push(ItemClassification {
                        code: raw.into(),
                        scheme,
                        version,
                    });
                }
            }
            _ => {
                let raw = if term == Term::Bt8 {
                    self.tax_point_code(raw)
                } else {
                    raw
                };
                match slots::text(&mut self.invoice, term) {
                    Slot::Text(_) => self.set(
                        term,
                        at,
                        |i| slots::text(i, term).into_text(),
                        raw.to_owned(),
                    ),
                    Slot::Short(_) => self.set(
                        term,
                        at,
                        |i| slots::text(i, term).into_short(),
                        Box::from(raw),
                    ),
                    Slot::Sensitive(_) => {
                        self.set(
                            term,
                            at,
                            |i| slots::text(i, term).into_sensitive(),
                            Sensitive::new(raw),
                        );
                    }
                    Slot::None => {}
                }
            }
        }
    }

    /// In UBL the subject code stands before the text, between number signs (CEN/TS 16931-3-2, BT-21).
    fn note(&mut self, raw: &str) {
        let dialect = self.dialect;
        let Some(note) = self.invoice.notes.last_mut() else {
            return;
        };
        let coded = raw.strip_prefix('#').and_then(|rest| rest.split_once('#'));
        match coded.filter(|(code, _)| dialect == Dialect::Ubl && is_subject_code(code)) {
            Some((code, text)) => {
                note.subject_code = Some(code.to_owned());
                note.text = text.trim_start().to_owned();
            }
            None => note.text = raw.to_owned(),
        }
    }

    /// UBL gives BT-83 with each means of payment, CII once.
    fn remittance(&mut self, raw: &str, at: Position) {
        let payment = &mut self.invoice.payment;
        match (&payment.remittance_information, self.dialect) {
            (None, _) => payment.remittance_information = Some(raw.to_owned()),
            (Some(first), _) if first == raw => {}
            (Some(_), Dialect::Ubl) => {
                self.set(Term::Bt83, at, slots::own_remittance, raw.to_owned());
            }
            (Some(_), Dialect::Cii) => self.repeated(Term::Bt83, at),
        }
    }

    /// CII codes BT-8 by UNTDID 2475, the model and UBL by 2005.
    fn tax_point_code<'a>(&self, raw: &'a str) -> &'a str {
        match (self.dialect, raw) {
            (Dialect::Cii, "5") => "3",
            (Dialect::Cii, "29") => "35",
            (Dialect::Cii, "72") => "432",
            (_, other) => other,
        }
    }
}

fn is_subject_code(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
