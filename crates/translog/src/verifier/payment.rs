//! The whole life of a payment run, told by a bundle's entries and held against the files that belong to it. People are
//! known by their accounts, as the entries name them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::bundle::Values;
use super::entry::View;
use super::form::{Proven, UtcMicros, check, need};
use super::tree::Hash;

const BEGINNING: &str = "the bundle does not hold its beginning";
/// What must have happened to runs, bills and accounts, in this order, and what it means where it did not.
const STEPS: [(&str, &str); 9] = [
    ("payment-run.proposed", BEGINNING),
    ("payment-run.countersigned", "nobody countersigned it"),
    ("payment-run.file-generated", "it has no file"),
    ("payment-run.released", "it was not released"),
    ("bill.received", BEGINNING),
    ("bill.submitted", "it was not submitted"),
    ("bill.approved", "nobody approved it"),
    ("bank-account.entered", BEGINNING),
    ("bank-account.verified", "nobody verified it"),
];
/// What must not have happened since the last such step.
const UNDOES: [(&str, &str); 5] = [
    ("bill.submitted", "bill.corrected"),
    ("bill.submitted", "bill.coded"),
    ("bill.submitted", "bill.sent-back"),
    ("bill.submitted", "approval.voided"),
    ("bank-account.verified", "bank-account.rejected"),
];
/// Who did one must not have done the other.
const APART: [(&str, &str); 6] = [
    ("payment-run.proposed", "payment-run.countersigned"),
    ("bill.received", "bill.approved"),
    ("bill.corrected", "bill.approved"),
    ("bill.coded", "bill.approved"),
    ("bill.submitted", "bill.approved"),
    ("bank-account.entered", "bank-account.verified"),
];

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// The entry's number.
    pub number: u64,
    pub time: UtcMicros,
    /// Who acted, and for whom; none where it was the system.
    pub people: Vec<String>,
    pub action: String,
    /// Kind and id.
    pub object: (String, String),
    #[serde(skip)]
    says: Vec<(String, String, String)>,
}

/// What happened to runs, bills and accounts, as far as it was taken.
#[derive(Clone, Debug, Default)]
pub struct Lives(BTreeMap<(String, String), Vec<Step>>);

/// What was proven of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lived {
    /// The payment file's SHA-256, as it was generated and released, and those of its bills' documents.
    pub file: Hash,
    pub documents: BTreeSet<Hash>,
    /// Everything that happened to the run, its bills and its accounts, in order.
    pub steps: Vec<Step>,
}

impl Lives {
    /// Takes an entry, where it is about what payments are made of.
    pub fn take(&mut self, number: u64, entry: &View<'_>, values: &Values) {
        let (kind, id) = entry.object;
        if !["payment-run", "bill", "bank-account"].contains(&kind) {
            return;
        }
        let object = (kind.to_owned(), id.to_owned());
        let people = [entry.actor, entry.on_behalf_of].into_iter().flatten();
        self.0.entry(object.clone()).or_default().push(Step {
            number,
            time: entry.time,
            people: people.map(str::to_owned).collect(),
            action: entry.action.to_owned(),
            object,
            says: values.to_vec(),
        });
    }

    /// Proves that the run was released for this file, from bills of these papers, through every step and by different
    /// people. What is not given is named by its hash in what is returned.
    pub fn prove(&self, run: &str, file: Option<Hash>, papers: &[Hash]) -> Proven<Lived> {
        // What was written after it was released did not let it be released, but may have ended it.
        let all = self.steps("payment-run", run);
        let first = all.iter().find(|step| step.action == STEPS[3].0);
        let end = first.map_or(u64::MAX, |step| step.number + 1);
        let run = self.part("payment-run", run, end)?;
        let voided = all.iter().any(|step| step.action == "payment-run.voided");
        run.check(!voided, "it was voided")?;
        let (proposed, released) = (run.last(STEPS[0].0)?, run.last(STEPS[3].0)?);
        let mut bills = run.says(proposed, "bills")?;
        let countersigned = run.last(STEPS[1].0)?.number;
        for step in run.all("payment-run.payment-removed", 0) {
            if step.number < countersigned {
                bills = &bills - &run.says(step, "bill")?;
            }
        }
        let (mut documents, mut checkers) = (BTreeSet::new(), BTreeSet::new());
        let mut steps = run.steps.clone();
        for id in &bills {
            let bill = self.part("bill", id, released.number)?;
            documents.extend(bill.documents()?);
            checkers.extend(bill.doers("bill.approved")?);
            steps.extend(self.steps("bill", id));
        }
        for id in run.says(proposed, "accounts")? {
            let account = self.part("bank-account", id, released.number)?;
            checkers.extend(account.doers("bank-account.verified")?);
            steps.extend(self.steps("bank-account", id));
        }
        let is_apart = run.doers("payment-run.released")?.is_disjoint(&checkers);
        run.check(is_apart, "who released it also approved or verified")?;
        let sha256 = run.says(released, "sha256")?;
        let is_same = sha256 == run.says(run.last(STEPS[2].0)?, "sha256")?;
        run.check(is_same, "another file was released than was generated")?;
        let sha256 = sha256.first().and_then(|hash| Hash::from_hex(hash));
        let sha256 = need(sha256, "the hash of the payment file is none")?;
        let is_file = file.is_none_or(|file| file == sha256);
        run.check(is_file, "the given file is not the one that was released")?;
        let are_known = papers.iter().all(|paper| documents.contains(paper));
        run.check(are_known, "a given document belongs to none of its bills")?;
        steps.sort_by_key(|step| step.number);
        Ok(Lived {
            file: sha256,
            documents,
            steps: steps.into_iter().cloned().collect(),
        })
    }

    fn steps(&self, kind: &str, id: &str) -> &[Step] {
        let steps = self.0.get(&(kind.to_owned(), id.to_owned()));
        steps.map_or(&[], Vec::as_slice)
    }

    /// What happened to one of them before an entry, where all of it is as the tables above say.
    fn part(&self, kind: &str, id: &str, before: u64) -> Proven<Part<'_>> {
        let mut steps: Vec<&Step> = self.steps(kind, id).iter().collect();
        steps.retain(|step| step.number < before);
        let name = format!("{kind} {id}");
        let part = Part { name, steps };
        let is_of = |action: &str| action.split('.').next() == Some(kind);
        let mut since = 0;
        for (action, _) in STEPS.iter().filter(|(action, _)| is_of(action)) {
            let number = part.last(action)?.number;
            part.check(since <= number, "its steps are not in order")?;
            since = number;
        }
        for (action, undo) in UNDOES.iter().filter(|(action, _)| is_of(action)) {
            let is_undone = part.all(undo, part.last(action)?.number).next().is_some();
            part.check(!is_undone, &format!("{undo} came after {action}"))?;
        }
        for (one, other) in APART.iter().filter(|(action, _)| is_of(action)) {
            let is_apart = part.people(one, 0).is_disjoint(&part.doers(other)?);
            part.check(is_apart, &format!("one person did {one} and {other}"))?;
        }
        Ok(part)
    }
}

/// The run, a bill or an account, and what happened to it.
struct Part<'a> {
    name: String,
    steps: Vec<&'a Step>,
}

impl<'a> Part<'a> {
    fn check(&self, holds: bool, why: &str) -> Proven<()> {
        check(holds, format_args!("{}: {why}", self.name))
    }

    fn all(&self, action: &str, since: u64) -> impl DoubleEndedIterator<Item = &'a Step> {
        let steps = self.steps.iter().copied();
        steps.filter(move |step| step.action == action && step.number >= since)
    }

    /// The last such step, which must be one of the table's.
    fn last(&self, action: &str) -> Proven<&'a Step> {
        let why = STEPS.iter().find(|(one, _)| *one == action);
        let why = why.map_or(action, |(_, why)| why);
        let step = self.all(action, 0).next_back();
        need(step, format_args!("{}: {why}", self.name))
    }

    fn people(&self, action: &str, since: u64) -> BTreeSet<&'a str> {
        let people = self.all(action, since).flat_map(|step| &step.people);
        people.map(String::as_str).collect()
    }

    /// Who did a step of the table since the one that stands before it there: what was approved before it was submitted
    /// again counts no more.
    fn doers(&self, action: &str) -> Proven<BTreeSet<&'a str>> {
        let at = STEPS.iter().position(|(one, _)| *one == action);
        let before = at.map_or("", |at| STEPS[at.saturating_sub(1)].0);
        Ok(self.people(action, self.last(before)?.number))
    }

    /// What a step says of a field after it, a list with spaces between.
    fn says(&self, step: &'a Step, field: &str) -> Proven<BTreeSet<&'a str>> {
        let is_of = |name: &str| name.strip_prefix("after.") == Some(field);
        let list = step.says.iter().find(|(name, ..)| is_of(name));
        let why = "is not shown: take the bundle with its values";
        let (_, _, list) = need(list, format_args!("{}: {field} {why}", self.name))?;
        Ok(list.split(' ').filter(|id| !id.is_empty()).collect())
    }

    /// The hashes of a bill's documents, where its last version was approved by as many as were needed.
    fn documents(&self) -> Proven<BTreeSet<Hash>> {
        let (submitted, approved) = (self.last("bill.submitted")?, self.last("bill.approved")?);
        let is_same = self.says(approved, "digest")? == self.says(submitted, "digest")?;
        let approvals = self.says(approved, "approvals")?;
        let approvals = approvals.first().and_then(|text| text.split_once('/'));
        let are_enough = approvals.is_some_and(|(had, needed)| had == needed);
        let why = "what was submitted was not approved by as many as were needed";
        self.check(is_same && are_enough, why)?;
        let documents = self.says(self.last("bill.received")?, "documents")?;
        let documents: Option<_> = documents.into_iter().map(Hash::from_hex).collect();
        need(documents, "the hash of a document is none")
    }
}
