//! The rows of holds.

use super::rules::{HoldKind, Wanted};
use crate::params;
use crate::payables::ids::{BillId, HoldId};
use crate::platform::clock::Micros;
use crate::platform::ids::{Id, PersonId};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::row;

const PLACE: Sql = Sql::change(
    "holds",
    "INSERT INTO holds (org_id, id, bill_id, kind, detail, placed_by_id, placed_us, version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, 1) \
     ON CONFLICT (org_id, bill_id, kind) WHERE released_us IS NULL DO NOTHING RETURNING id",
);
const RELEASE: Sql = Sql::change(
    "holds",
    "UPDATE holds SET released_by_id = $3, released_us = $4, release_reason = $5, version = version + 1 \
     WHERE org_id = $1 AND id = $2 AND released_us IS NULL RETURNING id",
);
const OF_BILL: Sql = Sql::read(
    "SELECT id, bill_id, kind, detail, placed_by_id, placed_us, released_by_id, released_us, release_reason, version \
     FROM holds WHERE org_id = $1 AND bill_id = $2 ORDER BY id",
);
const FIND: Sql = Sql::read(
    "SELECT id, bill_id, kind, detail, placed_by_id, placed_us, released_by_id, released_us, release_reason, version \
     FROM holds WHERE org_id = $1 AND id = $2",
);

row! {
    /// A reason not to pay, open until it is released.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Hold {
        pub id: HoldId,
        pub bill_id: BillId,
        pub kind: HoldKind,
        /// Figures and names in no language: what differs from what, which other bill. For a manual one, the person's reason.
        pub detail: String,
        /// None: the program.
        pub placed_by_id: Option<PersonId>,
        pub placed_us: Micros,
        /// None while it is open, and where what it said was put right.
        pub released_by_id: Option<PersonId>,
        pub released_us: Option<Micros>,
        pub release_reason: Option<String>,
        pub version: i64,
    }
}

/// How whoever releases a hold names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Its row.
    Row(HoldId),
    /// Its kind, and its figures as the person saw them: it stands because the rows of others ask for it, without a row of its own.
    Figures { kind: HoldKind, detail: String },
}

impl Named {
    /// Reads what [`Hold::name`] gives; None where it names nothing.
    #[must_use]
    pub fn parse(name: &str, detail: &str) -> Option<Self> {
        if let Some(kind) = HoldKind::parse(name) {
            let detail = detail.to_owned();
            return Some(Self::Figures { kind, detail });
        }
        name.parse().ok().map(Self::Row)
    }
}

impl From<HoldId> for Named {
    fn from(hold: HoldId) -> Self {
        Self::Row(hold)
    }
}

impl Hold {
    /// What a release names it by: its id, or its kind while it has no row.
    #[must_use]
    pub fn name(&self) -> String {
        if self.is_placed() {
            self.id.to_string()
        } else {
            self.kind.to_string()
        }
    }

    /// Whether it has a row.
    #[must_use]
    pub fn is_placed(&self) -> bool {
        self.version > 0
    }

    #[must_use]
    pub fn is_open(&self) -> bool {
        self.released_us.is_none()
    }

    /// A person let it pass, knowing its figures.
    #[must_use]
    pub fn was_released_by_person(&self) -> bool {
        self.released_us.is_some() && self.released_by_id.is_some()
    }

    /// A computed hold that stands, though its row is not written yet. Its id is nil.
    pub(super) fn unplaced(bill: BillId, want: &Wanted) -> Self {
        Self {
            id: HoldId::from_uuid(uuid::Uuid::nil()),
            bill_id: bill,
            kind: want.kind,
            detail: want.detail.clone(),
            placed_by_id: None,
            placed_us: Micros(0),
            released_by_id: None,
            released_us: None,
            release_reason: None,
            version: 0,
        }
    }
}

/// Places a hold by the one who acts; false where one of this kind is open already.
pub fn place(
    tx: &mut Tx<'_>,
    bill: BillId,
    kind: HoldKind,
    detail: &str,
) -> Result<bool, StoreError> {
    let by = tx.caller().actor.person;
    insert(tx, bill, kind, detail, by)
}

/// Places a hold by the program: nobody in particular wants it.
pub(in crate::payables) fn place_computed(
    tx: &mut Tx<'_>,
    bill: BillId,
    kind: HoldKind,
    detail: &str,
) -> Result<bool, StoreError> {
    insert(tx, bill, kind, detail, None)
}

fn insert(
    tx: &mut Tx<'_>,
    bill: BillId,
    kind: HoldKind,
    detail: &str,
    by: Option<PersonId>,
) -> Result<bool, StoreError> {
    let (id, now): (HoldId, _) = (tx.id(), tx.now());
    let placed = tx.change(&PLACE, params![id, bill, kind, detail, by, now])?;
    Ok(placed == 1)
}

/// Releases an open hold by the one who acts; `Missing` where it is not open (any more).
pub fn release(tx: &mut Tx<'_>, hold: HoldId, reason: &str) -> Result<(), StoreError> {
    let (by, now) = (tx.caller().actor.person, tx.now());
    tx.change_one(&RELEASE, params![hold, by, now, reason])
}

/// Ends an open hold because what it said was put right: nobody let anything pass.
pub(in crate::payables) fn end(tx: &mut Tx<'_>, hold: HoldId) -> Result<(), StoreError> {
    let now = tx.now();
    tx.change_one(&RELEASE, params![hold, None::<PersonId>, now, ""])
}

/// Every hold that was ever placed on a bill.
pub fn of_bill(reads: &mut impl Reads, bill: BillId) -> Result<Vec<Hold>, StoreError> {
    reads.all(&OF_BILL, params![bill])
}

/// The rows of holds that are open. For decisions about money ask [`super::standing`].
pub fn open_of(reads: &mut impl Reads, bill: BillId) -> Result<Vec<Hold>, StoreError> {
    let mut all = of_bill(reads, bill)?;
    all.retain(Hold::is_open);
    Ok(all)
}

/// One hold; `Missing` where it is not there.
pub fn find(reads: &mut impl Reads, hold: HoldId) -> Result<Hold, StoreError> {
    reads.one(&FIND, params![hold])
}
