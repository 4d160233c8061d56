//! The operator ends somebody's factors at the server itself, where nobody could confirm it.

use super::{LostFactorError, end, mail};
use crate::identity::people::{self, Status};
use crate::identity::{factors, powers};
use crate::platform::app::App;
use crate::platform::scope::{CredentialKind, Scope};
use crate::platform::store::{Entry, Reads as _};

/// Ends the factors of whoever signs in by `name`; the server mails her the link. Journaled with the command line as actor.
pub async fn reset_by_operator(
    app: &App,
    name: &str,
    slug: Option<&str>,
) -> Result<(), LostFactorError> {
    let name = people::sign_in_name(name);
    let candidate = people::candidate(app, &name, slug)
        .await?
        .filter(|candidate| candidate.status == Status::Active)
        .ok_or(LostFactorError::Unknown)?;
    let (scope, person) = (Scope::of(candidate.organisation), candidate.person);
    let caller = app.caller(scope, CredentialKind::CommandLine, app.id());
    app.store
        .write(caller, move |tx| {
            tx.authentic("people", person)?;
            let ways = factors::ways(tx, person)?;
            if ways.count() == 0 && !ways.were_reset {
                return Err(LostFactorError::NoFactor);
            }
            tx.journal(Entry::new("factors.reset-by-operator", "account", person))?;
            end(tx, person)?;
            for administrator in powers::accounts_of_administrators(tx)? {
                if administrator != person {
                    mail::tell_administrator(tx, person, administrator)?;
                }
            }
            Ok(tx.done(())?)
        })
        .await
}
