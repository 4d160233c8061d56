//! The SQL of organisations, legal entities and the accounts they pay from.

mod decided;

pub(in crate::identity) use decided::{Decided, is_decided, may_be_missing};

use countersign_sealing::Sealed;

use super::rules::{NewAccount, NewEntity, NewOrganisation};
use super::{EntityAccountId, EntityId};
use crate::platform::clock::Micros;
use crate::platform::ids::OrgId;
use crate::platform::keys::fields::{ENTITY_IBAN, ENTITY_VAT_ID};
use crate::platform::keys::{KeyError, OrgKeys, SubjectKey};
use crate::platform::store::{Entry, Lookup, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const INSERT: Sql = Sql::change(
    "organisations",
    "INSERT INTO organisations (org_id, id, slug, name, time_zone, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, 1) RETURNING id",
);
const INSERT_ENTITY: Sql = Sql::change(
    "legal_entities",
    "INSERT INTO legal_entities (org_id, id, name, country, currency, street, building, post_code, town, vat_id_sealed, \
     vat_id_masked, vat_id_index, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1) RETURNING id",
);
const INSERT_ACCOUNT: Sql = Sql::change(
    "entity_bank_accounts",
    "INSERT INTO entity_bank_accounts (org_id, id, entity_id, label, iban_sealed, iban_masked, bic, currency, created_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id",
);
const FOUNDED: Sql =
    Sql::read("SELECT created_us FROM organisations WHERE org_id = $1 AND id = $1");
const FIRST: Sql = Sql::lookup("SELECT id, slug FROM organisations ORDER BY id LIMIT 2");
const BY_SLUG: Sql = Sql::lookup("SELECT id FROM organisations WHERE slug = $1");
const NAME: Sql =
    Sql::read("SELECT name, time_zone FROM organisations WHERE org_id = $1 AND id = $1");
const NAME_AND_SLUG: Sql =
    Sql::read("SELECT name, slug FROM organisations WHERE org_id = $1 AND id = $1");
const ENTITIES: Sql = Sql::read(
    "SELECT id, name, country, currency, street, building, post_code, town, vat_id_masked FROM legal_entities \
     WHERE org_id = $1 ORDER BY id",
);
const ENTITY: Sql = Sql::read(
    "SELECT id, name, country, currency, street, building, post_code, town, vat_id_masked FROM legal_entities \
     WHERE org_id = $1 AND id = $2",
);
const ACCOUNTS: Sql = Sql::read(
    "SELECT id, entity_id, label, iban_masked, bic, currency FROM entity_bank_accounts \
     WHERE org_id = $1 AND entity_id = $2 ORDER BY id",
);
const PAYING: Sql = Sql::read(
    "SELECT id, entity_id, label, iban_masked, bic, currency, created_us, iban_sealed FROM entity_bank_accounts \
     WHERE org_id = $1 AND id = $2",
);

row! {
    /// A legal entity as lists show it.
    #[derive(Debug, Clone)]
    pub struct Entity {
        pub id: EntityId,
        pub name: String,
        /// ISO 3166-1, two letters.
        pub country: String,
        /// ISO 4217.
        pub currency: String,
        pub street: String,
        pub building: String,
        pub post_code: String,
        pub town: String,
        pub vat_id_masked: Option<String>,
    }
}

row! {
    /// An account to pay from, masked.
    #[derive(Debug, Clone)]
    pub struct EntityAccount {
        pub id: EntityAccountId,
        pub entity: EntityId,
        pub label: String,
        pub iban_masked: String,
        pub bic: Option<String>,
        pub currency: String,
    }
}

row! {
    /// An account to pay from, with its IBAN sealed: [`PayingAccount::iban`] opens it for a payment file.
    #[derive(Debug)]
    pub struct PayingAccount {
        pub id: EntityAccountId,
        pub entity: EntityId,
        pub label: String,
        pub iban_masked: String,
        pub bic: Option<String>,
        pub currency: String,
        pub created: Micros,
        sealed: Sealed<String>,
    }
}

impl PayingAccount {
    /// Opens the IBAN. Whoever does this journals the purpose.
    ///
    /// # Errors
    /// Where the value was not sealed for this very row.
    pub fn iban(
        &self,
        reads: &mut impl Reads,
        keys: &OrgKeys,
    ) -> Result<countersign_sealing::Secret<String>, KeyError> {
        keys.subject(reads, self.entity)?
            .open(ENTITY_IBAN, self.id, &self.sealed)
    }
}

/// The organisation's name and IANA time zone.
pub fn name_and_zone(reads: &mut impl Reads) -> Result<(String, String), StoreError> {
    reads.one(&NAME, [])
}

/// The organisation's name and its short name, by which people and commands name it.
pub fn name_and_slug(reads: &mut impl Reads) -> Result<(String, String), StoreError> {
    reads.one(&NAME_AND_SLUG, [])
}

/// When the organisation was made.
///
/// # Errors
/// `Forged` where somebody else wrote its row.
pub fn founded(reads: &mut impl Reads, organisation: OrgId) -> Result<Micros, StoreError> {
    reads.authentic("organisations", organisation)?;
    let (founded,) = reads.one(&FOUNDED, [])?;
    Ok(founded)
}

pub fn list_entities(reads: &mut impl Reads) -> Result<Vec<Entity>, StoreError> {
    reads.all(&ENTITIES, [])
}

pub fn find_entity(reads: &mut impl Reads, id: EntityId) -> Result<Entity, StoreError> {
    reads.one(&ENTITY, params![id])
}

pub fn list_accounts(
    reads: &mut impl Reads,
    entity: EntityId,
) -> Result<Vec<EntityAccount>, StoreError> {
    reads.all(&ACCOUNTS, params![entity])
}

pub fn paying_account(
    reads: &mut impl Reads,
    id: EntityAccountId,
) -> Result<PayingAccount, StoreError> {
    reads.one(&PAYING, params![id])
}

/// At most two organisations: enough to know whether there is none, one, or several.
pub(in crate::identity) fn first_two(
    lookup: &mut Lookup<'_>,
) -> Result<Vec<(OrgId, String)>, StoreError> {
    lookup.all(&FIRST, [])
}

/// The organisation of a short name.
pub(in crate::identity) fn of_slug(
    lookup: &mut Lookup<'_>,
    slug: &str,
) -> Result<Option<OrgId>, StoreError> {
    let found: Option<(OrgId,)> = lookup.maybe(&BY_SLUG, params![slug])?;
    Ok(found.map(|(id,)| id))
}

pub(in crate::identity) fn insert(
    tx: &mut Tx<'_>,
    new: &NewOrganisation,
) -> Result<(), StoreError> {
    let (id, now) = (tx.scope().organisation(), tx.now());
    tx.change_one(
        &INSERT,
        params![id, &new.slug, &new.name, &new.time_zone, now],
    )?;
    tx.journal(
        Entry::new("organisation.created", "organisation", id)
            .fact("name", &new.name)
            .fact("slug", &new.slug)
            .fact("time-zone", &new.time_zone),
    )
}

/// A legal entity with its key and the account it pays from.
pub(in crate::identity) fn insert_entity(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    new: &NewEntity,
) -> Result<(EntityId, EntityAccountId), KeyError> {
    let (id, now): (EntityId, _) = (tx.id(), tx.now());
    let key = keys.create_subject(tx, id)?;
    let vat = new.vat_id.as_ref();
    let sealed = vat.map(|vat| key.seal(ENTITY_VAT_ID, id, &vat.expose().to_owned(), tx.entropy()));
    let index = vat.map(|vat| keys.blind_index(ENTITY_VAT_ID, vat.expose()));
    tx.change_one(
        &INSERT_ENTITY,
        params![
            id,
            &new.name,
            new.country.code(),
            new.currency.code(),
            &new.street,
            &new.building,
            &new.post_code,
            &new.town,
            sealed,
            vat.map(super::rules::VatId::masked),
            index,
            now
        ],
    )?;
    tx.journal(
        Entry::new("legal-entity.created", "legal-entity", id)
            .fact("name", &new.name)
            .fact("country", new.country)
            .fact("currency", new.currency.code())
            .change("vat-id", None::<&str>, vat.map(super::rules::VatId::masked)),
    )?;
    let account = insert_account(tx, &key, id, &new.account())?;
    Ok((id, account))
}

/// An account to pay from. The caller sees to it that it was verified before anything is paid from it.
pub(in crate::identity) fn insert_account(
    tx: &mut Tx<'_>,
    key: &SubjectKey,
    entity: EntityId,
    new: &NewAccount,
) -> Result<EntityAccountId, StoreError> {
    let (id, now): (EntityAccountId, _) = (tx.id(), tx.now());
    let sealed = key.seal(ENTITY_IBAN, id, &new.iban.expose().to_owned(), tx.entropy());
    let bic = new.bic.as_ref().map(|bic| bic.as_str().to_owned());
    tx.change_one(
        &INSERT_ACCOUNT,
        params![
            id,
            entity,
            &new.label,
            sealed,
            new.iban.masked(),
            bic,
            new.currency.code(),
            now
        ],
    )?;
    tx.journal(
        Entry::new("bank-account.entered", "entity-bank-account", id)
            .fact("entity", entity)
            .fact("iban", new.iban.masked()),
    )?;
    Ok(id)
}
