//! The SQL of bank accounts, their steps and the records of their verification. All three only grow.

use countersign_bankfile::account::Iban;
use countersign_sealing::Secret;

use crate::identity::access::HumanId;
use crate::payables::ids::{AccountId, VendorId};
use crate::payables::vendors::rules::accounts::{
    Account, AccountStatus, Dossier, NewAccount, Step, Verification,
};
use crate::payables::vendors::{StepId, VendorError, VerificationId};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::fields::VENDOR_IBAN;
use crate::platform::keys::{OrgKeys, SubjectKey};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const INSERT: Sql = Sql::change(
    "vendor_bank_accounts",
    "INSERT INTO vendor_bank_accounts (org_id, id, vendor_id, holder, iban_sealed, iban_masked, iban_index, bic, currency, \
     entered_by_id, entered_human_id, entered_us) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
);
const OF_VENDOR: Sql = Sql::read(
    "SELECT id, vendor_id, holder, iban_sealed, iban_masked, iban_index, bic, currency, entered_by_id, entered_human_id, \
     entered_us FROM vendor_bank_accounts WHERE org_id = $1 AND vendor_id = $2 ORDER BY id DESC",
);
const FIND: Sql = Sql::read(
    "SELECT id, vendor_id, holder, iban_sealed, iban_masked, iban_index, bic, currency, entered_by_id, entered_human_id, \
     entered_us FROM vendor_bank_accounts WHERE org_id = $1 AND id = $2",
);
const SAME_IBAN: Sql = Sql::read(
    "SELECT DISTINCT v.id, v.name FROM vendor_bank_accounts a JOIN vendors v ON v.org_id = a.org_id AND v.id = a.vendor_id \
     WHERE a.org_id = $1 AND a.iban_index = $2 AND a.vendor_id <> $3 ORDER BY v.name, v.id",
);
/// At most this many are told: whoever sees ten has seen enough.
const CLOSED_BEFORE: Sql = Sql::read(
    "SELECT a.id, v.id, v.name, s.status, p.name, s.at_us, s.note FROM vendor_bank_accounts a \
     JOIN vendor_bank_account_steps s ON s.org_id = a.org_id AND s.account_id = a.id \
     JOIN vendors v ON v.org_id = a.org_id AND v.id = a.vendor_id JOIN people p ON p.org_id = a.org_id AND p.id = s.person_id \
     WHERE a.org_id = $1 AND a.iban_index = $2 AND a.id <> $3 AND (s.status = 'rejected' OR s.status = 'superseded') \
     ORDER BY s.at_us DESC, s.id DESC LIMIT 10",
);
const INSERT_STEP: Sql = Sql::change(
    "vendor_bank_account_steps",
    "INSERT INTO vendor_bank_account_steps (org_id, id, account_id, position, status, person_id, human_id, note, at_us, tag) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
);
const STEPS: Sql = Sql::read(
    "SELECT id, account_id, position, status, person_id, human_id, note, at_us, tag FROM vendor_bank_account_steps \
     WHERE org_id = $1 AND account_id = $2 ORDER BY position",
);
const INSERT_VERIFICATION: Sql = Sql::change(
    "bank_account_verifications",
    "INSERT INTO bank_account_verifications (org_id, id, vendor_id, account_id, account_digest, entered_human_id, \
     verified_human_id, cooling_off_end_us, verified_us, tag) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
);
const VERIFICATION: Sql = Sql::read(
    "SELECT id, vendor_id, account_id, account_digest, entered_human_id, verified_human_id, cooling_off_end_us, verified_us, \
     tag FROM bank_account_verifications WHERE org_id = $1 AND account_id = $2",
);

row! {
    /// Another vendor with the same IBAN.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Namesake {
        pub vendor: VendorId,
        pub name: String,
    }
}

row! {
    /// The same IBAN as it was entered before, for this vendor or another, and closed: rejected or replaced.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct ClosedBefore {
        pub account: AccountId,
        pub vendor: VendorId,
        pub vendor_name: String,
        pub status: AccountStatus,
        pub person: String,
        pub at: Micros,
        /// What that person gave as the reason; for a replaced account, what replaced it.
        pub note: String,
    }
}

/// Who does something to an account.
#[derive(Debug, Clone, Copy)]
pub struct Doer {
    pub person: PersonId,
    pub human: HumanId,
}

fn with_steps(reads: &mut impl Reads, account: Account) -> Result<Dossier, StoreError> {
    let steps = reads.all(&STEPS, params![account.id])?;
    let verification = reads.maybe(&VERIFICATION, params![account.id])?;
    Ok(Dossier {
        account,
        steps,
        verification,
    })
}

/// All accounts of a vendor, the newest first.
pub fn of_vendor(reads: &mut impl Reads, vendor: VendorId) -> Result<Vec<Dossier>, StoreError> {
    let accounts: Vec<Account> = reads.all(&OF_VENDOR, params![vendor])?;
    accounts
        .into_iter()
        .map(|account| with_steps(reads, account))
        .collect()
}

/// One account; `Missing` where it is not there.
pub fn find(reads: &mut impl Reads, account: AccountId) -> Result<Dossier, StoreError> {
    let account = reads.one(&FIND, params![account])?;
    with_steps(reads, account)
}

/// Opens an account's IBAN with its vendor's key. None: it was sealed for another vendor or account, or altered.
pub fn open_iban(key: &SubjectKey, account: &Account) -> Option<Iban> {
    let opened: Secret<String> = key
        .open(VENDOR_IBAN, account.id, &account.iban_sealed)
        .ok()?;
    Iban::parse(opened.expose()).ok()
}

/// Other vendors with the same IBAN: a group's common account, or a forger's.
pub fn same_iban(
    reads: &mut impl Reads,
    index: &[u8],
    vendor: VendorId,
) -> Result<Vec<Namesake>, StoreError> {
    reads.all(&SAME_IBAN, params![index, vendor])
}

/// Whether an IBAN was turned away or replaced before, the latest first. Found by its blind index: nothing is opened.
pub fn closed_before(
    reads: &mut impl Reads,
    index: &[u8],
    account: AccountId,
) -> Result<Vec<ClosedBefore>, StoreError> {
    reads.all(&CLOSED_BEFORE, params![index, account])
}

/// A new account with its first two steps: submitted, and waiting for the call.
pub fn insert(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    vendor: VendorId,
    new: &NewAccount,
    who: Doer,
) -> Result<AccountId, VendorError> {
    let id: AccountId = tx.id();
    let key = keys.subject(tx, vendor)?;
    let iban = Secret::new(new.iban.expose().to_owned());
    let sealed = key.seal(VENDOR_IBAN, id, iban.expose(), tx.entropy());
    let index = keys.blind_index(VENDOR_IBAN, iban.expose());
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![
            id,
            vendor,
            &new.holder,
            sealed,
            new.iban.masked(),
            index,
            new.bic.map(|bic| bic.as_str().to_owned()),
            new.currency.code(),
            who.person,
            who.human,
            now
        ],
    )?;
    add_step(
        tx,
        keys,
        (id, 1),
        AccountStatus::Submitted,
        who,
        &new.source,
    )?;
    add_step(tx, keys, (id, 2), AccountStatus::CallBackPending, who, "")?;
    Ok(id)
}

/// Writes an account's next step, authenticated.
pub fn add_step(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    (account, position): (AccountId, i64),
    status: AccountStatus,
    who: Doer,
    note: &str,
) -> Result<(), StoreError> {
    let mut step = Step {
        id: tx.id::<StepId>(),
        account,
        position,
        status,
        person: who.person,
        human: who.human,
        note: note.to_owned(),
        at: tx.now(),
        tag: Vec::new(),
    };
    step.tag = step.authenticate(keys);
    tx.change_one(
        &INSERT_STEP,
        params![
            step.id,
            step.account,
            step.position,
            step.status,
            step.person,
            step.human,
            step.note,
            step.at,
            step.tag
        ],
    )
}

/// What a verification found.
#[derive(Debug, Clone, Copy)]
pub struct Verified {
    pub vendor: VendorId,
    pub account: AccountId,
    pub account_digest: [u8; 32],
    pub entered_human: HumanId,
    pub verified_human: HumanId,
    pub cooling_off_end: Micros,
}

/// Writes the record of a verification, authenticated.
pub fn insert_verification(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    verified: Verified,
) -> Result<(), StoreError> {
    let mut record = Verification {
        id: tx.id::<VerificationId>(),
        vendor: verified.vendor,
        account: verified.account,
        account_digest: verified.account_digest,
        entered_human: verified.entered_human,
        verified_human: verified.verified_human,
        cooling_off_end: verified.cooling_off_end,
        verified: tx.now(),
        tag: Vec::new(),
    };
    record.tag = record.authenticate(keys);
    tx.change_one(
        &INSERT_VERIFICATION,
        params![
            record.id,
            record.vendor,
            record.account,
            record.account_digest,
            record.entered_human,
            record.verified_human,
            record.cooling_off_end,
            record.verified,
            record.tag
        ],
    )
}
