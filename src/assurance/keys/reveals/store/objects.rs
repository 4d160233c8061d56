//! Whose pages ask who saw them: whether they are there, within the reader's reach.

use crate::assurance::keys::reveals::OwnerId;
use crate::assurance::keys::reveals::rules::Object;
use crate::identity::access::{Access, Permission};
use crate::identity::organisations::EntityId;
use crate::identity::people;
use crate::params;
use crate::platform::documents::DocumentId;
use crate::platform::store::{Reads, Sql, StoreError};

const VENDOR: Sql = Sql::read("SELECT id FROM vendors WHERE org_id = $1 AND id = $2");
const ACCOUNT: Sql = Sql::read(
    "SELECT id FROM vendor_bank_accounts WHERE org_id = $1 AND vendor_id = $2 AND id = $3",
);
const ENTITY: Sql = Sql::read("SELECT id FROM legal_entities WHERE org_id = $1 AND id = $2");
const OWN_ACCOUNT: Sql =
    Sql::read("SELECT entity_id FROM entity_bank_accounts WHERE org_id = $1 AND id = $2");
const BILL: Sql = Sql::read("SELECT entity_id FROM bills WHERE org_id = $1 AND id = $2");
const DOCUMENT: Sql = Sql::read("SELECT document_id FROM bills WHERE org_id = $1 AND id = $2");
const RUN: Sql = Sql::read("SELECT entity_id FROM payment_runs WHERE org_id = $1 AND id = $2");

/// # Errors
/// `Missing` where the object is not there, or outside of the reader's reach.
pub fn is_there(reads: &mut impl Reads, who: &Access, object: Object) -> Result<(), StoreError> {
    let sight = |permission| who.sight(permission);
    match object {
        Object::Vendor(id) => {
            let _: (OwnerId,) = reads.one(&VENDOR, params![id])?;
        }
        Object::Account(vendor, id) => {
            let _: (OwnerId,) = reads.one(&ACCOUNT, params![vendor, id])?;
        }
        Object::Entity(id) => {
            let _: (EntityId,) = reads.one(&ENTITY, params![id])?;
            sight(Permission::SettingsEdit).check(id)?;
        }
        Object::OwnAccount(id) => {
            let (entity,): (EntityId,) = reads.one(&OWN_ACCOUNT, params![id])?;
            let runs = sight(Permission::RunsCountersign);
            sight(Permission::SettingsEdit).or(runs).check(entity)?;
        }
        Object::Person(id) => {
            people::find(reads, id)?;
        }
        Object::Bill(id) => {
            let (entity,): (EntityId,) = reads.one(&BILL, params![id])?;
            sight(Permission::BillsRead).check(entity)?;
        }
        Object::Run(id) => {
            let (entity,): (EntityId,) = reads.one(&RUN, params![id])?;
            sight(Permission::RunsRead).check(entity)?;
        }
    }
    Ok(())
}

/// The document of a bill, where it has one.
pub fn document_of(
    reads: &mut impl Reads,
    bill: OwnerId,
) -> Result<Option<DocumentId>, StoreError> {
    let (document,): (Option<DocumentId>,) = reads.one(&DOCUMENT, params![bill])?;
    Ok(document)
}
