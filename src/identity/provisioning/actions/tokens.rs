//! A directory's tokens: proposed by one, confirmed by another human, found again at each request.

use super::ProvisioningError;
use super::mail::{self, Event};
use super::mappings::{self, MappingSight};
use crate::identity::access::{Access, HumanId, Permission};
use crate::identity::credential::{Behind, ShownToken, StoredToken, behind};
use crate::identity::expiries;
use crate::identity::humans;
use crate::identity::people;
use crate::identity::powers::{self, Verdict};
use crate::identity::provisioning::DirectoryId;
use crate::identity::provisioning::rules::{DirectoryToken, LONGEST_DAYS, OPEN_US};
use crate::identity::provisioning::store::tokens::{self as store, New, State, Token};
use crate::identity::provisioning::store::users;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::{CredentialId, PersonId};
use crate::platform::scope::Scope;
use crate::platform::store::{Entry, Reads, StoreError, Tx};

/// For which directory a token is.
#[derive(Debug, Clone)]
pub enum Which {
    /// One that is made with it.
    New(String),
    There(DirectoryId),
}

/// A token as the page shows it.
#[derive(Debug, Clone)]
pub struct TokenSight {
    pub token: Token,
    pub proposed_by: String,
    pub decided_by: Option<String>,
    pub last_used: Option<Micros>,
}

/// A directory with its tokens and what its groups give.
#[derive(Debug, Clone)]
pub struct DirectorySight {
    pub id: DirectoryId,
    pub name: String,
    /// How many accounts are its own.
    pub accounts: usize,
    /// How many users it has sent.
    pub users: i64,
    /// How many of them are active and have no account.
    pub waiting: i64,
    /// The newest first.
    pub tokens: Vec<TokenSight>,
    /// Its groups, by name.
    pub groups: Vec<(crate::identity::provisioning::GroupId, String)>,
    pub mappings: Vec<MappingSight>,
}

/// The organisation's directories.
pub async fn list(app: &App, access: &Access) -> Result<Vec<DirectorySight>, ProvisioningError> {
    access.require(Permission::PeopleRead)?;
    app.store
        .read(access.scope(), |read| {
            let (tokens, used) = (store::list(read)?, store::last_used(read)?);
            let mut sights = Vec::new();
            for directory in store::directories(read)? {
                let mut own = Vec::new();
                for token in tokens.iter().filter(|one| one.directory == directory.id) {
                    let used = used.iter().find(|(id, _)| *id == token.id);
                    let decided_by = token.decided_by.map(|by| people::find(read, by));
                    own.push(TokenSight {
                        proposed_by: people::find(read, token.proposed_by)?.name,
                        decided_by: decided_by.transpose()?.map(|person| person.name),
                        last_used: used.map(|(_, at)| *at),
                        token: token.clone(),
                    });
                }
                let (groups, mappings) = mappings::sights(read, directory.id)?;
                sights.push(DirectorySight {
                    accounts: users::accounts(read, directory.id)?,
                    users: users::count(read, directory.id)?,
                    waiting: users::waiting(read, directory.id)?,
                    id: directory.id,
                    name: directory.name,
                    tokens: own,
                    groups,
                    mappings,
                });
            }
            Ok(sights)
        })
        .await
}

/// Makes a token, and the directory with it where that is new. Unless nobody else administers it is worth nothing before
/// another human has confirmed it.
pub async fn propose(
    app: &App,
    access: &Access,
    which: Which,
    days: i64,
) -> Result<DirectoryToken, ProvisioningError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let (by, days) = (access.clone(), days.clamp(1, LONGEST_DAYS));
    app.store
        .write(access.caller(), move |tx| {
            let directory = match &which {
                Which::New(name) => made(tx, name)?,
                Which::There(id) => store::directory(tx, *id)?.id,
            };
            let is_alone = powers::is_alone(tx, &by)?;
            let token = DirectoryToken(ShownToken::generate(tx.entropy()));
            let new = New {
                id: tx.id(),
                directory,
                token: token.0.stored(),
                state: if is_alone { State::Alone } else { State::Open },
                by: (by.person(), by.human()),
                confirm_until: tx.now().plus_us(OPEN_US),
                expires: tx.now().plus_us(days * Micros::DAY),
            };
            store::insert(tx, &new)?;
            expiries::remind(tx, expiries::What::DirectoryToken, new.id, new.expires)?;
            let action = if is_alone {
                "directory-token.made-alone"
            } else {
                "directory-token.proposed"
            };
            tx.journal(
                Entry::new(action, "directory-token", new.id)
                    .fact("directory", directory)
                    .fact("days", days),
            )?;
            let (event, to) = if is_alone {
                (Event::Alone, powers::with_role(tx)?)
            } else {
                (Event::Proposed, powers::accounts_of_administrators(tx)?)
            };
            mail::queue(tx, event, new.id, &to)?;
            Ok(tx.done(token)?)
        })
        .await
}

fn made(tx: &mut Tx<'_>, name: &str) -> Result<DirectoryId, StoreError> {
    let id: DirectoryId = tx.id();
    store::insert_directory(tx, id, name)?;
    tx.journal(Entry::new("directory.created", "directory", id).fact("name", name))?;
    Ok(id)
}

/// Refuses to let one human do what two have to, or one who does not administer any more.
pub(super) fn confirms(
    tx: &mut Tx<'_>,
    by: &Access,
    proposed: (PersonId, HumanId),
) -> Result<(), ProvisioningError> {
    if humans::load(tx)?.are_one(by.human(), proposed.1) {
        return Err(ProvisioningError::SameHuman);
    }
    match powers::administers(tx, proposed)? {
        true => Ok(()),
        false => Err(ProvisioningError::ProposerGone),
    }
}

/// Confirms or refuses a token that waits; of several who try at once, one succeeds. Whoever proposed it may refuse it.
pub async fn decide(
    app: &App,
    access: &Access,
    id: CredentialId,
    verdict: Verdict,
) -> Result<(), ProvisioningError> {
    powers::may_decide(access, Permission::PeopleAdminister, verdict)?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let token = store::authentic(tx, id)?;
            if token.state != State::Open {
                return Err(ProvisioningError::NotOpen);
            }
            if !token.is_open(tx.now()) {
                return Err(ProvisioningError::Late);
            }
            let (state, action) = match verdict {
                Verdict::Confirm => {
                    confirms(tx, &by, (token.proposed_by, token.proposed_human))?;
                    (State::Confirmed, "directory-token.confirmed")
                }
                Verdict::Refuse => (State::Refused, "directory-token.refused"),
            };
            move_on(tx, &token, (state, action))?;
            if state == State::Confirmed {
                let to = powers::accounts_of_administrators(tx)?;
                mail::queue(tx, Event::Confirmed, id, &to)?;
            }
            Ok(tx.done(())?)
        })
        .await
}

fn move_on(
    tx: &mut Tx<'_>,
    token: &Token,
    (state, action): (State, &'static str),
) -> Result<(), StoreError> {
    store::decide(tx, token, state)?;
    tx.journal(
        Entry::new(action, "directory-token", token.id)
            .version(token.version + 1)
            .fact("directory", token.directory)
            .fact("proposed-by", token.proposed_by),
    )
}

/// Ends a token at once. One administrator is enough: what is taken away gives nobody power.
pub async fn revoke(app: &App, access: &Access, id: CredentialId) -> Result<(), ProvisioningError> {
    access.require(Permission::PeopleAdminister)?;
    app.store
        .write(access.caller(), move |tx| {
            let token = store::authentic(tx, id)?;
            if matches!(token.state, State::Refused | State::Revoked) {
                return Err(ProvisioningError::NotOpen);
            }
            move_on(tx, &token, (State::Revoked, "directory-token.revoked"))?;
            Ok(tx.done(())?)
        })
        .await
}

/// The directory of a token that works until then, by name.
pub(in crate::identity) fn standing_until(
    reads: &mut impl Reads,
    id: CredentialId,
    (now, ends): (Micros, Micros),
) -> Result<Option<String>, StoreError> {
    let token = store::authentic(reads, id)?;
    if !token.works(now) || token.expires != ends {
        return Ok(None);
    }
    Ok(Some(store::directory(reads, token.directory)?.name))
}

/// The token of a request, if it lets a directory in. Notes that it was used.
pub async fn standing(app: &App, token: StoredToken) -> Result<Option<(Scope, Token)>, StoreError> {
    let found = behind(app, token, store::find, move |read, id| {
        let used = store::last_used(read)?;
        let used = used.into_iter().find(|(of, _)| *of == id);
        Ok(store::load(read, id, token)?.map(|found| (found, used)))
    });
    let Some(Behind { scope, id, row }) = found.await? else {
        return Ok(None);
    };
    let ((found, used), now) = (row, app.now());
    if !found.works(now) {
        return Ok(None);
    }
    if used.is_none_or(|(_, at)| now.since(at) >= Micros::MINUTE) {
        let touched = app.store.housekeep(scope, move |housekeeping| {
            store::touch(housekeeping, id, now)
        });
        // Last-used is a convenience; the request does not fail for it.
        if let Err(error) = touched.await {
            tracing::warn!(%error, "last-used was not noted");
        }
    }
    Ok(Some((scope, found)))
}
