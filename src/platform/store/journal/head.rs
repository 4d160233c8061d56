//! An organisation's head: the size and root of its tree, under the installation's key.
//!
//! The head is written by the transaction that writes the organisation's first entry. From then on a head that is
//! missing is somebody's doing: neither the sequencer nor anybody else makes another one.

use countersign_translog::merkle::Frontier;

use crate::platform::clock::Micros;
use crate::platform::scope::Scope;
use crate::platform::store::conn::Conn;
use crate::platform::store::error::StoreError;
use crate::platform::store::integrity::Integrity;
use crate::platform::store::sql::Sql;
use crate::platform::store::tx::Reads;
use crate::platform::store::value::Value;
use crate::row;

const HEAD: Sql =
    Sql::read("SELECT epoch, size, root, frontier, mac FROM journal_heads WHERE org_id = $1");
const ANY_ENTRY: Sql = Sql::read("SELECT id FROM journal_entries WHERE org_id = $1 LIMIT 1");
const BEGIN: Sql = Sql::housekeeping(
    "journal_heads",
    "INSERT INTO journal_heads (org_id, epoch, size, root, frontier, at_us, mac, lease_holder, lease_until_us) \
     VALUES ($1, 1, 0, $2, $3, $4, $5, '', 0)",
);

row! {
    pub(super) struct Head {
        pub(super) epoch: i64,
        pub(super) size: i64,
        pub(super) root: Vec<u8>,
        pub(super) frontier: Vec<u8>,
        pub(super) mac: Vec<u8>,
    }
}

impl Head {
    /// The head as it is stored; whether it is ours is not checked.
    pub(super) fn stored(read: &mut impl Reads) -> Result<Option<Self>, StoreError> {
        read.maybe(&HEAD, [])
    }

    /// Whether the installation's key made this head.
    pub(super) fn is_ours(&self, integrity: &Integrity, scope: Scope) -> bool {
        integrity.is_head(
            scope.organisation(),
            self.epoch,
            self.size,
            &self.root,
            &self.mac,
        )
    }

    /// The hashes that the tree goes on from. They need no key to be recomputed over other leaves, so they count only
    /// where they give the very root that the key made.
    pub(super) fn goes_on_from(
        &self,
        integrity: &Integrity,
        scope: Scope,
    ) -> Result<Frontier, StoreError> {
        if !self.is_ours(integrity, scope) {
            return Err(StoreError::Head("it was not written by this installation"));
        }
        Frontier::from_bytes(&self.frontier)
            .ok()
            .filter(|frontier| {
                i64::try_from(frontier.size()) == Ok(self.size)
                    && frontier.root().as_bytes().as_slice() == self.root
            })
            .ok_or(StoreError::Head(
                "the hashes beside it are not those of its tree",
            ))
    }
}

/// Writes the head of a journal that has no entry yet.
pub(in crate::platform::store) fn begin(
    conn: Conn<'_>,
    scope: Scope,
    integrity: &Integrity,
    now: Micros,
) -> Result<(), StoreError> {
    let organisation = scope.organisation();
    if !conn
        .query(ANY_ENTRY.text, &[Value::from(organisation)])?
        .is_empty()
    {
        return Err(StoreError::Head(
            "it is missing, and the journal has entries",
        ));
    }
    let empty = Frontier::new();
    let mac = integrity.head(organisation, 1, 0, empty.root().as_bytes());
    let params = [
        Value::from(organisation),
        Value::from(*empty.root().as_bytes()),
        Value::from(empty.to_bytes()),
        Value::from(now),
        Value::from(mac),
    ];
    conn.query(BEGIN.text, &params).map(|_| ())
}
