//! The vendors' SQL.

pub mod accounts;
pub mod disposal;
pub mod matching;
pub mod payable;
pub mod questions;
pub mod search;

use countersign_sealing::{Sealed, Secret};

use super::VendorError;
use super::rules::names::name_key;
use super::rules::{Facts, VendorStatus, tax_ids};
use crate::identity::access::Reach;
use crate::payables::ids::VendorId;
use crate::platform::clock::Micros;
use crate::platform::keys::fields::{VENDOR_LEGAL_ID, VENDOR_VAT_ID};
use crate::platform::keys::{OrgKeys, SubjectKey};
use crate::platform::store::{Reads, Sql, StoreError, Tx, Value};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, name, name_key, status, country, street, building, post_code, town, vat_id_masked, legal_id_masked, \
     terms_days, default_gl_account, default_cost_centre, created_us, version, other_names FROM vendors WHERE org_id = $1 AND id = $2",
);
const LEGAL_ID: Sql =
    Sql::read("SELECT legal_id_sealed FROM vendors WHERE org_id = $1 AND id = $2");
const INSERT: Sql = Sql::change(
    "vendors",
    "INSERT INTO vendors (org_id, id, name, name_key, status, country, street, building, post_code, town, terms_days, \
     default_gl_account, default_cost_centre, created_by_id, created_us, version, other_names) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16) RETURNING id",
);
const UPDATE: Sql = Sql::change(
    "vendors",
    "UPDATE vendors SET name = $4, name_key = $5, country = $6, street = $7, building = $8, post_code = $9, town = $10, \
     terms_days = $11, default_gl_account = $12, default_cost_centre = $13, other_names = $14, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
);
const SET_VAT_ID: Sql = Sql::change(
    "vendors",
    "UPDATE vendors SET vat_id_sealed = $3, vat_id_masked = $4, vat_id_index = $5 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const SET_LEGAL_ID: Sql = Sql::change(
    "vendors",
    "UPDATE vendors SET legal_id_sealed = $3, legal_id_masked = $4, legal_id_index = $5 WHERE org_id = $1 AND id = $2 RETURNING id",
);
const SET_STATUS: Sql = Sql::change(
    "vendors",
    "UPDATE vendors SET status = $4, version = version + 1 WHERE org_id = $1 AND id = $2 AND version = $3 RETURNING id",
);
const LIST: Sql = Sql::read(
    "SELECT v.id, v.name, v.name_key, v.status, v.country, v.town, \
     (SELECT CAST(COUNT(*) AS BIGINT) FROM bills b WHERE b.org_id = $1 AND b.vendor_id = v.id AND b.payment <> 'paid' \
      AND b.processing <> 'rejected' AND b.processing <> 'cancelled' AND ($10 = '' OR REPLACE($10, b.entity_id, '') <> $10)) \
     FROM vendors v WHERE v.org_id = $1 AND ($2 = '' OR v.status = $2) \
     AND ($3 = '' OR EXISTS (SELECT 1 FROM search_tokens s WHERE s.org_id = $1 AND s.object_kind = 'vendor' AND s.object_id = v.id AND s.token >= $3 AND s.token < $4)) \
     AND ($5 = '' OR EXISTS (SELECT 1 FROM search_tokens s WHERE s.org_id = $1 AND s.object_kind = 'vendor' AND s.object_id = v.id AND s.token >= $5 AND s.token < $6)) \
     AND (v.name_key > $7 OR (v.name_key = $7 AND v.id > $8)) ORDER BY v.name_key, v.id LIMIT $9",
);
const BILLS: Sql = Sql::read(
    "SELECT id, number, due_date, processing, currency, payable_minor FROM bills WHERE org_id = $1 AND vendor_id = $2 \
     AND ($3 = '' OR REPLACE($3, entity_id, '') <> $3) ORDER BY id DESC LIMIT 20",
);
const PERSON: Sql = Sql::read("SELECT name FROM people WHERE org_id = $1 AND id = $2");

row! {
    /// A vendor as lists and pages show it: its ids masked.
    #[derive(Debug, Clone)]
    pub struct Vendor {
        pub id: VendorId,
        pub name: String,
        pub name_key: String,
        pub status: VendorStatus,
        pub country: String,
        pub street: String,
        pub building: String,
        pub post_code: String,
        pub town: String,
        pub vat_id_masked: Option<String>,
        pub legal_id_masked: Option<String>,
        pub terms_days: i64,
        pub default_gl_account: Option<String>,
        pub default_cost_centre: Option<String>,
        pub created: Micros,
        pub version: i64,
        /// One a line; none where there are none.
        pub other_names: Option<String>,
    }
}

impl Vendor {
    /// Its data as a form shows them.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts {
            name: self.name.clone(),
            other_names: self.other_names.clone().unwrap_or_default(),
            country: self.country.clone(),
            street: self.street.clone(),
            building: self.building.clone(),
            post_code: self.post_code.clone(),
            town: self.town.clone(),
            terms_days: self.terms_days,
            default_gl_account: self.default_gl_account.clone(),
            default_cost_centre: self.default_cost_centre.clone(),
        }
    }
}

row! {
    /// A vendor in a list.
    #[derive(Debug, Clone)]
    pub struct Listed {
        pub id: VendorId,
        pub name: String,
        pub name_key: String,
        pub status: VendorStatus,
        pub country: String,
        pub town: String,
        pub open_bills: i64,
    }
}

row! {
    /// A bill on its vendor's page.
    #[derive(Debug, Clone)]
    pub struct VendorBill {
        pub id: crate::payables::ids::BillId,
        pub number: String,
        pub due_date: Option<String>,
        pub processing: crate::payables::bills::rules::Processing,
        pub currency: Option<String>,
        pub payable_minor: Option<i64>,
    }
}

/// One vendor; `Missing` where it is not there.
pub fn find(reads: &mut impl Reads, id: VendorId) -> Result<Vendor, StoreError> {
    reads.one(&FIND, params![id])
}

/// Where a list goes on: behind this name's key and id.
#[derive(Debug, Clone, Default)]
pub struct After {
    pub name_key: String,
    pub id: String,
}

/// What a list shows.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub status: Option<VendorStatus>,
    /// Words of which each begins a word of the name, the town or the country; two are looked at.
    pub query: String,
}

/// A page of vendors by name.
pub fn list(
    reads: &mut impl Reads,
    filter: &Filter,
    (after, bills): (&After, &Reach),
    limit: i64,
) -> Result<Vec<Listed>, StoreError> {
    let mut words = super::rules::names::words(&filter.query).into_iter();
    let (first, second) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let status = filter.status.map_or("", VendorStatus::as_str);
    let (first_end, second_end) = (search::end_of(&first), search::end_of(&second));
    reads.all(
        &LIST,
        params![
            status,
            first,
            first_end,
            second,
            second_end,
            &after.name_key,
            &after.id,
            limit,
            bills
        ],
    )
}

/// Its newest bills within reach.
pub fn bills(
    reads: &mut impl Reads,
    id: VendorId,
    reach: &Reach,
) -> Result<Vec<VendorBill>, StoreError> {
    reads.all(&BILLS, params![id, reach])
}

/// A person's name, for those who did something to a vendor.
pub fn person_name(
    reads: &mut impl Reads,
    id: crate::platform::ids::PersonId,
) -> Result<String, StoreError> {
    let found: Option<(String,)> = reads.maybe(&PERSON, params![id])?;
    Ok(found.map(|(name,)| name).unwrap_or_default())
}

/// What happens to a sealed id.
#[derive(Debug, Default)]
pub enum IdChange {
    #[default]
    Keep,
    Clear,
    Set(Secret<String>),
}

/// A new vendor with its key; the caller journals.
pub fn insert(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    status: VendorStatus,
    facts: &Facts,
) -> Result<(VendorId, SubjectKey), VendorError> {
    let id: VendorId = tx.id();
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(
        &INSERT,
        params![
            id,
            &facts.name,
            name_key(&facts.name),
            status,
            &facts.country,
            &facts.street,
            &facts.building,
            &facts.post_code,
            &facts.town,
            facts.terms_days,
            facts.default_gl_account.clone(),
            facts.default_cost_centre.clone(),
            by,
            now,
            other_names(facts)
        ],
    )?;
    let key = keys.create_subject(tx, id)?;
    search::index(tx, id, facts)?;
    Ok((id, key))
}

/// None rather than empty: rows from before the column have none, and their digests stand.
fn other_names(facts: &Facts) -> Option<String> {
    (!facts.other_names.is_empty()).then(|| facts.other_names.clone())
}

/// Changes a vendor's data from `version` on.
pub fn update(
    tx: &mut Tx<'_>,
    id: VendorId,
    version: i64,
    facts: &Facts,
) -> Result<(), VendorError> {
    // A change renews the row's code: what somebody altered behind the application's back must not get here.
    tx.authentic("vendors", id)?;
    let params = params![
        id,
        version,
        &facts.name,
        name_key(&facts.name),
        &facts.country,
        &facts.street,
        &facts.building,
        &facts.post_code,
        &facts.town,
        facts.terms_days,
        facts.default_gl_account.clone(),
        facts.default_cost_centre.clone(),
        other_names(facts)
    ];
    if tx.change(&UPDATE, params)? != 1 {
        return Err(VendorError::Conflict);
    }
    search::index(tx, id, facts)?;
    Ok(())
}

/// Moves a vendor to another state.
pub fn set_status(
    tx: &mut Tx<'_>,
    id: VendorId,
    version: i64,
    to: VendorStatus,
) -> Result<(), VendorError> {
    tx.authentic("vendors", id)?;
    if tx.change(&SET_STATUS, params![id, version, to])? == 1 {
        Ok(())
    } else {
        Err(VendorError::Conflict)
    }
}

/// Which sealed id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdKind {
    Vat,
    /// Of the register of this country.
    Legal,
}

/// Seals, clears or keeps an id; gives its masked form afterwards where it changed.
pub fn set_id(
    tx: &mut Tx<'_>,
    keys: &OrgKeys,
    key: &SubjectKey,
    (vendor, country): (VendorId, &str),
    kind: IdKind,
    change: &IdChange,
) -> Result<Option<String>, VendorError> {
    let (sql, field) = match kind {
        IdKind::Vat => (&SET_VAT_ID, VENDOR_VAT_ID),
        IdKind::Legal => (&SET_LEGAL_ID, VENDOR_LEGAL_ID),
    };
    let id = match change {
        IdChange::Keep => return Ok(None),
        IdChange::Clear => {
            tx.change_one(sql, params![vendor, Value::Null, Value::Null, Value::Null])?;
            return Ok(Some(String::new()));
        }
        IdChange::Set(id) => id,
    };
    let sealed = key.seal(field, vendor, id.expose(), tx.entropy());
    let masked = tax_ids::masked(id);
    let index = match kind {
        IdKind::Vat => keys.blind_index(field, &tax_ids::normalised(id.expose())),
        IdKind::Legal => keys.blind_index(field, &tax_ids::legal_id_key(country, id.expose())),
    };
    tx.change_one(sql, params![vendor, sealed, &masked, index])?;
    Ok(Some(masked))
}

/// Opens the legal id, whose index holds the country: it moves with the vendor.
pub fn open_legal_id(
    reads: &mut impl Reads,
    key: &SubjectKey,
    vendor: VendorId,
) -> Result<Option<Secret<String>>, VendorError> {
    let (sealed,): (Option<Sealed<String>>,) = reads.one(&LEGAL_ID, params![vendor])?;
    sealed
        .map(|sealed| key.open(VENDOR_LEGAL_ID, vendor, &sealed))
        .transpose()
        .map_err(VendorError::from)
}
