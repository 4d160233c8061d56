//! Somebody who has the database, and perhaps the installation's keys too: leaves, tree, codes and tags are made anew so that
//! everything fits together as far as that hand reaches.

use countersign::params;
use countersign::platform::ids::OrgId;
use countersign::platform::scope::Scope;
use countersign::platform::store::{Reads as _, Sql, StoreError};
use countersign_sealing::{Key, mac};
use countersign_translog::Hash;
use countersign_translog::merkle::{Frontier, leaf_hash};

use crate::support::stores::TestStore;

const LEAVES: Sql = Sql::read(
    "SELECT l.entry_id, e.canonical FROM journal_leaves l JOIN journal_entries e ON e.id = l.entry_id AND e.org_id = $1 \
     WHERE l.org_id = $1 ORDER BY l.seq",
);
const ROWS: Sql = Sql::read(
    "SELECT id, code, name, version FROM gl_accounts WHERE org_id = $1 AND ($2 = '' OR id = $2)",
);

/// An entry's id and bytes.
pub type Line = (String, Vec<u8>);

pub async fn lines(t: &TestStore, organisation: OrgId) -> Vec<Line> {
    t.store
        .read::<_, StoreError, _>(Scope::of(organisation), |read| read.all(&LEAVES, []))
        .await
        .expect("it reads")
}

/// The code of an entry, under this key.
pub fn entry_code(key: &Key, organisation: OrgId, canonical: &[u8]) -> [u8; 32] {
    mac(
        key,
        "journal entry/v1",
        &[organisation.as_bytes(), canonical],
    )
}

/// Makes the head that these entries give. Without the key its code stays what it was.
pub fn head_of(t: &TestStore, organisation: OrgId, lines: &[Line], key: Option<&Key>) -> String {
    let mut tree = Frontier::new();
    lines
        .iter()
        .for_each(|(_, canonical)| tree.push(leaf_hash(canonical)));
    head_with(t, organisation, &tree, key)
        + &format!("DELETE FROM journal_nodes WHERE org_id = '{organisation}';")
}

/// Makes the head of this tree.
pub fn head_with(t: &TestStore, organisation: OrgId, tree: &Frontier, key: Option<&Key>) -> String {
    head_in(t, organisation, 1, tree, key)
}

/// The same in an epoch.
pub fn head_in(
    t: &TestStore,
    organisation: OrgId,
    epoch: i64,
    tree: &Frontier,
    key: Option<&Key>,
) -> String {
    let (size, root) = (tree.size(), tree.root());
    let code = key.map(|key| {
        let (epoch, size) = (epoch.to_be_bytes(), size.to_be_bytes());
        let parts = [
            organisation.as_bytes().as_slice(),
            &epoch,
            &size,
            root.as_bytes(),
        ];
        format!(", mac = {}", t.blob(&mac(key, "journal head/v1", &parts)))
    });
    format!(
        "UPDATE journal_heads SET epoch = {epoch}, size = {size}, root = {}, frontier = {}{} WHERE org_id = '{organisation}';",
        t.blob(root.as_bytes()),
        t.blob(&tree.to_bytes()),
        code.unwrap_or_default()
    )
}

/// Puts an entry into the place of leaf `number`.
pub fn leaf_at(
    t: &TestStore,
    organisation: OrgId,
    number: usize,
    (id, canonical): &Line,
) -> String {
    let leaf: Hash = leaf_hash(canonical);
    format!(
        "UPDATE journal_leaves SET entry_id = '{id}', leaf = {} WHERE org_id = '{organisation}' AND seq = {number};",
        t.blob(leaf.as_bytes())
    )
}

/// Takes leaf `number` out and closes the gap.
pub fn without_leaf(organisation: OrgId, number: usize) -> String {
    let of = format!("WHERE org_id = '{organisation}' AND seq");
    format!(
        "DELETE FROM journal_leaves {of} = {number}; UPDATE journal_leaves SET seq = -seq {of} > {number}; \
         UPDATE journal_leaves SET seq = -seq - 1 {of} < 0;"
    )
}

/// Makes room before leaf `number`, and puts an entry there.
pub fn with_leaf(
    t: &TestStore,
    organisation: OrgId,
    number: usize,
    (id, canonical): &Line,
) -> String {
    let of = format!("WHERE org_id = '{organisation}' AND seq");
    format!(
        "UPDATE journal_leaves SET seq = -seq - 1 {of} >= {number}; UPDATE journal_leaves SET seq = -seq {of} < 0; \
         INSERT INTO journal_leaves (org_id, seq, entry_id, leaf) VALUES ('{organisation}', {number}, '{id}', {});",
        t.blob(leaf_hash(canonical).as_bytes())
    )
}

/// The codes of the accounts as they stand now; of one, or of all where `id` is empty.
pub async fn tags(t: &TestStore, organisation: OrgId, id: &str, key: &Key) -> String {
    let id = id.to_owned();
    let rows: Vec<(String, String, String, i64)> = t
        .store
        .read::<_, StoreError, _>(Scope::of(organisation), move |read| {
            read.all(&ROWS, params![&id])
        })
        .await
        .expect("it reads");
    let org = organisation.to_string();
    rows.iter()
        .map(|(id, code, name, version)| {
            let content = content(&[
                ("code", b't', code.as_bytes()),
                ("id", b't', id.as_bytes()),
                ("name", b't', name.as_bytes()),
                ("org_id", b't', org.as_bytes()),
                ("version", b'i', &version.to_be_bytes()),
            ]);
            let parts = [
                organisation.as_bytes().as_slice(),
                b"gl_accounts",
                id.as_bytes(),
                &content,
            ];
            let tag = t.blob(&mac(key, "row/v1", &parts));
            format!(
                "DELETE FROM row_tags WHERE table_name = 'gl_accounts' AND row_id = '{id}'; \
                 INSERT INTO row_tags (org_id, table_name, row_id, tag) VALUES ('{org}', 'gl_accounts', '{id}', {tag});"
            )
        })
        .collect()
}

/// A row's canonical form, written here a second time: columns in the order of their names.
fn content(columns: &[(&str, u8, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, kind, value) in columns {
        for (kind, bytes) in [(b'n', name.as_bytes()), (*kind, *value)] {
            out.push(kind);
            out.extend((bytes.len() as u64).to_be_bytes());
            out.extend(bytes);
        }
    }
    out
}
