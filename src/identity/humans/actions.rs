//! Joining two accounts, and dissolving it by two.

use super::HumanJoinId;
use super::store::{self, HumanJoin};
use crate::identity::access::{Access, Denied, HumanId, Permission};
use crate::identity::notices::{self, News};
use crate::identity::people::{self, Person};
use crate::identity::powers::{self, Verdict};
use crate::msg;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{BodyError, Entry, Reads, StoreError, Tx};
use crate::platform::web::Problem;

/// How long the end of a join can be confirmed.
const OPEN_US: i64 = 7 * Micros::DAY;

#[derive(Debug, thiserror::Error)]
pub enum HumanError {
    #[error(transparent)]
    Denied(#[from] Denied),
    #[error("there is no such account or join")]
    Missing,
    #[error("the two are one human already")]
    Known,
    #[error("a service account has no human of its own")]
    Service,
    #[error("nobody has a join dissolved that frees herself")]
    Oneself,
    #[error("nobody asks for the end of this join, or not in time")]
    NotOpen,
    #[error("whoever proposed does not confirm: another human has to")]
    SameHuman,
    #[error("whoever proposed does not administer any more")]
    ProposerGone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl BodyError for HumanError {
    fn store_error(&self) -> Option<&StoreError> {
        match self {
            Self::Store(error) => Some(error),
            _ => None,
        }
    }
}

impl From<HumanError> for Problem {
    fn from(error: HumanError) -> Self {
        match error {
            HumanError::Denied(denied) => denied.into(),
            HumanError::Store(error) => error.into(),
            HumanError::Missing => Self::not_found(),
            HumanError::Known => Self::invalid(msg!("error-human-known")).field("other"),
            HumanError::Service => Self::invalid(msg!("error-human-service")).field("other"),
            HumanError::Oneself => Self::invalid(msg!("error-human-oneself")),
            HumanError::NotOpen => Self::conflict(msg!("error-power-decided")),
            HumanError::SameHuman => Self::invalid(msg!("error-power-same-human")),
            HumanError::ProposerGone => Self::conflict(msg!("error-power-proposer-gone")),
        }
    }
}

fn found<T>(result: Result<T, StoreError>) -> Result<T, HumanError> {
    match result {
        Err(StoreError::Missing) => Err(HumanError::Missing),
        other => Ok(other?),
    }
}

fn account(reads: &mut impl Reads, id: PersonId) -> Result<Person, HumanError> {
    let person = found(people::find(reads, id))?;
    reads.authentic("people", id)?;
    if person.is_service() {
        return Err(HumanError::Service);
    }
    Ok(person)
}

/// Says that two accounts are one human's. It counts at once, for what was done before as well.
pub async fn join(
    app: &App,
    access: &Access,
    (one, other): (PersonId, PersonId),
) -> Result<HumanJoinId, HumanError> {
    access.require(Permission::PeopleAdminister)?;
    let by = access.person();
    app.store
        .write(access.caller(), move |tx| {
            let (first, second) = (account(tx, one)?, account(tx, other)?);
            if super::load(tx)?.are_one(first.human, second.human) {
                return Err(HumanError::Known);
            }
            let id: HumanJoinId = tx.id();
            store::insert(tx, id, (one, other), by)?;
            tx.journal(
                Entry::new("human.joined", "human-join", id)
                    .fact("one", one)
                    .fact("other", other),
            )?;
            tell(tx, News::HumansJoined, (id, [one, other]), by)?;
            Ok(tx.done(id)?)
        })
        .await
}

fn tell(
    tx: &mut Tx<'_>,
    news: News,
    (id, accounts): (HumanJoinId, [PersonId; 2]),
    by: PersonId,
) -> Result<(), StoreError> {
    let mut to = powers::accounts_of_administrators(tx)?;
    to.extend(accounts);
    to.sort();
    to.dedup();
    notices::tell(tx, (news, id.to_string()), by, &to)
}

/// A join that stands, and the human whom its end would free.
fn standing(tx: &mut Tx<'_>, id: HumanJoinId) -> Result<(HumanJoin, HumanId), HumanError> {
    let join = found(store::authentic(tx, id))?;
    if join.ended.is_some() {
        return Err(HumanError::Missing);
    }
    let human = people::find(tx, join.one)?.human;
    Ok((join, human))
}

/// Asks a second administrator to dissolve a join.
pub async fn propose_split(app: &App, access: &Access, id: HumanJoinId) -> Result<(), HumanError> {
    access.require(Permission::PeopleAdminister)?;
    access.require_fresh()?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let (join, human) = standing(tx, id)?;
            if super::load(tx)?.are_one(by.human(), human) {
                return Err(HumanError::Oneself);
            }
            let until = tx.now().plus_us(OPEN_US);
            store::propose_split(tx, &join, (by.person(), by.human()), until)?;
            tx.journal(
                Entry::new("human.split-proposed", "human-join", id).version(join.version + 1),
            )?;
            let accounts = [join.one, join.other];
            tell(tx, News::SplitProposed, (id, accounts), by.person())?;
            Ok(tx.done(())?)
        })
        .await
}

/// Dissolves a join that somebody else asked to dissolve, or keeps it.
pub async fn decide_split(
    app: &App,
    access: &Access,
    id: HumanJoinId,
    verdict: Verdict,
) -> Result<(), HumanError> {
    powers::may_decide(access, Permission::PeopleAdminister, verdict)?;
    let by = access.clone();
    app.store
        .write(access.caller(), move |tx| {
            let (join, human) = standing(tx, id)?;
            let asked = (join.split_by.zip(join.split_human), join.split_until);
            let (Some(proposed), Some(until)) = asked else {
                return Err(HumanError::NotOpen);
            };
            if tx.now() >= until {
                return Err(HumanError::NotOpen);
            }
            let (action, news) = match verdict {
                Verdict::Confirm => {
                    may_confirm(tx, &by, (proposed, human))?;
                    store::end(tx, &join, by.person())?;
                    ("human.split", News::SplitConfirmed)
                }
                Verdict::Refuse => {
                    store::keep(tx, &join)?;
                    ("human.split-refused", News::SplitRefused)
                }
            };
            tx.journal(
                Entry::new(action, "human-join", id)
                    .version(join.version + 1)
                    .fact("proposed-by", proposed.0),
            )?;
            tell(tx, news, (id, [join.one, join.other]), by.person())?;
            Ok(tx.done(())?)
        })
        .await
}

fn may_confirm(
    tx: &mut Tx<'_>,
    by: &Access,
    (proposed, freed): ((PersonId, HumanId), HumanId),
) -> Result<(), HumanError> {
    let humans = super::load(tx)?;
    if humans.are_one(by.human(), proposed.1) {
        return Err(HumanError::SameHuman);
    }
    // Whoever proposed may have been joined with her since.
    if humans.is_among(freed, &[by.human(), proposed.1]) {
        return Err(HumanError::Oneself);
    }
    if powers::administers(tx, proposed)? {
        Ok(())
    } else {
        Err(HumanError::ProposerGone)
    }
}

/// Another account of a human, as a person's page shows it.
#[derive(Debug, Clone)]
pub struct JoinSight {
    pub id: HumanJoinId,
    pub account: Person,
    pub joined: Micros,
    pub joined_by: String,
    /// Who asks for its end, until when, and whether that is the human who looks; none where nobody does in time.
    pub split: Option<(String, Micros, bool)>,
}

/// The accounts that were joined with this one.
pub async fn joins_of(
    app: &App,
    access: &Access,
    person: PersonId,
) -> Result<Vec<JoinSight>, HumanError> {
    access.require(Permission::PeopleRead)?;
    let (now, human) = (app.now(), access.human());
    app.store
        .read(access.scope(), move |read| {
            let humans = super::load(read)?;
            let mut sights = Vec::new();
            for join in store::of_person(read, person)? {
                let other = if join.one == person {
                    join.other
                } else {
                    join.one
                };
                let asked = join.split_by.zip(join.split_human).zip(join.split_until);
                let split = match asked.filter(|(_, until)| now < *until) {
                    Some(((by, asks), until)) => {
                        let name = people::find(read, by)?.name;
                        Some((name, until, humans.are_one(asks, human)))
                    }
                    None => None,
                };
                sights.push(JoinSight {
                    id: join.id,
                    account: people::find(read, other)?,
                    joined: join.joined,
                    joined_by: people::find(read, join.joined_by)?.name,
                    split,
                });
            }
            Ok(sights)
        })
        .await
}
