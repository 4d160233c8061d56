//! The result of checking one document. Its shape is stable: programs read it as JSON.
//!
//! ```json
//! {
//!   "sha256": "2c26b4...",            // of the bytes as they arrived, lower-case hexadecimal; null where they could not be read
//!   "syntax": "ubl-invoice",          // or ubl-credit-note, cii, zugferd-1; null when it was not recognised
//!   "profile": "xrechnung-3",         // see Profile; null when nothing was read
//!   "rulesets": ["cs-read"],          // which sets of rules were applied, in order
//!   "verdict": "accepted",            // accepted, rejected, unreadable
//!   "fatal": ["CS-READ-AMOUNT"],      // rule ids with a fatal finding, each once, sorted
//!   "warning": [],                    // rule ids with a warning, each once, sorted
//!   "findings": [{"rule": "CS-READ-AMOUNT", "level": "fatal",
//!                 "position": {"line": 12, "column": 31, "offset": 977},
//!                 "term": "BG-22/BT-112", "message": "..."}],
//!   "fields": [{"term": "BT-1", "path": "BT-1", "name": "Invoice number", "raw": "471102",
//!               "position": {"line": 4, "column": 11, "offset": 121}}],
//!   "totals": {"currency": "EUR", "line_net": "473.00", "without_vat": "473.00", "vat": "56.87", "with_vat": "529.87",
//!              "paid": null, "due": "529.87"}
//! }
//! ```

use crate::facts::{Fact, Position, TermPath};
use crate::model::{Amount, Invoice};
use crate::profile::Profile;
use crate::read::{Reading, Syntax, Unreadable};
use crate::terms::Term;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::fmt;

/// The name of the reader's own rules, `CS-READ-...`.
pub const READ_RULESET: &str = "cs-read";

/// A rule's identifier, for example `BR-CO-15` or `CS-READ-DATE`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RuleId(Cow<'static, str>);

impl RuleId {
    /// A rule known at compile time.
    pub const fn of(id: &'static str) -> Self {
        RuleId(Cow::Borrowed(id))
    }

    /// A rule read from elsewhere.
    pub fn new(id: impl Into<String>) -> Self {
        RuleId(Cow::Owned(id.into()))
    }

    /// The identifier.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// The document is rejected.
    Fatal,
    /// The document is accepted, and somebody should know.
    Warning,
    /// Worth knowing.
    Information,
}

/// One thing that is wrong or worth knowing: what, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: RuleId,
    pub level: Level,
    /// Where it stands, when it stands anywhere.
    pub position: Option<Position>,
    /// The business term, when one is meant.
    pub term: Option<TermPath>,
    /// A sentence for people: what is wrong and what to do. Holds no bank account and no tax number.
    pub message: String,
}

/// What the check comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// No fatal finding.
    Accepted,
    /// It was read, and at least one finding is fatal.
    Rejected,
    /// No reader understands it.
    Unreadable,
}

/// One value of the document by its business term.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    pub term: Term,
    pub path: TermPath,
    /// The standard's English name of the term.
    pub name: Cow<'static, str>,
    /// The document's own text.
    pub raw: String,
    pub position: Position,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({}, {})", self.path, self.position)
    }
}

impl From<&Fact> for Field {
    fn from(fact: &Fact) -> Self {
        Field {
            term: fact.term(),
            path: fact.path,
            name: Cow::Borrowed(fact.term().name()),
            raw: fact.raw.to_string(),
            position: fact.at,
        }
    }
}

/// The document's own totals in its currency; `null` where it gives none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportTotals {
    /// BT-5.
    pub currency: Option<String>,
    /// BT-106.
    pub line_net: Option<Decimal>,
    /// BT-109.
    pub without_vat: Option<Decimal>,
    /// BT-110.
    pub vat: Option<Decimal>,
    /// BT-112.
    pub with_vat: Option<Decimal>,
    /// BT-113.
    pub paid: Option<Decimal>,
    /// BT-115.
    pub due: Option<Decimal>,
}

impl ReportTotals {
    /// Takes the totals out of an invoice.
    pub fn of(invoice: &Invoice) -> Self {
        let value = |amount: &Option<Amount>| amount.map(|a| a.value);
        ReportTotals {
            currency: invoice.currency.map(String::from),
            line_net: value(&invoice.totals.line_net),
            without_vat: value(&invoice.totals.without_vat),
            vat: value(&invoice.totals.vat),
            with_vat: value(&invoice.totals.with_vat),
            paid: value(&invoice.totals.paid),
            due: value(&invoice.totals.due),
        }
    }
}

/// The result of checking one document; see the module for its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckReport {
    pub sha256: Option<String>,
    pub syntax: Option<Syntax>,
    pub profile: Option<Profile>,
    pub rulesets: Vec<String>,
    pub verdict: Verdict,
    pub fatal: Vec<RuleId>,
    pub warning: Vec<RuleId>,
    pub findings: Vec<Finding>,
    pub fields: Vec<Field>,
    pub totals: ReportTotals,
}

impl CheckReport {
    /// The report of a document that was read. `findings` of rule sets beyond the reader's are added to the reader's own.
    pub fn of_reading(
        sha256: &str,
        reading: &Reading,
        rulesets: &[&str],
        findings: &[Finding],
    ) -> Self {
        let all: Vec<Finding> = reading.findings.iter().chain(findings).cloned().collect();
        let fatal = rules_at(&all, Level::Fatal);
        let verdict = if fatal.is_empty() {
            Verdict::Accepted
        } else {
            Verdict::Rejected
        };
        CheckReport {
            sha256: Some(sha256.to_owned()),
            syntax: Some(reading.syntax),
            profile: Some(reading.profile),
            rulesets: std::iter::once(READ_RULESET)
                .chain(rulesets.iter().copied())
                .map(str::to_owned)
                .collect(),
            verdict,
            warning: rules_at(&all, Level::Warning),
            fatal,
            findings: all,
            fields: reading.facts.iter().map(Field::from).collect(),
            totals: ReportTotals::of(&reading.invoice),
        }
    }

    /// The report of a document that no reader understands.
    pub fn of_unreadable(sha256: Option<String>, unreadable: &Unreadable) -> Self {
        let finding = unreadable.finding();
        CheckReport {
            sha256,
            syntax: None,
            profile: None,
            rulesets: vec![READ_RULESET.to_owned()],
            verdict: Verdict::Unreadable,
            fatal: vec![finding.rule.clone()],
            warning: Vec::new(),
            findings: vec![finding],
            fields: Vec::new(),
            totals: ReportTotals::default(),
        }
    }
}

fn rules_at(findings: &[Finding], level: Level) -> Vec<RuleId> {
    let mut rules: Vec<RuleId> = findings
        .iter()
        .filter(|f| f.level == level)
        .map(|f| f.rule.clone())
        .collect();
    rules.sort();
    rules.dedup();
    rules
}
