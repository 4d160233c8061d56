//! What of a former person goes with her key, what stays, and what still needs it.

use crate::msg;
use crate::params;
use crate::platform::keys::disposals::{Disposable, Erases, Standing, Stays};
use crate::platform::store::{Reads as _, Sql, StoreError, Tx};

const CANDIDATES: Sql = Sql::read(
    "SELECT p.id, p.name FROM people p WHERE p.org_id = $1 AND p.status = 'suspended' \
     AND EXISTS (SELECT 1 FROM subject_keys k WHERE k.org_id = $1 AND k.subject_id = p.id) ORDER BY p.name, p.id",
);
const NAME: Sql = Sql::read("SELECT name FROM people WHERE org_id = $1 AND id = $2");
const STATUS: Sql = Sql::read("SELECT name, status FROM people WHERE org_id = $1 AND id = $2");

const TOLD_OF: Sql = Sql::read(
    "SELECT 'person', p.id FROM people p WHERE p.org_id = $1 AND p.id = $2 \
     UNION ALL SELECT 'account', p.id FROM people p WHERE p.org_id = $1 AND p.id = $2 \
     UNION ALL SELECT 'session', s.id FROM sessions s WHERE s.org_id = $1 AND s.person_id = $2 \
     UNION ALL SELECT 'device', d.id FROM known_devices d WHERE d.org_id = $1 AND d.person_id = $2 \
     UNION ALL SELECT 'passkey', k.id FROM passkeys k WHERE k.org_id = $1 AND k.person_id = $2 \
     UNION ALL SELECT 'directory-user', u.id FROM directory_users u WHERE u.org_id = $1 AND u.person_id = $2",
);

/// A person who may not sign in any more, as a subject whose key can be destroyed.
pub const DISPOSABLE: Disposable = Disposable {
    kind: "person",
    label: msg!("disposal-of-person"),
    candidates: CANDIDATES,
    name: NAME,
    standing,
    destroys: &["totp_factors.seed_sealed"],
    erases: Erases {
        objects: TOLD_OF,
        fields: &[
            "name",
            "email",
            "address",
            "device",
            "user-name",
            "attributes",
            "external-id",
        ],
    },
    stays: &[
        Stays {
            why: msg!("disposal-stays-person-clear"),
            columns: &["people.name", "people.email", "people.sign_in_name"],
        },
        Stays {
            why: msg!("disposal-stays-journal"),
            columns: &["journal_entries.canonical", "journal_openings.opening"],
        },
    ],
};

fn standing(tx: &mut Tx<'_>, id: &str) -> Result<Standing, StoreError> {
    let found: Option<(String, String)> = tx.maybe(&STATUS, params![id])?;
    Ok(match found {
        None => Standing::Missing,
        Some((name, status)) if status == "suspended" => Standing::Free(name),
        Some(_) => Standing::Needed(msg!("error-disposal-person-active")),
    })
}
