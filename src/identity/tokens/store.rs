//! The tokens' SQL.

use crate::identity::access::HumanId;
use crate::identity::credential::StoredToken;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, OrgId, PersonId};
use crate::platform::store::{Lookup, Reads, Sql, StoreError};
use crate::{params, row};

const FIND: Sql = Sql::lookup(
    "SELECT id, org_id, person_id, permissions, expires_us, revoked_us FROM api_tokens WHERE token_hash = $1",
);
const HOLDER: Sql =
    Sql::read("SELECT human_id, status, locale FROM people WHERE org_id = $1 AND id = $2");

row! {
    /// A token found by its hash.
    #[derive(Debug, Clone)]
    pub(super) struct Found {
        pub id: CredentialId,
        pub organisation: OrgId,
        pub person: PersonId,
        pub permissions: String,
        pub expires: Micros,
        pub revoked: Option<Micros>,
    }
}

row! {
    /// The person a token acts for.
    #[derive(Debug, Clone)]
    pub(super) struct Holder {
        pub human: HumanId,
        pub status: String,
        pub locale: Option<String>,
    }
}

pub(super) fn find(
    lookup: &mut Lookup<'_>,
    token: StoredToken,
) -> Result<Option<Found>, StoreError> {
    lookup.maybe(&FIND, params![token])
}

pub(super) fn holder(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Option<Holder>, StoreError> {
    reads.maybe(&HOLDER, params![person])
}
