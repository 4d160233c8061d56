//! Settings: what was proposed, what is in force, what was.

use countersign_sealing::Sealed;

use crate::identity::access::HumanId;
use crate::identity::sso::rules::{About, Configuration, Proposal, State};
use crate::identity::sso::{ConnectionId, SsoSettingId};
use crate::platform::clock::Micros;
use crate::platform::ids::{OrgId, PersonId};
use crate::platform::store::{DecodeError, Lookup, Reads, Sql, StoreError, Tx};
use crate::{params, row};

const FIND: Sql = Sql::read(
    "SELECT id, configuration, secret_sealed, state, proposed_by_id, proposed_human_id, created_us, expires_us, decided_by_id, \
     decided_us, version FROM sso_settings WHERE org_id = $1 AND id = $2",
);
const OF_STATE: Sql = Sql::read(
    "SELECT id, configuration, secret_sealed, state, proposed_by_id, proposed_human_id, created_us, expires_us, decided_by_id, \
     decided_us, version FROM sso_settings WHERE org_id = $1 AND state = $2 ORDER BY id",
);
const OF_SUBJECT: Sql = Sql::read(
    "SELECT id, configuration, secret_sealed, state, proposed_by_id, proposed_human_id, created_us, expires_us, decided_by_id, \
     decided_us, version FROM sso_settings WHERE org_id = $1 AND subject = $2 AND subject_id = $3 AND state = $4",
);
const DECIDED: Sql = Sql::read(
    "SELECT id, configuration, secret_sealed, state, proposed_by_id, proposed_human_id, created_us, expires_us, decided_by_id, \
     decided_us, version FROM sso_settings WHERE org_id = $1 AND decided_us IS NOT NULL ORDER BY decided_us DESC, id DESC LIMIT $2",
);
const INSERT: Sql = Sql::change(
    "sso_settings",
    "INSERT INTO sso_settings (org_id, id, subject, subject_id, configuration, secret_sealed, state, proposed_by_id, \
     proposed_human_id, created_us, expires_us, decided_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1) RETURNING id",
);
const MOVE: Sql = Sql::change(
    "sso_settings",
    "UPDATE sso_settings SET state = $3, decided_by_id = $4, decided_us = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND state = $6 RETURNING id",
);
const ORGANISATION_OF: Sql = Sql::lookup(
    "SELECT org_id FROM sso_settings WHERE subject = $1 AND subject_id = $2 AND state = $3 ORDER BY org_id",
);

/// A configuration as its row keeps it.
struct Text(Configuration);

impl crate::platform::store::FromValue for Text {
    fn from_value(value: crate::platform::store::Value) -> Result<Self, DecodeError> {
        let text = String::from_value(value)?;
        let read = serde_json::from_str(&text);
        read.map(Self)
            .map_err(|_| DecodeError::expected("a configuration of single sign-on"))
    }
}

row! {
    struct Row {
        id: SsoSettingId,
        configuration: Text,
        secret: Option<Sealed<String>>,
        state: State,
        proposed_by: PersonId,
        proposed_human: HumanId,
        created: Micros,
        expires: Micros,
        decided_by: Option<PersonId>,
        decided: Option<Micros>,
        version: i64,
    }
}

/// A setting as it is kept.
#[derive(Debug, Clone)]
pub struct Setting {
    pub id: SsoSettingId,
    pub configuration: Configuration,
    /// What the configuration needs and nobody may read.
    pub(in crate::identity::sso) secret: Option<Sealed<String>>,
    pub state: State,
    pub proposed_by: PersonId,
    pub proposed_human: HumanId,
    pub created: Micros,
    pub expires: Micros,
    pub decided_by: Option<PersonId>,
    pub decided: Option<Micros>,
    pub version: i64,
}

impl From<Row> for Setting {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            configuration: row.configuration.0,
            secret: row.secret,
            state: row.state,
            proposed_by: row.proposed_by,
            proposed_human: row.proposed_human,
            created: row.created,
            expires: row.expires,
            decided_by: row.decided_by,
            decided: row.decided,
            version: row.version,
        }
    }
}

impl Setting {
    pub(in crate::identity::sso) const fn proposal(&self) -> Proposal {
        Proposal {
            state: self.state,
            expires: self.expires,
            proposed_human: self.proposed_human,
        }
    }
}

/// A setting to be made.
#[derive(Debug)]
pub(in crate::identity::sso) struct New<'a> {
    pub id: SsoSettingId,
    pub configuration: &'a Configuration,
    pub secret: Option<Sealed<String>>,
    pub state: State,
    pub by: (PersonId, HumanId),
    pub expires: Micros,
}

pub(in crate::identity::sso) fn insert(tx: &mut Tx<'_>, new: New<'_>) -> Result<(), StoreError> {
    let now = tx.now();
    let decided = (new.state != State::Proposed).then_some(now);
    tx.change_one(
        &INSERT,
        params![
            new.id,
            new.configuration.about(),
            new.configuration.subject_id(),
            serde_json::json!(new.configuration).to_string(),
            new.secret,
            new.state,
            new.by.0,
            new.by.1,
            now,
            new.expires,
            decided
        ],
    )
}

/// Moves a setting from one state to another; `Stale` where somebody was faster.
pub(in crate::identity::sso) fn moved(
    tx: &mut Tx<'_>,
    id: SsoSettingId,
    (from, to): (State, State),
) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&MOVE, params![id, to, by, now, from])
}

/// A setting that somebody is about to act on; `Forged` where it is not what was proposed.
pub(in crate::identity::sso) fn authentic(
    reads: &mut impl Reads,
    id: SsoSettingId,
) -> Result<Setting, StoreError> {
    let found = find(reads, id)?;
    reads.authentic("sso_settings", id)?;
    Ok(found)
}

/// A setting, to tell of it.
pub(in crate::identity::sso) fn find(
    reads: &mut impl Reads,
    id: SsoSettingId,
) -> Result<Setting, StoreError> {
    let row: Row = reads.one(&FIND, params![id])?;
    Ok(row.into())
}

/// What waits, the oldest first.
pub(in crate::identity::sso) fn proposed(
    reads: &mut impl Reads,
) -> Result<Vec<Setting>, StoreError> {
    let rows: Vec<Row> = reads.all(&OF_STATE, params![State::Proposed])?;
    Ok(rows.into_iter().map(Setting::from).collect())
}

/// What was decided on lately, the newest first.
pub(in crate::identity::sso) fn decided(
    reads: &mut impl Reads,
    limit: i64,
) -> Result<Vec<Setting>, StoreError> {
    let rows: Vec<Row> = reads.all(&DECIDED, params![limit])?;
    Ok(rows.into_iter().map(Setting::from).collect())
}

/// Everything in force; `Forged` where one of them is not what two confirmed.
pub(in crate::identity::sso) fn all_active(
    reads: &mut impl Reads,
) -> Result<Vec<Setting>, StoreError> {
    let rows: Vec<Row> = reads.all(&OF_STATE, params![State::Active])?;
    for row in &rows {
        reads.authentic("sso_settings", row.id)?;
    }
    Ok(rows.into_iter().map(Setting::from).collect())
}

/// What is in force about one thing; `Forged` where it is not what two confirmed.
pub(in crate::identity::sso) fn active(
    reads: &mut impl Reads,
    about: About,
    subject: &str,
) -> Result<Option<Setting>, StoreError> {
    let found = of_subject(reads, (about, subject), State::Active)?;
    if let Some(setting) = &found {
        reads.authentic("sso_settings", setting.id)?;
    }
    // The row's own words must be about what it was looked up by: they are what was confirmed.
    Ok(found.filter(|setting| {
        setting.configuration.about() == about && setting.configuration.subject_id() == subject
    }))
}

/// A setting about one thing in one state.
pub(in crate::identity::sso) fn of_subject(
    reads: &mut impl Reads,
    (about, subject): (About, &str),
    state: State,
) -> Result<Option<Setting>, StoreError> {
    let row: Option<Row> = reads.maybe(&OF_SUBJECT, params![about, subject, state])?;
    Ok(row.map(Setting::from))
}

/// Whose connection it is. Nothing of it counts before it was loaded and checked there.
pub(in crate::identity::sso) fn organisation_of(
    lookup: &mut Lookup<'_>,
    connection: ConnectionId,
) -> Result<Option<OrgId>, StoreError> {
    let found: Option<(OrgId,)> = lookup.maybe(
        &ORGANISATION_OF,
        params![About::Connection, connection, State::Active],
    )?;
    Ok(found.map(|(organisation,)| organisation))
}
