//! Who saw what.

use super::RevealError;
use super::look::TOLD;
use crate::assurance::keys::reveals::rules::Object;
use crate::assurance::keys::reveals::store::{self, Reveal, objects};
use crate::identity::access::{Access, Permission};
use crate::identity::people;
use crate::platform::app::App;
use crate::platform::clock::Micros;
use crate::platform::documents;
use crate::platform::ids::PersonId;
use crate::platform::store::journal::read::{Filter, Told, entries, history_of_action};
use crate::platform::store::{Reads, StoreError};

const FILE_FETCHED: &str = "payment-run.file-fetched";
const DOCUMENT_OPENED: &str = "document.opened";

/// One time that somebody saw something of the object in full.
#[derive(Debug, Clone)]
pub struct Seen {
    pub at: Micros,
    pub person: String,
    pub what: What,
    /// Whoever approved it, where two took part.
    pub approved_by: Option<String>,
}

/// What somebody saw.
#[derive(Debug, Clone)]
pub enum What {
    /// Sealed values, in one batch.
    Values(Box<Reveal>),
    PaymentFile,
    Document {
        /// As its sender named it; none where the reader may be somebody who does not read bills.
        file_name: Option<String>,
        /// What she acted by, as the journal has it.
        credential: String,
    },
}

/// Who saw the object in full, the latest first. Whoever may read the object may read this.
pub async fn seen(app: &App, who: &Access, object: Object) -> Result<Vec<Seen>, RevealError> {
    may_read(who, object)?;
    let by = who.clone();
    app.store
        .read(who.scope(), move |read| {
            objects::is_there(read, &by, object)?;
            match object {
                Object::Run(run) => {
                    let told = history_of_action(read, ("payment-run", run), FILE_FETCHED, TOLD)?;
                    Ok(told.into_iter().map(fetched).collect())
                }
                Object::Bill(bill) => match objects::document_of(read, bill)? {
                    Some(document) => {
                        let of = ("document", document);
                        let told = history_of_action(read, of, DOCUMENT_OPENED, TOLD)?;
                        Ok(opened(read, told, true)?)
                    }
                    None => Ok(Vec::new()),
                },
                Object::Person(person) => {
                    let is_own = person == by.person();
                    Ok(by_person(read, person, is_own)?)
                }
                _ => {
                    let found = store::of_object(read, &object.id(), TOLD)?;
                    Ok(shown(read, found)?)
                }
            }
        })
        .await
}

fn may_read(who: &Access, object: Object) -> Result<(), RevealError> {
    let needed = match object {
        Object::Vendor(_) | Object::Account(..) => Permission::VendorsRead,
        Object::Entity(_) => Permission::SettingsEdit,
        Object::OwnAccount(_) => {
            who.reach_of_any(&[Permission::SettingsEdit, Permission::RunsCountersign])?;
            return Ok(());
        }
        Object::Person(person) if person == who.person() => return Ok(()),
        Object::Person(_) => Permission::PeopleRead,
        Object::Run(_) => Permission::RunsRead,
        Object::Bill(_) => Permission::BillsRead,
    };
    who.reach(needed)?;
    Ok(())
}

/// Everything that a person saw, the latest first.
fn by_person(
    reads: &mut impl Reads,
    person: PersonId,
    is_own: bool,
) -> Result<Vec<Seen>, StoreError> {
    let found = store::by_person(reads, person, TOLD)?;
    let mut seen = shown(reads, found)?;
    let of = Filter {
        actor: person.to_string(),
        action: DOCUMENT_OPENED.to_owned(),
        ..Filter::default()
    };
    let told = entries(reads, &of, None, TOLD)?;
    seen.extend(opened(reads, told, is_own)?);
    seen.sort_by_key(|one| std::cmp::Reverse(one.at));
    Ok(seen)
}

fn shown(reads: &mut impl Reads, found: Vec<Reveal>) -> Result<Vec<Seen>, StoreError> {
    let mut seen = Vec::new();
    for reveal in found {
        let approved_by = match reveal.decided_by {
            Some(person) => Some(people::find(reads, person)?.name),
            None => None,
        };
        seen.push(Seen {
            at: reveal.opened.unwrap_or(reveal.asked),
            person: people::find(reads, reveal.asked_by)?.name,
            approved_by,
            what: What::Values(Box::new(reveal)),
        });
    }
    Ok(seen)
}

/// A payment file holds every account that it pays, and fetching it is journaled.
fn fetched(entry: Told) -> Seen {
    Seen {
        at: Micros(entry.at_us),
        person: entry.actor_name.unwrap_or_default(),
        what: What::PaymentFile,
        approved_by: None,
    }
}

/// A document holds what its sender wrote: accounts and tax numbers among it.
fn opened(
    reads: &mut impl Reads,
    told: Vec<Told>,
    is_named: bool,
) -> Result<Vec<Seen>, StoreError> {
    let mut seen = Vec::new();
    for entry in told {
        let file_name = if is_named {
            let document = entry.object_id.parse().map_err(|_| StoreError::Missing)?;
            Some(documents::find(reads, document)?.file_name)
        } else {
            None
        };
        seen.push(Seen {
            at: Micros(entry.at_us),
            person: entry.actor_name.unwrap_or_default(),
            what: What::Document {
                file_name,
                credential: entry.credential_kind,
            },
            approved_by: None,
        });
    }
    Ok(seen)
}
