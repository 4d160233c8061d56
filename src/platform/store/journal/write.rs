//! Writes an entry in the transaction of its change.

use std::collections::BTreeMap;

use countersign_sealing::Entropy;
use countersign_translog::entry::{
    Commitment, Credential, Entry as Canonical, Id, SALT_LENGTH, Salt, Word,
};
use countersign_translog::time::UtcMicros;

use super::entry::Entry;
use super::opening::{Opened, OpenedRow, Opening};
use super::{rows, tags};
use crate::params;
use crate::platform::ids::{EntryId, Id as _, PersonId, uuid_v7};
use crate::platform::scope::Caller;
use crate::platform::store::catalogue::{self, Nature};
use crate::platform::store::conn::Conn;
use crate::platform::store::error::StoreError;
use crate::platform::store::integrity::Integrity;
use crate::platform::store::sql::Sql;
use crate::platform::store::value::Value;

const INSERT_ENTRY: Sql = Sql::append(
    "journal_entries",
    "INSERT INTO journal_entries (org_id, id, at_us, actor_id, on_behalf_of_id, credential_kind, credential_id, action, \
     object_kind, object_id, object_version, request_id, canonical, mac) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
);
pub(super) const INSERT_OPENING: Sql = Sql::append(
    "journal_openings",
    "INSERT INTO journal_openings (org_id, entry_id, opening) VALUES ($1, $2, $3)",
);
const INSERT_PENDING: Sql = Sql::housekeeping(
    "journal_pending",
    "INSERT INTO journal_pending (org_id, entry_id) VALUES ($1, $2)",
);

/// What an entry is written with.
#[derive(Clone, Copy)]
pub(in crate::platform::store) struct With<'a> {
    pub(in crate::platform::store) conn: Conn<'a>,
    pub(in crate::platform::store) caller: &'a Caller,
    pub(in crate::platform::store) entropy: &'a dyn Entropy,
    pub(in crate::platform::store) integrity: &'a Integrity,
}

pub(in crate::platform::store) fn write(
    with: &With<'_>,
    entry: Entry,
    touched: &[(&'static str, String)],
) -> Result<(), StoreError> {
    let With {
        conn,
        caller,
        entropy,
        integrity,
    } = *with;
    let id = EntryId::from_uuid(uuid_v7(caller.now, entropy));
    let mut opening = Opening::default();
    let commits = commit_values(&entry, entropy, &mut opening)?;
    let rows = commit_rows(with, touched, &mut opening)?;
    let canonical = canonical(caller, &entry, id, commits, rows)?.to_bytes();
    let mac = integrity.entry(caller.scope.organisation(), &canonical);
    let actor = caller.actor;
    let org = Value::from(caller.scope.organisation());
    conn.query(
        INSERT_ENTRY.text,
        &params![
            org.clone(),
            id,
            caller.now,
            actor.person,
            actor.on_behalf_of,
            actor.credential.as_str(),
            actor.credential_id,
            entry.action,
            entry.object_kind,
            entry.object_id,
            entry.object_version,
            actor.request,
            canonical,
            mac
        ],
    )?;
    let opening = serde_json::to_string(&opening)
        .map_err(|_| StoreError::Misuse("an opening is not JSON"))?;
    conn.query(INSERT_OPENING.text, &params![org.clone(), id, opening])?;
    conn.query(INSERT_PENDING.text, &params![org, id])?;
    Ok(())
}

fn word(text: impl Into<String>) -> Result<Word, StoreError> {
    Word::new(text).map_err(|_| {
        StoreError::Misuse("a word of a journal entry has a character that the journal refuses")
    })
}

fn salt(entropy: &dyn Entropy) -> Salt {
    let mut salt = [0; SALT_LENGTH];
    entropy.fill(&mut salt);
    salt
}

fn commit_values(
    entry: &Entry,
    entropy: &dyn Entropy,
    opening: &mut Opening,
) -> Result<BTreeMap<Word, Commitment>, StoreError> {
    let mut commits = BTreeMap::new();
    for change in &entry.changes {
        for (side, value) in [("before", &change.before), ("after", &change.after)] {
            let Some(value) = value else { continue };
            let (name, salt) = (word(format!("{side}.{}", change.field))?, salt(entropy));
            commits.insert(
                name.clone(),
                Commitment::new(&salt, &name, value.as_bytes()),
            );
            opening.values.push(Opened {
                name: name.as_str().to_owned(),
                salt,
                value: value.clone(),
            });
        }
    }
    if commits.len() != opening.values.len() {
        return Err(StoreError::Misuse(
            "a field stands twice in one journal entry",
        ));
    }
    Ok(commits)
}

type Rows = BTreeMap<(Word, Word), Option<Commitment>>;

fn commit_rows(
    with: &With<'_>,
    touched: &[(&'static str, String)],
    opening: &mut Opening,
) -> Result<Rows, StoreError> {
    let scope = with.caller.scope;
    let mut commits = Rows::new();
    for (table, id) in touched {
        let nature = catalogue::find(table).map(|table| table.nature);
        if nature == Some(Nature::Ledger) {
            // The entry names what the line says, and is told again where a restore took the entry.
            continue;
        }
        let params = [Value::from(scope.organisation()), Value::from(id)];
        let found = with
            .conn
            .query_named(&rows::select_one(table), &params)?
            .into_iter()
            .next();
        let (table_word, id_word, salt) = (word(*table)?, word(id.as_str())?, salt(with.entropy));
        let content = found.map(rows::canonical);
        let is_coded = nature.is_none_or(Nature::is_coded);
        if let Some(content) = content.as_ref().filter(|_| is_coded) {
            tags::put(with.conn, with.integrity, scope, table, id, content)?;
        }
        let commitment =
            content.map(|content| Commitment::of_row(&salt, &table_word, &id_word, &content));
        opening.rows.push(OpenedRow {
            table: (*table).to_owned(),
            id: id.clone(),
            salt,
        });
        commits.insert((table_word, id_word), commitment);
    }
    Ok(commits)
}

fn canonical(
    caller: &Caller,
    entry: &Entry,
    id: EntryId,
    commits: BTreeMap<Word, Commitment>,
    rows: Rows,
) -> Result<Canonical, StoreError> {
    let actor = &caller.actor;
    let person = |person: PersonId| Id::from_bytes(*person.as_bytes());
    let credential_id = actor
        .credential_id
        .map_or_else(|| "none".to_owned(), |id| id.to_string());
    Ok(Canonical {
        organisation: Id::from_bytes(*caller.scope.organisation().as_bytes()),
        id: Id::from_bytes(*id.as_bytes()),
        time: UtcMicros::new(caller.now.0)
            .ok_or(StoreError::Misuse("a time outside of the years 0 to 9999"))?,
        actor: actor.person.map(person),
        on_behalf_of: actor.on_behalf_of.map(person),
        credential: Some(Credential {
            kind: word(actor.credential.as_str())?,
            id: word(credential_id)?,
        }),
        action: word(entry.action)?,
        object_kind: word(entry.object_kind)?,
        object_id: word(entry.object_id.as_str())?,
        object_version: u64::try_from(entry.object_version)
            .map_err(|_| StoreError::Misuse("an object's version is negative"))?,
        request: Some(word(actor.request.to_string())?),
        rollback: entry.rollback,
        commits,
        rows,
    })
}
