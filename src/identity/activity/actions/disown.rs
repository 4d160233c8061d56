//! "This was not me": what ends when somebody else signed in as her, and what she looks after herself then.

use super::ActivityError;
use crate::identity::access::Access;
use crate::identity::activity::store::{self, SignIn};
use crate::identity::notices::{self, News};
use crate::identity::{devices, factors, links, passkeys, passwords, powers, sessions, tokens};
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::store::journal::read::history_of_action;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// What a disowned sign-in is journaled as, under its person's account.
pub(super) const DISOWNED: &str = "sign-in.disowned";
/// What new recovery codes are journaled as, under their person's account.
const CODES_MADE: &str = "recovery-codes.made";

/// A factor that a person has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Added {
    Passkey(String),
    App,
    RecoveryCodes,
}

/// What she is told once she has disowned a sign-in.
#[derive(Debug, Clone)]
pub struct Disowned {
    pub sign_in: SignIn,
    pub has_password: bool,
    /// Whether her password lets nobody in until she has replaced it.
    pub must_replace_password: bool,
    /// The factors that she has gained since that sign-in began, each with its moment: whoever made one there could have gone on
    /// by it in another session.
    pub added: Vec<(Added, Micros)>,
}

/// Says that one of one's own sign-ins was somebody else's, by a factor that was shown a moment ago. Whatever that one may still
/// have ends: every session but `keep`, every token, every device, every link that is under way, and the password.
///
/// # Errors
/// [`ActivityError::NotASignIn`] where it is none of hers, or the present one; [`ActivityError::DisownedBefore`] where she said so
/// before.
pub async fn disown(
    app: &App,
    access: &Access,
    id: CredentialId,
    keep: CredentialId,
) -> Result<(), ActivityError> {
    access.require_fresh()?;
    let person = access.person();
    app.store
        .write(access.caller(), move |tx| {
            let sign_in = store::sign_in(tx, id)?;
            let sign_in = sign_in.filter(|found| found.person == person && id != keep);
            let sign_in = sign_in.ok_or(ActivityError::NotASignIn)?;
            // Said again it would end the password that she has chosen since, and mail everybody once more.
            if is_disowned(tx, person, id)? {
                return Err(ActivityError::DisownedBefore);
            }
            end_all_else(tx, person, keep)?;
            tx.journal(
                Entry::new(DISOWNED, "account", person)
                    .fact("session", id)
                    .fact("address", &sign_in.address)
                    .fact("device", &sign_in.device),
            )?;
            tell(tx, id, &sign_in)?;
            Ok(tx.done(())?)
        })
        .await
}

fn is_disowned(
    reads: &mut impl Reads,
    person: PersonId,
    id: CredentialId,
) -> Result<bool, StoreError> {
    // All of them: each is of another sign-in, so that they are few.
    let told = history_of_action(reads, ("account", person), DISOWNED, i64::MAX)?;
    let id = id.to_string();
    Ok(told
        .iter()
        .any(|told| told.after("session") == Some(id.as_str())))
}

/// A device that the sign-in came from may be known by a stolen token as well as by a new one, so that all are strangers again.
fn end_all_else(tx: &mut Tx<'_>, person: PersonId, keep: CredentialId) -> Result<(), StoreError> {
    sessions::end_all_of(tx, person, Some(keep), "disowned")?;
    tokens::revoke_all_of(tx, person)?;
    devices::end_all_of(tx, person, None)?;
    for link in links::open_of_person(tx, person)? {
        links::void(tx, link)?;
    }
    if passwords::disown(tx, person)? {
        let version = passwords::version(tx, person)?;
        tx.journal(Entry::new("password.disowned", "password", person).version(version))?;
    }
    Ok(())
}

fn tell(tx: &mut Tx<'_>, id: CredentialId, sign_in: &SignIn) -> Result<(), StoreError> {
    let person = sign_in.person;
    let place = (sign_in.device.as_str(), sign_in.address.as_str());
    notices::queue_disowned(tx, person, (sign_in.began, place))?;
    let mut to = powers::accounts_of_administrators(tx)?;
    to.retain(|administrator| *administrator != person);
    notices::tell(tx, (News::SignInDisowned, id.to_string()), person, &to)
}

/// What there is to do about the sign-in that she disowned last; none where she disowned none.
pub async fn disowned(app: &App, access: &Access) -> Result<Option<Disowned>, StoreError> {
    let person = access.person();
    app.store
        .read(access.scope(), move |read| {
            let last = history_of_action(read, ("account", person), DISOWNED, 1)?;
            let id: Option<CredentialId> = last
                .first()
                .and_then(|told| told.after("session")?.parse().ok());
            let Some(id) = id else {
                return Ok(None);
            };
            let Some(sign_in) = store::sign_in(read, id)? else {
                return Ok(None);
            };
            Ok(Some(Disowned {
                has_password: passwords::find(read, person)?.is_some(),
                must_replace_password: passwords::is_disowned(read, person)?,
                added: added_since(read, person, sign_in.began)?,
                sign_in,
            }))
        })
        .await
}

fn added_since(
    reads: &mut impl Reads,
    person: PersonId,
    began: Micros,
) -> Result<Vec<(Added, Micros)>, StoreError> {
    let mut added: Vec<(Added, Micros)> = passkeys::names(reads, person)?
        .into_iter()
        .map(|(name, made)| (Added::Passkey(name), made))
        .collect();
    let app = factors::app_since(reads, person)?;
    added.extend(app.map(|confirmed| (Added::App, confirmed)));
    let made = history_of_action(reads, ("account", person), CODES_MADE, 1)?;
    added.extend(
        made.first()
            .map(|told| (Added::RecoveryCodes, Micros(told.at_us))),
    );
    added.retain(|(_, made)| *made >= began);
    Ok(added)
}
