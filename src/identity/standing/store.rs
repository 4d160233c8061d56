//! The question's SQL: one statement for each kind of credential.

use super::rules::judged_by;
use crate::identity::access::{Grant, PermissionSet, Right, Role};
use crate::identity::organisations::EntityId;
use crate::params;
use crate::platform::ids::CredentialId;
use crate::platform::scope::CredentialKind;
use crate::platform::store::{Reads as _, Sql, StoreError, Tx};

// Losing a role or a permission ends sessions.
const SESSION: Sql = Sql::read(
    "SELECT s.id FROM sessions s JOIN people p ON p.org_id = s.org_id AND p.id = s.person_id \
     WHERE s.org_id = $1 AND s.id = $2 AND s.ended_us IS NULL AND p.status = 'active'",
);
// It leaves tokens, whose holder is asked for all that she has: one row without a role where that is nothing. A role of the
// organisation's own is written as custom: and its id.
const TOKEN: Sql = Sql::read(
    "SELECT g.role, g.entity_id, r.permissions FROM api_tokens t \
     JOIN people p ON p.org_id = t.org_id AND p.id = t.person_id \
     LEFT JOIN role_grants g ON g.org_id = $1 AND g.person_id = t.person_id AND g.revoked_us IS NULL \
     LEFT JOIN custom_roles r ON r.org_id = $1 AND r.id = SUBSTR(g.role, 8) \
     WHERE t.org_id = $1 AND t.id = $2 AND t.revoked_us IS NULL AND p.status = 'active'",
);
const DIRECTORY: Sql = Sql::read(
    "SELECT id FROM directory_tokens WHERE org_id = $1 AND id = $2 AND state IN ('confirmed', 'alone')",
);

/// # Errors
/// [`StoreError::Ended`] where the session or the token has ended since the request was judged, its person is not active any
/// more, or the token's holder has not what she had.
pub fn check(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    let actor = tx.caller().actor;
    let Some(credential) = actor.credential_id else {
        return Ok(());
    };
    let found: Option<(CredentialId,)> = match actor.credential {
        CredentialKind::Session => tx.maybe(&SESSION, params![credential])?,
        CredentialKind::Token => return check_token(tx, credential),
        CredentialKind::Directory => tx.maybe(&DIRECTORY, params![credential])?,
        // These are spent or checked by the body itself, or are the program's own.
        CredentialKind::Link
        | CredentialKind::CommandLine
        | CredentialKind::Job
        | CredentialKind::Anonymous => return Ok(()),
    };
    found.map(drop).ok_or(StoreError::Ended)
}

type Held = (Option<Role>, Option<EntityId>, Option<PermissionSet>);

fn check_token(tx: &mut Tx<'_>, token: CredentialId) -> Result<(), StoreError> {
    let rows: Vec<Held> = tx.all(&TOKEN, params![token])?;
    let is_there = !rows.is_empty();
    let rights: Vec<Right> = rows.into_iter().filter_map(right).collect();
    if is_there && tx.caller().judged_by == Some(judged_by(&rights)) {
        Ok(())
    } else {
        Err(StoreError::Ended)
    }
}

/// A right as judging reads it; none where nothing is held.
fn right((role, entity, own): Held) -> Option<Right> {
    let role = role?;
    let gives = match role {
        Role::Custom(_) => own.unwrap_or_default(),
        built_in => PermissionSet::of(built_in),
    };
    let grant = Grant { role, entity };
    Some(Right { grant, gives })
}
