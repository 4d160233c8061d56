//! What is done to a copy of the store.

use countersign::platform::ids::OrgId;
use countersign_sealing::Key;
use countersign_translog::entry::{Entry, Id, Word};
use countersign_translog::epoch::{Head, Rollback};
use countersign_translog::merkle::{Frontier, leaf_hash};

use super::forger::{
    Line, entry_code, head_in, head_of, leaf_at, lines, tags, with_leaf, without_leaf,
};
use super::house::{NOTE, account, ours, theirs};
use crate::support::stores::{TestStore, id, key};

/// A way to tamper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    EditEntry,
    DeleteEntry,
    DeleteLastEntry,
    InsertEntry,
    ReorderEntries,
    SwapEntriesOfTwoOrganisations,
    SwapRowsOfTwoOrganisations,
    SignWithNewKey,
    EditRow,
    DeleteRow,
    InsertRow,
    PutOlderRowBack,
    EditKeptHash,
    TakeRowCode,
    KeepCodeForLater,
}

/// The key of somebody who makes one of her own.
pub fn new_key() -> Key {
    Key::from_slice(&[8; 32]).expect("32 bytes")
}

/// Does it; with `keys`, by somebody who has the installation's keys as well as the database.
pub async fn act(t: &TestStore, act: Act, keys: bool) {
    let key = keys.then(key);
    let key = key.as_ref();
    let sql = match act {
        Act::EditEntry
        | Act::DeleteEntry
        | Act::DeleteLastEntry
        | Act::InsertEntry
        | Act::ReorderEntries => chain(t, act, key).await,
        Act::SwapEntriesOfTwoOrganisations => swap_entries(t, key).await,
        Act::SignWithNewKey => sign_anew(t).await,
        Act::EditKeptHash => format!(
            "UPDATE journal_nodes SET hash = {} WHERE org_id = '{}' AND position = 0",
            t.blob(&[7; 32]),
            ours()
        ),
        _ => return rows(t, act, key).await,
    };
    t.without_triggers(&sql).await;
}

/// Changes in the chain of our entries; the tree is made anew over them.
async fn chain(t: &TestStore, act: Act, key: Option<&Key>) -> String {
    let organisation = ours();
    let mut all = lines(t, organisation).await;
    let last = all.len() - 1;
    // Notes: no row of a table says anything about them.
    let note = usize::try_from(NOTE).expect("small") + 3 * (all.len() / 6);
    let other = note + 3;
    let code = |canonical: &[u8]| match key {
        Some(key) => t.blob(&entry_code(key, organisation, canonical)),
        None => "mac".to_owned(),
    };
    let change = match act {
        Act::EditEntry => {
            let mut entry = Entry::parse(&all[note].1).expect("an entry");
            entry.action = Word::new("note.forged").expect("a word");
            all[note].1 = entry.to_bytes();
            let (id, canonical) = &all[note];
            format!(
                "UPDATE journal_entries SET action = 'note.forged', canonical = {}, mac = {} WHERE id = '{id}';",
                t.blob(canonical),
                code(canonical)
            ) + &leaf_at(t, organisation, note, &all[note])
        }
        Act::DeleteEntry | Act::DeleteLastEntry => {
            let at = if act == Act::DeleteEntry { note } else { last };
            let (id, _) = all.remove(at);
            without_leaf(organisation, at)
                + &format!(
                    "DELETE FROM journal_openings WHERE entry_id = '{id}'; DELETE FROM journal_entries WHERE id = '{id}';"
                )
        }
        Act::InsertEntry => {
            let (like, canonical) = all[note].clone();
            let mut entry = Entry::parse(&canonical).expect("an entry");
            let new = id::<OrgId>();
            entry.id = Id::from_bytes(*new.as_bytes());
            let line = (new.to_string(), entry.to_bytes());
            let sql = inserted(t, &like, &line, &code(&line.1))
                + &with_leaf(t, organisation, other, &line);
            all.insert(other, line);
            sql
        }
        _ => {
            all.swap(note, other);
            let away = "entry_id = entry_id || 'x'";
            format!(
                "UPDATE journal_leaves SET {away} WHERE org_id = '{organisation}' AND seq IN ({note}, {other});"
            ) + &leaf_at(t, organisation, note, &all[note])
                + &leaf_at(t, organisation, other, &all[other])
        }
    };
    change + &head_of(t, organisation, &all, key)
}

/// An entry with the columns and the opening of another one.
fn inserted(t: &TestStore, like: &str, (id, canonical): &Line, code: &str) -> String {
    let columns = "at_us, actor_id, on_behalf_of_id, credential_kind, credential_id, action, object_kind, object_id, \
                   object_version, request_id";
    format!(
        "INSERT INTO journal_entries (id, org_id, canonical, mac, {columns}) \
         SELECT '{id}', org_id, {}, {code}, {columns} FROM journal_entries WHERE id = '{like}'; \
         INSERT INTO journal_openings (entry_id, org_id, opening) \
         SELECT '{id}', org_id, opening FROM journal_openings WHERE entry_id = '{like}';",
        t.blob(canonical)
    )
}

/// Goes on from a database that was put back: by an entry that declares which head is given up, and opens an epoch, or by
/// one that says nothing of it.
pub async fn go_on(t: &TestStore, gives_up: Option<Head>) {
    let (organisation, key) = (ours(), key());
    let mut all = lines(t, organisation).await;
    let (like, canonical) = all.last().cloned().expect("there are entries");
    let mut entry = Entry::parse(&canonical).expect("an entry");
    let new = id::<OrgId>();
    entry.id = Id::from_bytes(*new.as_bytes());
    let kept = all.len() as u64;
    entry.rollback = gives_up.map(|old| Rollback::new(old, kept).expect("it had more"));
    let line = (new.to_string(), entry.to_bytes());
    let code = t.blob(&entry_code(&key, organisation, &line.1));
    let sql = inserted(t, &like, &line, &code) + &with_leaf(t, organisation, all.len(), &line);
    all.push(line);
    let mut tree = Frontier::new();
    all.iter()
        .for_each(|(_, canonical)| tree.push(leaf_hash(canonical)));
    let epoch = if gives_up.is_some() { 2 } else { 1 };
    let head = head_in(t, organisation, epoch, &tree, Some(&key));
    t.without_triggers(&(sql + &head)).await;
}

/// A note of ours and one of theirs change their owner.
async fn swap_entries(t: &TestStore, key: Option<&Key>) -> String {
    let (mut our, mut their) = (lines(t, ours()).await, lines(t, theirs()).await);
    let at = usize::try_from(NOTE).expect("small");
    std::mem::swap(&mut our[at], &mut their[at]);
    let mut sql = format!("UPDATE journal_leaves SET entry_id = entry_id || 'x' WHERE seq = {at};");
    for (organisation, all) in [(ours(), &our), (theirs(), &their)] {
        let (id, canonical) = &all[at];
        let code = key.map_or("mac".to_owned(), |key| {
            t.blob(&entry_code(key, organisation, canonical))
        });
        sql += &format!(
            "UPDATE journal_entries SET org_id = '{organisation}', mac = {code} WHERE id = '{id}'; \
             UPDATE journal_openings SET org_id = '{organisation}' WHERE entry_id = '{id}';"
        );
        sql += &leaf_at(t, organisation, at, &all[at]);
        sql += &head_of(t, organisation, all, key);
    }
    sql
}

/// Every code of ours under another key.
async fn sign_anew(t: &TestStore) -> String {
    let (organisation, key) = (ours(), new_key());
    let all = lines(t, organisation).await;
    let mut sql = "BEGIN;".to_owned() + &tags(t, organisation, "", &key).await;
    for (id, canonical) in &all {
        let code = t.blob(&entry_code(&key, organisation, canonical));
        sql += &format!(
            "UPDATE journal_entries SET mac = {code} WHERE org_id = '{organisation}' AND id = '{id}';"
        );
    }
    sql + &head_of(t, organisation, &all, Some(&key)) + "COMMIT;"
}

/// Changes of rows of a table.
async fn rows(t: &TestStore, act: Act, key: Option<&Key>) {
    let (our, their) = (account(ours(), 0), account(theirs(), 0));
    let touched = match act {
        Act::SwapRowsOfTwoOrganisations => vec![(ours(), their.clone()), (theirs(), our.clone())],
        Act::InsertRow => vec![(ours(), "forged".to_owned())],
        _ => vec![(ours(), our.clone())],
    };
    let sql = match act {
        Act::SwapRowsOfTwoOrganisations => format!(
            "UPDATE gl_accounts SET org_id = '{}' WHERE id = '{their}'; UPDATE gl_accounts SET org_id = '{}' WHERE id = '{our}';",
            ours(),
            theirs()
        ),
        Act::EditRow => format!("UPDATE gl_accounts SET name = 'Bribes' WHERE id = '{our}'"),
        Act::DeleteRow => format!(
            "DELETE FROM gl_accounts WHERE id = '{our}'; DELETE FROM row_tags WHERE row_id = '{our}'"
        ),
        Act::InsertRow => format!(
            "INSERT INTO gl_accounts (id, org_id, code, name, version) VALUES ('forged', '{}', 'x', 'Bribes', 1)",
            ours()
        ),
        // What the first entry about it committed to, with the code of then.
        Act::PutOlderRowBack => {
            format!("UPDATE gl_accounts SET name = 'Travel', version = 1 WHERE id = '{our}'")
        }
        Act::TakeRowCode => format!("DELETE FROM row_tags WHERE row_id = '{our}'"),
        _ => format!(
            "INSERT INTO row_tags (org_id, table_name, row_id, tag) VALUES ('{}', 'gl_accounts', 'not-yet', {})",
            ours(),
            t.blob(&[7; 32])
        ),
    };
    t.without_triggers(&sql).await;
    // A code of then is one of the installation's.
    let own = crate::support::stores::key();
    let key = if act == Act::PutOlderRowBack {
        Some(&own)
    } else {
        key
    };
    if let Some(key) = key {
        for (organisation, id) in touched {
            let sql = tags(t, organisation, &id, key).await;
            if !sql.is_empty() {
                t.without_triggers(&sql).await;
            }
        }
    }
}
