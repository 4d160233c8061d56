//! Another token for a session whose person may do something else than when she got the one she has (ASVS 5.0, 7.2.4): whoever
//! had a copy of it before does not have what she gained.

use crate::identity::access::mark;
use crate::identity::credential::{ShownToken, StoredToken};
use crate::identity::delegations;
use crate::identity::forged::unless_forged;
use crate::identity::people;
use crate::identity::sessions::rules::OVERLAP_US;
use crate::identity::sessions::store;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::Caller;
use crate::platform::store::{Entry, Reads, StoreError};

/// What a person may do at this moment, for the session that gets a token now. None where a grant of hers is not ours: then she
/// gets another once it is seen what she may.
pub(super) fn mark_of(
    reads: &mut impl Reads,
    person: PersonId,
    now: Micros,
) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(rights) = unless_forged(store::rights(reads, person))? else {
        return Ok(None);
    };
    let human = people::find(reads, person)?.human;
    let mandates = delegations::mandates(reads, (person, human), now)?;
    Ok(Some(mark(&rights, &mandates)))
}

/// Gives a session another token. The one before counts for a moment longer. None where another request was first.
pub(in crate::identity::sessions) async fn renew(
    app: &App,
    caller: Caller,
    id: CredentialId,
    (was, mark): (StoredToken, Vec<u8>),
) -> Result<Option<ShownToken>, StoreError> {
    app.store
        .write(caller, move |tx| {
            let token = ShownToken::generate(tx.entropy());
            let until = tx.now().plus_us(OVERLAP_US);
            let tokens = (was, token.stored());
            if !store::renew(tx, id, tokens, (mark.clone(), until))? {
                return tx.done(None);
            }
            let version = store::version(tx, id)?;
            let entry = Entry::new("session.token-renewed", "session", id).version(version);
            tx.commit(entry, Some(token))
        })
        .await
}
