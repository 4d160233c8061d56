//! Where each fact of the header came from. Rows are added, never changed: the newest of a field counts.

use crate::identity::access::HumanId;
use crate::params;
use crate::payables::bills::rules::axes::{BillField, FactSource};
use crate::payables::ids::{BillId, FactId};
use crate::platform::clock::Micros;
use crate::platform::ids::PersonId;
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::row;

const INSERT: Sql = Sql::change(
    "bill_facts",
    "INSERT INTO bill_facts (org_id, id, bill_id, field, source, term, person_id, at_us) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
);
const OF_BILL: Sql = Sql::read(
    "SELECT f.field, f.source, f.term, f.person_id, p.name, f.at_us FROM bill_facts f \
     LEFT JOIN people p ON p.org_id = f.org_id AND p.id = f.person_id \
     WHERE f.org_id = $1 AND f.bill_id = $2 ORDER BY f.at_us, f.id",
);
const ENTERED_BY: Sql = Sql::read(
    "SELECT entered_human_id FROM bills WHERE org_id = $1 AND id = $2 AND entered_human_id IS NOT NULL",
);
const TYPED_BY: Sql = Sql::read(
    "SELECT DISTINCT p.human_id FROM bill_facts f JOIN people p ON p.org_id = f.org_id AND p.id = f.person_id \
     WHERE f.org_id = $1 AND f.bill_id = $2 AND f.source = 'typed'",
);

row! {
    /// The source of one field's value.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct FactRow {
        pub field: BillField,
        pub source: FactSource,
        /// The business term, for what the document says.
        pub term: String,
        pub person_id: Option<PersonId>,
        pub person_name: Option<String>,
        pub at_us: Micros,
    }
}

/// Notes where a field's present value came from. What is typed is typed by the caller.
pub fn note(
    tx: &mut Tx<'_>,
    bill: BillId,
    field: BillField,
    source: FactSource,
) -> Result<(), StoreError> {
    let (id, now): (FactId, _) = (tx.id(), tx.now());
    let term = match source {
        FactSource::Document => field.term(),
        FactSource::Typed | FactSource::Terms => "",
    };
    let person = (source == FactSource::Typed)
        .then(|| tx.caller().actor.person)
        .flatten();
    tx.change_one(&INSERT, params![id, bill, field, source, term, person, now])
}

/// The newest source of each field.
pub fn of_bill(reads: &mut impl Reads, bill: BillId) -> Result<Vec<FactRow>, StoreError> {
    let all: Vec<FactRow> = reads.all(&OF_BILL, params![bill])?;
    let mut newest: Vec<FactRow> = Vec::new();
    for fact in all {
        newest.retain(|earlier| earlier.field != fact.field);
        newest.push(fact);
    }
    Ok(newest)
}

/// Every human who entered the bill or typed a fact of it: none of them may approve it (invariant 5).
pub fn entrants(reads: &mut impl Reads, bill: BillId) -> Result<Vec<HumanId>, StoreError> {
    let entered: Vec<(HumanId,)> = reads.all(&ENTERED_BY, params![bill])?;
    let typed: Vec<(HumanId,)> = reads.all(&TYPED_BY, params![bill])?;
    let mut humans: Vec<HumanId> = entered.into_iter().chain(typed).map(|(h,)| h).collect();
    humans.sort();
    humans.dedup();
    Ok(humans)
}
