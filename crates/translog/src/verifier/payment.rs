//! The whole life of a payment run, as a bundle's entries tell it, held against its files. People are the accounts they use.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::bundle::Value;
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
    pub number: u64,
    pub time: UtcMicros,
    /// Who acted, and for whom; none where it was the system.
    pub people: Vec<String>,
    pub action: String,
    pub object: (String, String),
    #[serde(skip)]
    says: Vec<Value>,
}

/// What happened to runs, bills and accounts, each under its kind and id, as far as it was taken.
#[derive(Clone, Debug, Default)]
pub struct Lives(BTreeMap<String, Vec<Step>>);

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
    pub fn take(&mut self, number: u64, entry: &View<'_>, values: &[Value]) {
        let (kind, id) = entry.object;
        if !["payment-run", "bill", "bank-account"].contains(&kind) {
            return;
        }
        let people = [entry.actor, entry.on_behalf_of].into_iter().flatten();
        let steps = self.0.entry(format!("{kind} {id}")).or_default();
        steps.push(Step {
            number,
            time: entry.time,
            people: people.map(str::to_owned).collect(),
            action: entry.action.to_owned(),
            object: (kind.to_owned(), id.to_owned()),
            says: values.to_vec(),
        });
    }

    /// Proves that different people took the run through every step, from bills of these papers to this file, where given.
    pub fn prove(&self, run: &str, file: Option<Hash>, papers: &[Hash]) -> Proven<Lived> {
        let run = self.part("payment-run", run, u64::MAX)?;
        let is_voided = |step: &Step| step.action == "payment-run.voided";
        run.check(!self.0[&run.name].iter().any(is_voided), "it was voided")?;
        let released = run.last["payment-run.released"];
        let mut bills = run.says(run.last["payment-run.proposed"], "after.bills")?;
        let countersigned = run.last["payment-run.countersigned"].number;
        for step in run.steps.iter().filter(|step| step.number < countersigned) {
            if step.action == "payment-run.payment-removed" {
                bills = &bills - &run.says(step, "after.bill")?;
            }
        }
        let (mut documents, mut checkers) = (BTreeSet::new(), BTreeSet::new());
        let mut steps = run.steps.to_vec();
        for id in bills {
            let bill = self.part("bill", id, released.number)?;
            documents.extend(bill.documents()?);
            checkers.extend(&bill.by["bill.approved"]);
            steps.extend_from_slice(&self.0[&bill.name]);
        }
        for id in run.says(run.last["payment-run.proposed"], "after.accounts")? {
            let account = self.part("bank-account", id, released.number)?;
            checkers.extend(&account.by["bank-account.verified"]);
            steps.extend_from_slice(&self.0[&account.name]);
        }
        steps.sort_by_key(|step| step.number);
        let is_apart = run.by["payment-run.released"].is_disjoint(&checkers);
        run.check(is_apart, "who released it also approved or verified")?;
        let sha256 = run.says(released, "after.sha256")?;
        let is_same = sha256 == run.says(run.last["payment-run.file-generated"], "after.sha256")?;
        run.check(is_same, "another file was released than was generated")?;
        let sha256 = sha256.first().and_then(|hash| Hash::from_hex(hash));
        let sha256 = need(sha256, "the hash of the payment file is none")?;
        let is_file = file.is_none_or(|file| file == sha256);
        run.check(is_file, "the given file is not the one that was released")?;
        let are_known = papers.iter().all(|paper| documents.contains(paper));
        run.check(are_known, "a given document belongs to none of its bills")?;
        Ok(Lived {
            file: sha256,
            documents,
            steps,
        })
    }

    /// What happened to one of them before an entry, where all of it is as the tables above say.
    fn part(&self, kind: &str, id: &str, before: u64) -> Proven<Part<'_>> {
        let name = format!("{kind} {id}");
        let all = self.0.get(&name).map_or(&[][..], Vec::as_slice);
        // What was written after it was released did not let it be released, but may have ended it.
        let is_end = |step: &Step| kind == "payment-run" && step.action == "payment-run.released";
        let steps = all.split_inclusive(is_end).next().unwrap_or_default();
        let steps = &steps[..steps.partition_point(|step| step.number < before)];
        let mut part = Part {
            name,
            steps,
            last: steps.iter().map(|step| (&*step.action, step)).collect(),
            by: BTreeMap::new(),
        };
        let is_of = |action: &str| action.split('.').next() == Some(kind);
        let mut since = 0;
        for (action, why) in STEPS.into_iter().filter(|(action, _)| is_of(action)) {
            let last = part.last.get(action).map(|step| step.number);
            let last = need(last, format_args!("{}: {why}", part.name))?;
            part.check(since <= last, "its steps are not in order")?;
            part.by.insert(action, part.people(action, since));
            since = last;
        }
        for (action, undo) in UNDOES.iter().filter(|(action, _)| is_of(action)) {
            let undone = part.last.get(undo).map(|step| step.number);
            let is_valid = undone < Some(part.last[action].number);
            part.check(is_valid, &format!("{undo} came after {action}"))?;
        }
        for (one, other) in APART.iter().filter(|(action, _)| is_of(action)) {
            let is_apart = part.people(one, 0).is_disjoint(&part.by[other]);
            part.check(is_apart, &format!("one person did {one} and {other}"))?;
        }
        Ok(part)
    }
}

/// The run, a bill or an account, and what happened to it and counts.
struct Part<'a> {
    name: String,
    steps: &'a [Step],
    /// The last step of each action, all those of the table among them.
    last: BTreeMap<&'a str, &'a Step>,
    /// Who did a step of the table since the one before it: what was approved before it was submitted again is void.
    by: BTreeMap<&'a str, BTreeSet<&'a String>>,
}

impl<'a> Part<'a> {
    fn check(&self, holds: bool, why: &str) -> Proven<()> {
        check(holds, format_args!("{}: {why}", self.name))
    }

    fn people(&self, action: &str, since: u64) -> BTreeSet<&'a String> {
        let is_one = |step: &&Step| step.action == action && step.number >= since;
        let steps = self.steps.iter().filter(is_one);
        steps.flat_map(|step| &step.people).collect()
    }

    /// What a step says of a field, a list with spaces between.
    fn says(&self, step: &'a Step, field: &str) -> Proven<BTreeSet<&'a str>> {
        let list = step.says.iter().find(|(name, ..)| name == field);
        let why = "is not shown: take the bundle with its values";
        let (_, _, list) = need(list, format_args!("{}: {field} {why}", self.name))?;
        Ok(list.split(' ').filter(|id| !id.is_empty()).collect())
    }

    /// The hashes of a bill's documents, where its last version was approved by as many as were needed.
    fn documents(&self) -> Proven<BTreeSet<Hash>> {
        let (submitted, approved) = (self.last["bill.submitted"], self.last["bill.approved"]);
        let digest = |step| self.says(step, "after.digest");
        let is_same = digest(approved)? == digest(submitted)?;
        let approvals = self.says(approved, "after.approvals")?;
        let approvals = approvals.first().and_then(|text| text.split_once('/'));
        let are_enough = approvals.is_some_and(|(had, needed)| had == needed);
        let why = "what was submitted was not approved by as many as were needed";
        self.check(is_same && are_enough, why)?;
        let documents = self.says(self.last["bill.received"], "after.documents")?;
        let documents: Option<_> = documents.into_iter().map(Hash::from_hex).collect();
        need(documents, "the hash of a document is none")
    }
}
