//! Who opened which document. A page shows a document in pieces and is loaded again and again, so that the journal is told once:
//! for a document, a person, what she acted by, and an hour.

use super::{DocumentId, OpeningId};
use crate::params;
use crate::platform::ids::PersonId;
use crate::platform::scope::Caller;
use crate::platform::store::{Reads, Sql, StoreError, Tx};

const FIND: Sql = Sql::read(
    "SELECT id FROM document_openings WHERE org_id = $1 AND document_id = $2 AND person_id = $3 AND credential = $4 AND hour = $5",
);
const INSERT: Sql = Sql::change(
    "document_openings",
    "INSERT INTO document_openings (org_id, id, document_id, person_id, credential, hour) VALUES ($1, $2, $3, $4, $5, $6) \
     ON CONFLICT (org_id, document_id, person_id, credential, hour) DO NOTHING RETURNING id",
);

/// All that one person does with a document by one session or token within an hour.
#[derive(Debug, Clone)]
pub struct Opening {
    document: DocumentId,
    person: PersonId,
    /// A copy that a program takes is not hidden by the page that its person read.
    credential: String,
    hour: i64,
}

impl Opening {
    #[must_use]
    pub fn of(document: DocumentId, person: PersonId, caller: &Caller) -> Self {
        let actor = caller.actor;
        let kind = || actor.credential.as_str().to_owned();
        Self {
            document,
            person,
            credential: actor.credential_id.map_or_else(kind, |id| id.to_string()),
            hour: caller.now.hour(),
        }
    }
}

/// Whether the journal knows of it.
///
/// # Errors
/// `Forged` where the row that says so is not ours: somebody wrote it so that an opening would leave no trace.
pub fn is_told(reads: &mut impl Reads, opening: &Opening) -> Result<bool, StoreError> {
    let params = params![
        opening.document,
        opening.person,
        &opening.credential,
        opening.hour
    ];
    let Some((id,)) = reads.maybe::<(String,)>(&FIND, params)? else {
        return Ok(false);
    };
    reads.authentic("document_openings", id)?;
    Ok(true)
}

/// Notes it, to be told in the same transaction; false where another request of the hour was faster.
pub fn note(tx: &mut Tx<'_>, opening: &Opening) -> Result<bool, StoreError> {
    if is_told(tx, opening)? {
        return Ok(false);
    }
    let id = tx.id::<OpeningId>();
    let params = params![
        id,
        opening.document,
        opening.person,
        &opening.credential,
        opening.hour
    ];
    Ok(tx.change(&INSERT, params)? == 1)
}
