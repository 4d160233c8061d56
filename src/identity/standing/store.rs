//! The question's SQL: one statement for each kind of credential.

use crate::params;
use crate::platform::ids::CredentialId;
use crate::platform::scope::CredentialKind;
use crate::platform::store::{Reads as _, Sql, StoreError, Tx};

// Losing a role or a permission ends sessions.
const SESSION: Sql = Sql::read(
    "SELECT s.id FROM sessions s JOIN people p ON p.org_id = s.org_id AND p.id = s.person_id \
     WHERE s.org_id = $1 AND s.id = $2 AND s.ended_us IS NULL AND p.status = 'active'",
);
// It leaves tokens. A role of the organisation's own is written as custom: and its id.
const TOKEN: Sql = Sql::read(
    "SELECT t.id FROM api_tokens t JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id \
     WHERE t.org_id = $1 AND t.id = $2 AND t.revoked_us IS NULL AND p.status = 'active' AND NOT EXISTS \
     (SELECT 1 FROM role_grants g LEFT JOIN custom_roles r ON r.org_id = $1 AND r.id = SUBSTR(g.role, 8) \
     WHERE g.org_id = $1 AND g.person_id = t.person_id \
     AND (g.revoked_us > $3 OR (g.revoked_us IS NULL AND r.narrowed_us > $3)))",
);
const DIRECTORY: Sql = Sql::read(
    "SELECT id FROM directory_tokens WHERE org_id = $1 AND id = $2 AND state IN ('confirmed', 'alone')",
);

/// # Errors
/// [`StoreError::Ended`] where the session or the token has ended since the request was judged, its person is not active any
/// more, or the token's holder has lost a role, or a permission of one.
pub fn check(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let (actor, judged) = (tx.caller().actor, tx.now());
    let Some(credential) = actor.credential_id else {
        return Ok(());
    };
    let found: Option<(CredentialId,)> = match actor.credential {
        CredentialKind::Session => tx.maybe(&SESSION, params![credential])?,
        CredentialKind::Token => tx.maybe(&TOKEN, params![credential, judged])?,
        CredentialKind::Directory => tx.maybe(&DIRECTORY, params![credential])?,
        // These are spent or checked by the body itself, or are the program's own.
        CredentialKind::Link
        | CredentialKind::CommandLine
        | CredentialKind::Job
        | CredentialKind::Anonymous => return Ok(()),
    };
    found.map(drop).ok_or(StoreError::Ended)
}
