//! Who somebody is to an identity provider, and which sessions came through it.

use countersign_sealing::Sealed;

use crate::identity::people::sign_in_name;
use crate::identity::sso::{ConnectionId, SsoIdentityId};
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, connection_id, subject_sealed, person_id FROM sso_identities \
     WHERE org_id = $1 AND connection_id = $2 AND subject_index = $3 AND ended_us IS NULL",
);
const OF_PERSON: Sql = Sql::read(
    "SELECT id, connection_id, subject_sealed, person_id FROM sso_identities \
     WHERE org_id = $1 AND person_id = $2 AND ended_us IS NULL ORDER BY id",
);
const OF_CONNECTION: Sql = Sql::read(
    "SELECT id, connection_id, subject_sealed, person_id FROM sso_identities \
     WHERE org_id = $1 AND connection_id = $2 AND ended_us IS NULL ORDER BY id",
);
const END: Sql = Sql::change(
    "sso_identities",
    "UPDATE sso_identities SET ended_us = $3, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND ended_us IS NULL RETURNING id",
);
const LOAD: Sql = Sql::read(
    "SELECT id, connection_id, subject_sealed, person_id FROM sso_identities WHERE org_id = $1 AND id = $2",
);
const INSERT: Sql = Sql::change(
    "sso_identities",
    "INSERT INTO sso_identities (org_id, id, connection_id, subject_index, subject_sealed, person_id, created_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1) RETURNING id",
);
const BY_NAME: Sql = Sql::read("SELECT id FROM people WHERE org_id = $1 AND sign_in_name = $2");
const INSERT_SESSION: Sql = Sql::change(
    "sso_sessions",
    "INSERT INTO sso_sessions (org_id, id, connection_id, identity_id, index_hash, index_sealed, created_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
);
const SESSION: Sql = Sql::read(
    "SELECT id, connection_id, identity_id, index_hash, index_sealed FROM sso_sessions WHERE org_id = $1 AND id = $2",
);
const SESSIONS_OF_IDENTITY: Sql = Sql::read(
    "SELECT s.id, s.connection_id, s.identity_id, s.index_hash, s.index_sealed FROM sso_sessions s \
     JOIN sessions o ON o.org_id = s.org_id AND o.id = s.id \
     WHERE s.org_id = $1 AND s.identity_id = $2 AND o.ended_us IS NULL ORDER BY s.id",
);
const SESSIONS_OF_CONNECTION: Sql = Sql::read(
    "SELECT s.id, s.connection_id, s.identity_id, s.index_hash, s.index_sealed FROM sso_sessions s \
     JOIN sessions o ON o.org_id = s.org_id AND o.id = s.id \
     WHERE s.org_id = $1 AND s.connection_id = $2 AND o.ended_us IS NULL ORDER BY s.id",
);

row! {
    /// A link between a subject of a connection and a person.
    #[derive(Debug, Clone)]
    pub struct Identity {
        pub id: SsoIdentityId,
        pub connection: ConnectionId,
        pub(in crate::identity::sso) subject: Sealed<String>,
        pub person: PersonId,
    }
}

row! {
    /// A session that came through a connection.
    #[derive(Debug, Clone)]
    pub struct Through {
        pub session: CredentialId,
        pub connection: ConnectionId,
        pub identity: SsoIdentityId,
        pub(in crate::identity::sso) index_hash: Option<Vec<u8>>,
        pub(in crate::identity::sso) index: Option<Sealed<String>>,
    }
}

/// The identity of a subject; `Forged` where its row is not ours.
pub(in crate::identity::sso) fn find(
    reads: &mut impl Reads,
    connection: ConnectionId,
    index: [u8; 32],
) -> Result<Option<Identity>, StoreError> {
    let found: Option<Identity> = reads.maybe(&FIND, params![connection, index])?;
    if let Some(identity) = &found {
        reads.authentic("sso_identities", identity.id)?;
    }
    Ok(found)
}

/// One identity; `Forged` where its row is not ours.
pub(in crate::identity::sso) fn load(
    reads: &mut impl Reads,
    id: SsoIdentityId,
) -> Result<Identity, StoreError> {
    let found = reads.one(&LOAD, params![id])?;
    reads.authentic("sso_identities", id)?;
    Ok(found)
}

/// What a person is to identity providers.
pub(in crate::identity::sso) fn of_person(
    reads: &mut impl Reads,
    person: PersonId,
) -> Result<Vec<Identity>, StoreError> {
    reads.all(&OF_PERSON, params![person])
}

/// Everybody whom a connection knows.
pub(in crate::identity::sso) fn of_connection(
    reads: &mut impl Reads,
    connection: ConnectionId,
) -> Result<Vec<Identity>, StoreError> {
    reads.all(&OF_CONNECTION, params![connection])
}

/// Ends a link. `Forged` where its row is not ours: what asked for it is not done then, since a row that was left could be put back.
pub(in crate::identity::sso) fn end(tx: &mut Tx<'_>, id: SsoIdentityId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&END, params![id, now])
}

pub(in crate::identity::sso) fn insert(
    tx: &mut Tx<'_>,
    (id, connection): (SsoIdentityId, ConnectionId),
    (index, subject): ([u8; 32], Sealed<String>),
    person: PersonId,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT,
        params![id, connection, index, subject, person, now],
    )
}

/// The account of an address.
pub(in crate::identity::sso) fn person_of(
    reads: &mut impl Reads,
    email: &str,
) -> Result<Option<PersonId>, StoreError> {
    let found: Option<(PersonId,)> = reads.maybe(&BY_NAME, params![sign_in_name(email)])?;
    Ok(found.map(|(id,)| id))
}

pub(in crate::identity::sso) fn insert_session(
    tx: &mut Tx<'_>,
    through: Through,
) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(
        &INSERT_SESSION,
        params![
            through.session,
            through.connection,
            through.identity,
            through.index_hash,
            through.index,
            now
        ],
    )
}

/// How a session came, if it came through a connection.
pub(in crate::identity::sso) fn session(
    reads: &mut impl Reads,
    id: CredentialId,
) -> Result<Option<Through>, StoreError> {
    let found: Option<Through> = reads.maybe(&SESSION, params![id])?;
    if found.is_some() {
        reads.authentic("sso_sessions", id)?;
    }
    Ok(found)
}

/// The open sessions of an identity.
pub(in crate::identity::sso) fn sessions_of_identity(
    reads: &mut impl Reads,
    identity: SsoIdentityId,
) -> Result<Vec<Through>, StoreError> {
    reads.all(&SESSIONS_OF_IDENTITY, params![identity])
}

/// The open sessions that came through a connection.
pub(in crate::identity::sso) fn sessions_of_connection(
    reads: &mut impl Reads,
    connection: ConnectionId,
) -> Result<Vec<Through>, StoreError> {
    reads.all(&SESSIONS_OF_CONNECTION, params![connection])
}
