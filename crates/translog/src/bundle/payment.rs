//! The whole life of a payment run, told by the entries of a bundle and held against the files that belong to it.
//!
//! A run's bills and accounts stand in the entry that proposed it, behind their own entries, so a bundle is read twice: first
//! for the run ([`Run`]), then for all that it paid ([`Run::life`]). People are known by their accounts, as the entries name
//! them.

use std::collections::{BTreeMap, BTreeSet};

use crate::entry::{Id, View};
use crate::hash::Hash;
use crate::time::UtcMicros;

/// What an entry shows of what it commits to: name and value.
pub type Values = [(String, Vec<u8>)];

/// Why a payment run's life is not proven.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {why}")]
pub struct Unproven {
    /// About what: the run, one of its bills, or an account.
    pub what: String,
    /// What is missing or wrong.
    pub why: &'static str,
}

/// One step of the life.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The entry's number.
    pub number: u64,
    /// When it was committed.
    pub time: UtcMicros,
    /// Who acted; none where it was the system.
    pub actor: Option<Id>,
    /// For whom.
    pub on_behalf_of: Option<Id>,
    /// What was done.
    pub action: String,
    /// To what: kind and id.
    pub object: (String, String),
    values: BTreeMap<String, String>,
}

impl Step {
    fn of(number: u64, entry: &View<'_>, values: &Values) -> Self {
        let value = |(name, value): &(String, Vec<u8>)| {
            let name = name.strip_prefix("after.")?.to_owned();
            Some((name, String::from_utf8(value.clone()).ok()?))
        };
        Self {
            number,
            time: entry.time,
            actor: entry.actor,
            on_behalf_of: entry.on_behalf_of,
            action: entry.action.to_owned(),
            object: (entry.object_kind.to_owned(), entry.object_id.to_owned()),
            values: values.iter().filter_map(value).collect(),
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    fn list(&self, name: &str) -> Option<BTreeSet<String>> {
        let list = self.value(name)?.split(' ').filter(|id| !id.is_empty());
        Some(list.map(str::to_owned).collect())
    }

    fn who(&self) -> impl Iterator<Item = Id> {
        self.actor.into_iter().chain(self.on_behalf_of)
    }
}

/// The entries of one run, in their order.
#[derive(Clone, Debug)]
pub struct Run {
    id: String,
    steps: Vec<Step>,
}

impl Run {
    /// The run with this id, none of its entries known yet.
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            steps: Vec::new(),
        }
    }

    /// Takes the entry where it is one of this run.
    pub fn take(&mut self, number: u64, entry: &View<'_>, values: &Values) {
        if entry.object_kind == "payment-run" && entry.object_id == self.id {
            self.steps.push(Step::of(number, entry, values));
        }
    }

    fn wrong(&self, why: &'static str) -> Unproven {
        Unproven {
            what: format!("payment run {}", self.id),
            why,
        }
    }

    fn last(&self, action: &str) -> Option<&Step> {
        self.steps.iter().rev().find(|step| step.action == action)
    }

    /// What else is wanted of the bundle, once all of it was taken.
    ///
    /// # Errors
    /// [`Unproven`] where the run is not in the bundle, or its entry shows no values.
    pub fn life(self) -> Result<Life, Unproven> {
        let proposed = self.steps.first();
        let proposed = proposed.filter(|step| step.action == "payment-run.proposed");
        let proposed = proposed.ok_or(self.wrong("the bundle does not hold its beginning"))?;
        let hidden = self.wrong(
            "the entry that proposed it shows neither bills nor accounts: take the bundle with its values",
        );
        let bills = proposed.list("bills").ok_or(hidden.clone())?;
        let accounts = proposed.list("accounts").ok_or(hidden)?;
        let removed = self
            .steps
            .iter()
            .filter(|step| step.action == "payment-run.payment-removed");
        let removed: BTreeSet<&str> = removed.filter_map(|step| step.value("bill")).collect();
        let bills = bills
            .into_iter()
            .filter(|bill| !removed.contains(bill.as_str()));
        Ok(Life {
            bills: bills.map(|bill| (bill, Vec::new())).collect(),
            accounts: accounts
                .into_iter()
                .map(|account| (account, Vec::new()))
                .collect(),
            run: self,
        })
    }
}

/// A run with the entries of all that it paid.
#[derive(Clone, Debug)]
pub struct Life {
    run: Run,
    bills: BTreeMap<String, Vec<Step>>,
    accounts: BTreeMap<String, Vec<Step>>,
}

/// What was proven of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lived {
    /// The payment file's SHA-256, as it was generated and released.
    pub file: Hash,
    /// The documents of its bills.
    pub documents: BTreeSet<Hash>,
    /// How many bills it pays.
    pub bills: usize,
    /// To how many accounts.
    pub accounts: usize,
    /// Everything that happened to the run, its bills and its accounts, in order.
    pub steps: Vec<Step>,
}

impl Life {
    /// Takes the entry where it is of a bill or an account of this run.
    pub fn take(&mut self, number: u64, entry: &View<'_>, values: &Values) {
        let of = match entry.object_kind {
            "bill" => &mut self.bills,
            "bank-account" => &mut self.accounts,
            _ => return,
        };
        if let Some(steps) = of.get_mut(entry.object_id) {
            steps.push(Step::of(number, entry, values));
        }
    }

    /// Proves that the run was released for this file, from bills of these documents, through every step and by different
    /// people. Files that are not given are named by their hashes in what is returned.
    ///
    /// # Errors
    /// [`Unproven`] says the first thing that does not hold.
    pub fn prove(self, file: Option<Hash>, documents: &[Hash]) -> Result<Lived, Unproven> {
        let (released, sha256) = self.released(file)?;
        let mut known = BTreeSet::new();
        let mut duties = Duties::default();
        for (id, steps) in &self.bills {
            let bill = Part {
                kind: "bill",
                id,
                steps,
                before: released,
            };
            known.extend(bill.approved(&mut duties)?);
        }
        for (id, steps) in &self.accounts {
            let account = Part {
                kind: "bank account",
                id,
                steps,
                before: released,
            };
            account.verified(&mut duties)?;
        }
        let by = self.run.steps.iter().filter(|step| step.number == released);
        let releases: BTreeSet<Id> = by.flat_map(Step::who).collect();
        if releases.iter().any(|who| duties.checked.contains(who)) {
            return Err(self
                .run
                .wrong("who released it also approved one of its bills or verified an account"));
        }
        if documents.iter().any(|document| !known.contains(document)) {
            return Err(self
                .run
                .wrong("a document that was given belongs to none of its bills"));
        }
        let (bills, accounts) = (self.bills.len(), self.accounts.len());
        let mut steps = self.run.steps;
        steps.extend(self.bills.into_values().flatten());
        steps.extend(self.accounts.into_values().flatten());
        steps.sort_by_key(|step| step.number);
        Ok(Lived {
            file: sha256,
            documents: known,
            bills,
            accounts,
            steps,
        })
    }

    /// The number of the entry that released it, and the file that was.
    fn released(&self, file: Option<Hash>) -> Result<(u64, Hash), Unproven> {
        let run = &self.run;
        let step = |action, why| run.last(action).ok_or(run.wrong(why));
        let proposed = step("payment-run.proposed", "it was not proposed")?;
        let countersigned = step("payment-run.countersigned", "nobody countersigned it")?;
        let generated = step("payment-run.file-generated", "it has no file")?;
        let released = step("payment-run.released", "it was not released")?;
        let order = [proposed, countersigned, generated, released].map(|step| step.number);
        if !order.is_sorted() || run.last("payment-run.voided").is_some() {
            return Err(run.wrong("its steps are not in order, or it was voided"));
        }
        if countersigned
            .who()
            .any(|who| proposed.who().any(|by| by == who))
        {
            return Err(run.wrong("who proposed it countersigned it as well"));
        }
        let sha256 = |step: &Step| step.value("sha256").and_then(Hash::from_hex);
        let hash = sha256(released)
            .ok_or(run.wrong("the entry that released it shows no hash of the file"))?;
        if sha256(generated) != Some(hash) {
            return Err(run.wrong("another file was released than was generated"));
        }
        if file.is_some_and(|file| file != hash) {
            return Err(
                run.wrong("the payment file that was given is not the one that was released")
            );
        }
        Ok((released.number, hash))
    }
}

#[derive(Default)]
struct Duties {
    /// Who approved a bill or verified an account.
    checked: BTreeSet<Id>,
}

/// A bill or an account of a run.
struct Part<'a> {
    kind: &'static str,
    id: &'a str,
    steps: &'a [Step],
    /// The entry that released the run.
    before: u64,
}

impl Part<'_> {
    fn wrong(&self, why: &'static str) -> Unproven {
        Unproven {
            what: format!("{} {}", self.kind, self.id),
            why,
        }
    }

    /// The last such step before the release.
    fn last(&self, actions: &[&str]) -> Option<&Step> {
        let before = self.steps.iter().filter(|step| step.number < self.before);
        before
            .rev()
            .find(|step| actions.contains(&step.action.as_str()))
    }

    /// Checks that its last version was approved, by as many as were needed and by none who entered it; gives its
    /// documents.
    fn approved(&self, duties: &mut Duties) -> Result<BTreeSet<Hash>, Unproven> {
        let received = self
            .steps
            .first()
            .filter(|step| step.action == "bill.received");
        let received = received.ok_or(self.wrong("the bundle does not hold its beginning"))?;
        let documents = received
            .list("documents")
            .ok_or(self.wrong("its entries show no values"))?;
        let documents = documents.iter().map(|hash| Hash::from_hex(hash));
        let documents = documents
            .collect::<Option<_>>()
            .ok_or(self.wrong("the hash of its document is none"))?;
        let submitted = self
            .last(&["bill.submitted"])
            .ok_or(self.wrong("it was not submitted"))?;
        let approved = self
            .last(&["bill.approved"])
            .ok_or(self.wrong("nobody approved it"))?;
        let changed = [
            "bill.corrected",
            "bill.coded",
            "bill.sent-back",
            "approval.voided",
        ];
        if self
            .last(&changed)
            .is_some_and(|changed| changed.number > submitted.number)
        {
            return Err(self.wrong("it was changed after it was submitted for the last time"));
        }
        let complete = |step: &Step| {
            let (had, needed) = step.value("approvals")?.split_once('/')?;
            Some(had == needed)
        };
        let is_same = approved.value("digest").is_some()
            && approved.value("digest") == submitted.value("digest");
        if complete(approved) != Some(true) || !is_same || approved.number < submitted.number {
            return Err(self.wrong("what was submitted was not approved by as many as were needed"));
        }
        let entered = [
            "bill.received",
            "bill.corrected",
            "bill.coded",
            "bill.submitted",
        ];
        let entered = self
            .steps
            .iter()
            .filter(|step| entered.contains(&step.action.as_str()));
        let entered: BTreeSet<Id> = entered.flat_map(Step::who).collect();
        let approvals = self.steps.iter().filter(|step| {
            step.action == "bill.approved" && (submitted.number..self.before).contains(&step.number)
        });
        let approvers: BTreeSet<Id> = approvals.flat_map(Step::who).collect();
        if approvers.is_empty() || approvers.iter().any(|who| entered.contains(who)) {
            return Err(self.wrong("who entered, coded or submitted it approved it as well"));
        }
        duties.checked.extend(approvers);
        Ok(documents)
    }

    fn verified(&self, duties: &mut Duties) -> Result<(), Unproven> {
        let entered = self.last(&["bank-account.entered"]);
        let entered = entered.ok_or(self.wrong("the bundle does not hold its beginning"))?;
        let verified = self
            .last(&["bank-account.verified"])
            .ok_or(self.wrong("nobody verified it"))?;
        let rejected = self.last(&["bank-account.rejected"]);
        if rejected.is_some_and(|rejected| rejected.number > verified.number) {
            return Err(self.wrong("it was rejected before the run was released"));
        }
        if verified.who().any(|who| entered.who().any(|by| by == who)) {
            return Err(self.wrong("who entered it verified it as well"));
        }
        duties.checked.extend(verified.who());
        Ok(())
    }
}
