//! The SQL of what people did with the accounts that payments leave from. It only grows.

use countersign_bankfile::account::Iban;

use super::rules::{AccountState, Refusal, Step, digest, judge, told};
use crate::identity::access::Access;
use crate::identity::humans;
use crate::identity::organisations::{EntityAccountId, PayingAccount, founded};
use crate::platform::ids::PersonId;
use crate::platform::keys::{KeyError, OrgKeys};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const INSERT: Sql = Sql::change(
    "entity_bank_account_steps",
    "INSERT INTO entity_bank_account_steps (org_id, id, account_id, position, status, person_id, human_id, note, at_us, tag) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
);
const STEPS: Sql = Sql::read(
    "SELECT id, account_id, position, status, person_id, human_id, note, at_us, tag FROM entity_bank_account_steps \
     WHERE org_id = $1 AND account_id = $2 ORDER BY position",
);
const NAMES: Sql = Sql::read("SELECT id, name FROM people WHERE org_id = $1");

row! {
    /// A person's name.
    #[derive(Debug, Clone)]
    pub(super) struct Named {
        pub id: PersonId,
        pub name: String,
    }
}

pub(super) fn names(reads: &mut impl Reads) -> Result<Vec<Named>, StoreError> {
    reads.all(&NAMES, [])
}

/// What was done with an account, the oldest first.
pub(super) fn steps(
    reads: &mut impl Reads,
    account: EntityAccountId,
) -> Result<Vec<Step>, StoreError> {
    reads.all(&STEPS, params![account])
}

/// Whether the account is as old as its organisation: the setup made both in one transaction.
pub(super) fn is_of_setup(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    account: &PayingAccount,
) -> Result<bool, StoreError> {
    Ok(founded(reads, keys.organisation())? == account.created)
}

/// Opens an account, and says of what it consists.
pub(super) fn opened(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    account: &PayingAccount,
) -> Result<Result<(Iban, [u8; 32]), Refusal>, StoreError> {
    let iban = match account.iban(reads, keys) {
        Ok(iban) => iban,
        Err(KeyError::Store(error)) => return Err(error),
        Err(_) => return Ok(Err(Refusal::Altered)),
    };
    let Ok(iban) = Iban::parse(iban.expose()) else {
        return Ok(Err(Refusal::Altered));
    };
    let place = (account.entity, account.id);
    let parts = (
        iban.expose(),
        account.bic.as_deref(),
        account.currency.as_str(),
    );
    let digest = digest(keys, place, parts);
    Ok(Ok((iban, digest)))
}

/// The IBAN of an account that payments may leave from now. The caller has asked whether the account's row is ours.
///
/// # Errors
/// Those of the store; within, why nothing can be paid from it.
pub fn usable(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    account: &PayingAccount,
) -> Result<Result<Iban, Refusal>, StoreError> {
    let (iban, digest) = match opened(reads, keys, account)? {
        Ok(opened) => opened,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let steps = steps(reads, account.id)?;
    let is_of_setup = is_of_setup(reads, keys, account)?;
    let humans = humans::load(reads)?;
    Ok(judge((keys, &humans), &digest, (&steps, is_of_setup)).map(|()| iban))
}

/// Whether a list shows an account as one that payments may leave from. It opens nothing: the rows' codes say whether they are
/// ours, and the steps where it stands. Whoever pays asks [`usable`].
///
/// # Errors
/// Those of the store; within, why nothing can be paid from it.
pub fn listed(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    account: &PayingAccount,
) -> Result<Result<(), Refusal>, StoreError> {
    let steps = steps(reads, account.id)?;
    let mut is_ours = is_ours(reads.authentic("entity_bank_accounts", account.id))?;
    for step in &steps {
        is_ours &= self::is_ours(reads.authentic("entity_bank_account_steps", step.id))?;
    }
    if !is_ours {
        return Ok(Err(Refusal::Altered));
    }
    let humans = humans::load(reads)?;
    Ok(told(&humans, &steps, is_of_setup(reads, keys, account)?))
}

fn is_ours(asked: Result<(), StoreError>) -> Result<bool, StoreError> {
    match asked {
        Ok(()) => Ok(true),
        Err(StoreError::Forged { .. }) => Ok(false),
        Err(other) => Err(other),
    }
}

/// Writes an account's next step, authenticated over what the account consists of.
pub(super) fn add_step(
    tx: &mut Tx<'_>,
    (keys, digest): (&OrgKeys, &[u8; 32]),
    (account, position): (EntityAccountId, i64),
    (state, note): (AccountState, &str),
    who: &Access,
) -> Result<(), StoreError> {
    let mut step = Step {
        id: tx.id(),
        account,
        position,
        state,
        person: who.person(),
        human: who.human(),
        note: note.to_owned(),
        at: tx.now(),
        tag: Vec::new(),
    };
    step.tag = step.authenticate(keys, digest);
    tx.change_one(
        &INSERT,
        params![
            step.id,
            step.account,
            step.position,
            step.state,
            step.person,
            step.human,
            step.note,
            step.at,
            step.tag
        ],
    )
}
