//! The SQL of one's own sessions.

use crate::identity::sessions::Stage;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Reads, Sql, StoreError};
use crate::{params, row};

const OPEN: Sql = Sql::read(
    "SELECT s.id, s.device, s.address, s.created_us, s.expires_us, s.ended_us, a.last_seen_us FROM sessions s \
     LEFT JOIN session_activity a ON a.org_id = $1 AND a.session_id = s.id \
     WHERE s.org_id = $1 AND s.person_id = $2 AND s.stage = $3 AND s.ended_us IS NULL AND s.expires_us > $4 \
     ORDER BY s.created_us DESC, s.id DESC",
);
const NEWEST: Sql = Sql::read(
    "SELECT s.id, s.device, s.address, s.created_us, s.expires_us, s.ended_us, a.last_seen_us FROM sessions s \
     LEFT JOIN session_activity a ON a.org_id = $1 AND a.session_id = s.id \
     WHERE s.org_id = $1 AND s.person_id = $2 AND s.stage = $3 ORDER BY s.created_us DESC, s.id DESC LIMIT $4",
);
const OWN: Sql = Sql::read(
    "SELECT id FROM sessions WHERE org_id = $1 AND id = $2 AND person_id = $3 AND ended_us IS NULL",
);
const SIGN_IN: Sql = Sql::read(
    "SELECT person_id, device, address, created_us FROM sessions WHERE org_id = $1 AND id = $2 AND stage = $3",
);

row! {
    /// A session as its person sees it.
    #[derive(Debug, Clone)]
    pub(super) struct Seen {
        pub id: CredentialId,
        pub device: String,
        pub address: String,
        pub created: Micros,
        pub expires: Micros,
        pub ended: Option<Micros>,
        pub last_seen: Option<Micros>,
    }
}

row! {
    /// Somebody has signed in, and shown all that she must.
    #[derive(Debug, Clone)]
    pub struct SignIn {
        pub person: PersonId,
        pub device: String,
        pub address: String,
        pub began: Micros,
    }
}

/// The sign-in that began a session, whether or not that has ended.
pub(in crate::identity) fn sign_in(
    reads: &mut impl Reads,
    session: CredentialId,
) -> Result<Option<SignIn>, StoreError> {
    reads.maybe(&SIGN_IN, params![session, Stage::Full])
}

/// Those that have not ended by themselves, the newest first.
pub(super) fn open(
    reads: &mut impl Reads,
    person: PersonId,
    now: Micros,
) -> Result<Vec<Seen>, StoreError> {
    reads.all(&OPEN, params![person, Stage::Full, now])
}

/// The newest, ended or not.
pub(super) fn newest(
    reads: &mut impl Reads,
    person: PersonId,
    limit: i64,
) -> Result<Vec<Seen>, StoreError> {
    reads.all(&NEWEST, params![person, Stage::Full, limit])
}

/// Whether this is a session of hers that has not ended.
pub(super) fn is_own(
    reads: &mut impl Reads,
    id: CredentialId,
    person: PersonId,
) -> Result<bool, StoreError> {
    let found: Option<(CredentialId,)> = reads.maybe(&OWN, params![id, person])?;
    Ok(found.is_some())
}
