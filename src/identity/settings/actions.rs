//! Adding entities and accounts, verifying and closing accounts, and looking at them.

use countersign_bankfile::account::Iban;

use super::SettingsError;
use super::rules::{AccountState, MAX_NOTE_CHARS, Step, state};
use super::store::{self, Named};
use crate::identity::access::{Access, Permission};
use crate::identity::humans::{self, Humans};
use crate::identity::organisations::{
    self, Entity, EntityAccountId, EntityId, NewAccount, NewEntity, PayingAccount, find_entity,
    list_accounts, list_entities, paying_account,
};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::keys::OrgKeys;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// The organisation with its entities and their accounts, masked.
#[derive(Debug)]
pub struct SettingsView {
    pub name: String,
    /// By which the command line names it.
    pub slug: String,
    pub time_zone: String,
    pub entities: Vec<EntitySight>,
}

#[derive(Debug)]
pub struct EntitySight {
    pub entity: Entity,
    pub accounts: Vec<AccountSight>,
}

/// An account that payments leave from, as the one who looks sees it.
#[derive(Debug)]
pub struct AccountSight {
    pub id: EntityAccountId,
    pub entity: EntityId,
    pub label: String,
    pub masked: String,
    pub bic: Option<String>,
    pub currency: String,
    pub state: AccountState,
    /// None for an account of the setup.
    pub entered_by: Option<String>,
    pub verified_by: Option<String>,
    pub changed: Option<Micros>,
    /// Why nothing can be paid from it, where a row or a step is not ours.
    pub is_altered: bool,
    pub can_verify: bool,
    pub can_close: bool,
    /// Whether the one who looks is the human who entered it.
    pub is_own_entry: bool,
}

/// Whoever looks after the settings, or countersigns what is paid from the accounts.
const VERIFIERS: [Permission; 2] = [Permission::SettingsEdit, Permission::RunsCountersign];

fn found<T>(result: Result<T, StoreError>) -> Result<T, SettingsError> {
    result.map_err(|error| match error {
        StoreError::Missing => SettingsError::Missing,
        other => SettingsError::Store(other),
    })
}

/// The organisation's settings.
pub async fn view(app: &App, who: &Access) -> Result<SettingsView, SettingsError> {
    let reach = who.reach(Permission::RunsRead)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let looker = who.clone();
    app.store
        .read(who.scope(), move |read| {
            let (name, slug) = organisations::name_and_slug(read)?;
            let (_, time_zone) = organisations::name_and_zone(read)?;
            let names = store::names(read)?;
            let mut entities = Vec::new();
            let all = list_entities(read)?.into_iter();
            for entity in all.filter(|entity| reach.includes(entity.id)) {
                let mut accounts = Vec::new();
                for listed in list_accounts(read, entity.id)? {
                    accounts.push(account_sight(read, &keys, &looker, (listed.id, &names))?);
                }
                entities.push(EntitySight { entity, accounts });
            }
            Ok(SettingsView {
                name,
                slug,
                time_zone,
                entities,
            })
        })
        .await
}

/// One account with its entity, for whoever verifies it.
pub async fn sight(
    app: &App,
    who: &Access,
    account: EntityAccountId,
) -> Result<(Entity, AccountSight), SettingsError> {
    let reach = who.reach_of_any(&VERIFIERS)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let looker = who.clone();
    app.store
        .read(who.scope(), move |read| {
            let names = store::names(read)?;
            let sight = account_sight(read, &keys, &looker, (account, &names))?;
            found(reach.check(sight.entity))?;
            Ok((find_entity(read, sight.entity)?, sight))
        })
        .await
}

fn account_sight(
    reads: &mut impl Reads,
    keys: &OrgKeys,
    who: &Access,
    (account, names): (EntityAccountId, &[Named]),
) -> Result<AccountSight, SettingsError> {
    let found = found(paying_account(reads, account))?;
    let steps = store::steps(reads, account)?;
    let state = state(&steps, store::is_of_setup(reads, keys, &found)?);
    let is_altered = matches!(
        store::listed(reads, keys, &found)?,
        Err(super::Refusal::Altered)
    );
    let named = |person: PersonId| {
        let of = names.iter().find(|named| named.id == person);
        of.map(|named| named.name.clone()).unwrap_or_default()
    };
    let by = |state| steps.iter().find(|step: &&Step| step.state == state);
    let entered = by(AccountState::Entered);
    let is_own_entry = entered.is_some_and(|step| step.human == who.human());
    let waits = state == AccountState::Entered;
    let may_verify = VERIFIERS
        .into_iter()
        .any(|permission| who.may_in(permission, found.entity));
    Ok(AccountSight {
        id: account,
        entity: found.entity,
        entered_by: entered.map(|step| named(step.person)),
        verified_by: by(AccountState::Verified).map(|step| named(step.person)),
        changed: steps.last().map(|step| step.at),
        is_altered,
        can_verify: waits && may_verify && !is_own_entry,
        can_close: state != AccountState::Closed && may_verify,
        is_own_entry,
        state,
        label: found.label,
        masked: found.iban_masked,
        bic: found.bic,
        currency: found.currency,
    })
}

/// Adds a legal entity with its first account, which pays nothing before another human verifies it.
pub async fn add_entity(
    app: &App,
    who: &Access,
    new: NewEntity,
) -> Result<EntityId, SettingsError> {
    who.require(Permission::SettingsEdit)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let (entity, account) = organisations::insert_entity(tx, &keys, &new)?;
            enter(tx, &keys, (entity, account), &new.account(), &by)?;
            Ok(tx.done(entity)?)
        })
        .await
}

/// Adds an account to pay from. Nothing is paid from it before another human verifies it.
pub async fn add_account(
    app: &App,
    who: &Access,
    entity: EntityId,
    new: NewAccount,
) -> Result<EntityAccountId, SettingsError> {
    let reach = who.reach(Permission::SettingsEdit)?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            found(reach.check(entity))?;
            found(find_entity(tx, entity))?;
            for other in list_accounts(tx, entity)? {
                let other = paying_account(tx, other.id)?;
                let steps = store::steps(tx, other.id)?;
                let is_closed = state(&steps, true) == AccountState::Closed;
                let opened = store::opened(tx, &keys, &other)?;
                if !is_closed && opened.is_ok_and(|(iban, _)| iban == new.iban) {
                    return Err(SettingsError::Known);
                }
            }
            let key = keys.subject(tx, entity)?;
            let account = organisations::insert_account(tx, &key, entity, &new)?;
            enter(tx, &keys, (entity, account), &new, &by)?;
            Ok(tx.done(account)?)
        })
        .await
}

fn enter(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    place: (EntityId, EntityAccountId),
    new: &NewAccount,
    by: &Access,
) -> Result<(), SettingsError> {
    let bic = new.bic.as_ref().map(|bic| bic.as_str());
    let parts = (new.iban.expose(), bic, new.currency.code());
    let digest = super::rules::digest(keys, place, parts);
    store::add_step(
        tx,
        (keys, &digest),
        (place.1, 1),
        (AccountState::Entered, ""),
        by,
    )?;
    tx.journal(
        Entry::new(
            "bank-account.awaits-verification",
            "entity-bank-account",
            place.1,
        )
        .version(2),
    )?;
    Ok(())
}

/// Verifies an account: another human than the one who entered it types its IBAN from the bank's own papers.
pub async fn verify_account(
    app: &App,
    who: &Access,
    account: EntityAccountId,
    typed: Iban,
) -> Result<(), SettingsError> {
    let reach = who.reach_of_any(&VERIFIERS)?;
    who.require_fresh()?;
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let (row, steps) = authentic(tx, account)?;
            found(reach.check(row.entity))?;
            let (iban, digest) =
                store::opened(tx, &keys, &row)?.map_err(|_| SettingsError::Altered)?;
            let state = state(&steps, store::is_of_setup(tx, &keys, &row)?);
            if state != AccountState::Entered {
                return Err(SettingsError::NotNow(state));
            }
            // The tag of the first step is checked before anybody is compared with the human in it.
            let nobody_joined = Humans::default();
            let judged = super::rules::judge((&keys, &nobody_joined), &digest, (&steps, false));
            let entered = steps
                .first()
                .filter(|_| judged != Err(super::Refusal::Altered));
            let entered = entered.ok_or(SettingsError::Altered)?;
            if humans::load(tx)?.are_one(entered.human, by.human()) {
                return Err(SettingsError::SameHuman);
            }
            if iban != typed {
                return Err(SettingsError::OtherIban);
            }
            let position = entered.position + 1;
            let step = (AccountState::Verified, "");
            store::add_step(tx, (&keys, &digest), (account, position), step, &by)?;
            let entry = Entry::new("bank-account.verified", "entity-bank-account", account)
                .version(position + 1)
                .fact("entity", row.entity)
                .fact("iban", &row.iban_masked);
            Ok(tx.commit(entry, ())?)
        })
        .await
}

/// Closes an account: nothing is paid from it any more.
pub async fn close_account(
    app: &App,
    who: &Access,
    account: EntityAccountId,
    reason: &str,
) -> Result<(), SettingsError> {
    let reach = who.reach_of_any(&VERIFIERS)?;
    let reason = reason.trim().to_owned();
    let keys = app.keys.organisation(&app.store, who.scope()).await?;
    let by = who.clone();
    app.store
        .write(who.caller(), move |tx| {
            let (row, steps) = authentic(tx, account)?;
            found(reach.check(row.entity))?;
            if reason.is_empty() || reason.chars().count() > MAX_NOTE_CHARS {
                return Err(SettingsError::Field("reason"));
            }
            let state = state(&steps, store::is_of_setup(tx, &keys, &row)?);
            if state == AccountState::Closed {
                return Err(SettingsError::NotNow(state));
            }
            let (_, digest) =
                store::opened(tx, &keys, &row)?.map_err(|_| SettingsError::Altered)?;
            let position = steps.last().map_or(0, |step| step.position) + 1;
            let step = (AccountState::Closed, reason.as_str());
            store::add_step(tx, (&keys, &digest), (account, position), step, &by)?;
            let entry = Entry::new("bank-account.closed", "entity-bank-account", account)
                .version(position + 1)
                .fact("entity", row.entity)
                .fact("iban", &row.iban_masked)
                .change("status", Some(state), Some(AccountState::Closed))
                .fact("reason", &reason);
            Ok(tx.commit(entry, ())?)
        })
        .await
}

/// The account, if its row is ours, with what was done with it.
fn authentic(
    tx: &mut Tx<'_>,
    account: EntityAccountId,
) -> Result<(PayingAccount, Vec<Step>), SettingsError> {
    let row = found(paying_account(tx, account))?;
    tx.authentic("entity_bank_accounts", account)?;
    Ok((row, store::steps(tx, account)?))
}
