//! Whether what somebody acts by still stands when her change is written.
//!
//! A request is judged by its head, and a body may take minutes to arrive: somebody who keeps one open must not write after she
//! was suspended, signed out or lost a role. The question is asked in the very transaction, for all changes at this one place.

use super::tx::{Reads as _, Tx};
use super::{Sql, StoreError};
use crate::params;
use crate::platform::scope::CredentialKind;

const SESSION: Sql = Sql::read(
    "SELECT s.id FROM sessions s JOIN people p ON p.org_id = s.org_id AND p.id = s.person_id \
     WHERE s.org_id = $1 AND s.id = $2 AND s.ended_us IS NULL AND p.status = 'active'",
);
// Losing a role ends sessions, and leaves tokens.
const TOKEN: Sql = Sql::read(
    "SELECT t.id FROM api_tokens t JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id \
     WHERE t.org_id = $1 AND t.id = $2 AND t.revoked_us IS NULL AND p.status = 'active' AND NOT EXISTS \
     (SELECT 1 FROM role_grants g WHERE g.org_id = $1 AND g.person_id = t.person_id AND g.revoked_us > $3)",
);

/// # Errors
/// [`StoreError::Ended`] where the session or the token has ended since the request was judged, its person is not active any
/// more, or the token's holder has lost a role.
pub(super) fn check(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let (actor, judged) = (tx.caller().actor, tx.now());
    let Some(credential) = actor.credential_id else {
        return Ok(());
    };
    let found: Option<(String,)> = match actor.credential {
        CredentialKind::Session => tx.maybe(&SESSION, params![credential])?,
        CredentialKind::Token => tx.maybe(&TOKEN, params![credential, judged])?,
        // These are spent or checked by the body itself, or are the program's own.
        CredentialKind::Directory
        | CredentialKind::Link
        | CredentialKind::CommandLine
        | CredentialKind::Job
        | CredentialKind::Anonymous => return Ok(()),
    };
    found.map(drop).ok_or(StoreError::Ended)
}
