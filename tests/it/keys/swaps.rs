//! A sealed value opens in its own place and whole, or not at all. Every sealed column that the migrated schema has, on both
//! engines, is tried with rows that the application itself wrote: a column that nobody thought of fails here.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use countersign::platform::ids::{Id as _, OrgId, PersonId};
use countersign::platform::keys::fields::{self, SealedField, Whose};
use countersign::platform::keys::{KeyError, OrgKeys, OwnKey, SubjectKey};
use countersign::platform::scope::{CredentialKind, Scope};
use countersign::platform::store::{Entry, Reads as _, Sql};
use countersign_sealing::{Sealed, SystemEntropy};
use uuid::Uuid;

use super::columns::sealed_or_wrapped;
use super::filled::{filled, organisation};
use crate::single_sign_on::saml::House;
use crate::support::app::TestApp;
use crate::support::stores::{Home, on_both};

/// How to find what a column holds: the row, whose key it is (empty: the organisation's own), and the sealed value.
struct Sample {
    field: SealedField,
    sql: Sql,
}

macro_rules! samples {
    ($($field:ident, $table:literal, $column:literal, $subject:literal;)+) => {
        &[$(Sample {
            field: fields::$field,
            sql: Sql::read(concat!(
                "SELECT id, ", $subject, ", ", $column, " FROM ", $table,
                " WHERE org_id = $1 AND ", $column, " IS NOT NULL"
            )),
        }),+]
    };
}

const SAMPLES: &[Sample] = samples! {
    TOTP_SEED, "totp_factors", "seed_sealed", "person_id";
    ENTITY_VAT_ID, "legal_entities", "vat_id_sealed", "id";
    ENTITY_IBAN, "entity_bank_accounts", "iban_sealed", "entity_id";
    VENDOR_VAT_ID, "vendors", "vat_id_sealed", "id";
    VENDOR_LEGAL_ID, "vendors", "legal_id_sealed", "id";
    VENDOR_IBAN, "vendor_bank_accounts", "iban_sealed", "vendor_id";
    BILL_READING, "bill_readings", "reading_sealed", "bill_id";
    JOB_SECRET, "jobs", "secret_sealed", "''";
    SSO_SECRET, "sso_settings", "secret_sealed", "''";
    SSO_SUBJECT, "sso_identities", "subject_sealed", "''";
    SSO_SESSION_INDEX, "sso_sessions", "index_sealed", "''";
    SSO_KEY, "sso_keys", "key_sealed", "''";
    STREAM_SECRET, "stream_secrets", "secret_sealed", "''";
};
/// Its rows have no id of their own: see [`answers`].
const ANSWERS: Sql = Sql::read(
    "SELECT person_id, key_hash, answer_sealed FROM idempotency_keys WHERE org_id = $1 AND answer_sealed IS NOT NULL",
);

/// One stored value and its place.
pub struct Kept {
    pub field: SealedField,
    pub row: [u8; 16],
    subject: Option<Uuid>,
    pub sealed: Vec<u8>,
    pub key: Key,
}

/// The ways in which the application opens a value; there is no other (`crates/sealing` is called in `src/platform/keys` alone).
pub enum Key {
    Own(Arc<OrgKeys>, Arc<OwnKey>),
    Subject(SubjectKey),
}

impl Key {
    /// What these bytes open to in this place. Text and bytes alike: what is compared is whether anything opens.
    pub fn open(&self, field: SealedField, row: [u8; 16], bytes: &[u8]) -> Option<Vec<u8>> {
        let sealed = Sealed::<Vec<u8>>::from_bytes(bytes.to_vec()).ok()?;
        let opened = match self {
            Self::Own(keys, _) => keys.open(field, row, &sealed),
            Self::Subject(key) => key.open(field, id(row), &sealed),
        };
        Some(opened.ok()?.expose().clone())
    }

    fn seal(&self, field: SealedField, row: [u8; 16], value: &Vec<u8>) -> Vec<u8> {
        let sealed = match self {
            Self::Own(_, own) => own.seal(field, row, value, &SystemEntropy),
            Self::Subject(key) => key.seal(field, id(row), value, &SystemEntropy),
        };
        sealed.as_bytes().to_vec()
    }
}

/// Ids of all kinds are bound by their bytes.
fn id(row: [u8; 16]) -> PersonId {
    PersonId::from_uuid(Uuid::from_bytes(row))
}

/// Everything that is stored sealed, with the key that opens it.
pub async fn kept(house: &House) -> Vec<Kept> {
    let app = &house.t.app;
    let scope = Scope::of(organisation(house).await);
    let keys = app
        .keys
        .organisation(&app.store, scope)
        .await
        .expect("keys");
    let found = app.store.read::<_, KeyError, _>(scope, move |read| {
        let mut all = Vec::new();
        let own = Arc::new(keys.own(read)?);
        for sample in SAMPLES {
            let rows: Vec<(String, String, Vec<u8>)> = read.all(&sample.sql, [])?;
            for (row, subject, sealed) in rows {
                let subject: Option<Uuid> = subject.parse().ok();
                let key = match subject {
                    None => Key::Own(Arc::clone(&keys), Arc::clone(&own)),
                    Some(subject) => {
                        Key::Subject(keys.subject(read, PersonId::from_uuid(subject))?)
                    }
                };
                let row: Uuid = row.parse().expect("an id");
                let (field, row) = (sample.field, row.into_bytes());
                all.push(Kept {
                    field,
                    row,
                    subject,
                    sealed,
                    key,
                });
            }
        }
        let rows: Vec<(String, Vec<u8>, Vec<u8>)> = read.all(&ANSWERS, [])?;
        for (person, hash, sealed) in rows {
            let whole = digest(&SHA256, &[person.as_bytes(), &hash].concat());
            let row = whole.as_ref()[..16].try_into().expect("16 of 32 bytes");
            let (field, key) = (
                fields::IDEMPOTENT_ANSWER,
                Key::Own(Arc::clone(&keys), Arc::clone(&own)),
            );
            all.push(Kept {
                field,
                row,
                subject: None,
                sealed,
                key,
            });
        }
        Ok(all)
    });
    found.await.expect("the database answers")
}

/// The keys of another organisation, and its own for each of these subjects: the same ids, which an attacker can choose.
async fn others(house: &House, subjects: Vec<Uuid>) -> (Key, Vec<(Uuid, SubjectKey)>) {
    let app = &house.t.app;
    let organisation: OrgId = app.id();
    let new = app.keys.new_organisation(organisation, app.entropy());
    let new = new.await.expect("roots in files");
    let caller = app.caller(
        Scope::of(organisation),
        CredentialKind::CommandLine,
        app.id(),
    );
    let made = app.store.write::<_, KeyError, _>(caller, move |tx| {
        tx.begin_journal()?;
        let keys = new.insert(tx)?;
        let mut of_subjects = Vec::new();
        for subject in &subjects {
            of_subjects.push((
                *subject,
                keys.create_subject(tx, PersonId::from_uuid(*subject))?,
            ));
        }
        let own = Arc::new(keys.own(tx)?);
        let entry = Entry::new("organisation.made", "organisation", organisation);
        Ok(tx.commit(entry, (Key::Own(keys, own), of_subjects))?)
    });
    made.await.expect("another organisation")
}

fn name(field: SealedField) -> String {
    format!("{}.{}", field.table, field.column)
}

/// Which of these columns no sample stands for.
fn without_sample(columns: &BTreeSet<String>, kept: &[Kept]) -> Vec<String> {
    let tried: BTreeSet<String> = kept
        .iter()
        .map(|kept| name(kept.field))
        .chain(super::wrapped::COLUMNS.map(str::to_owned))
        .collect();
    columns.difference(&tried).cloned().collect()
}

#[test]
fn every_sealed_column_refuses_every_swap_and_every_flipped_bit() {
    on_both(|store| async move {
        let house = filled(TestApp::with_workers(store).await).await;
        let kept = kept(&house).await;

        let columns = sealed_or_wrapped(&house.t.store).await;
        assert_eq!(without_sample(&columns, &kept), [""; 0]);
        let numbered: BTreeSet<String> = fields::ALL.iter().map(|field| name(*field)).collect();
        let wrapped = super::wrapped::COLUMNS.map(str::to_owned).into();
        let sealed: BTreeSet<String> = columns.difference(&wrapped).cloned().collect();
        assert_eq!(sealed, numbered, "keys::fields::ALL names what there is");

        let subjects: BTreeSet<Uuid> = kept.iter().filter_map(|kept| kept.subject).collect();
        let (other, of_subjects) = others(&house, subjects.into_iter().collect()).await;
        let mut tried = 0_u64;
        for here in &kept {
            let of_subject = matches!(here.field.whose, Whose::Subject(_));
            assert_eq!(of_subject, here.subject.is_some(), "{}", name(here.field));
            let value = here.key.open(here.field, here.row, &here.sealed);
            let value = value.unwrap_or_else(|| panic!("{} opens nothing", name(here.field)));
            tried += swapped(here, &kept);
            tried += moved(here, &value);
            let anothers = match here.subject {
                None => other.seal(here.field, here.row, &value),
                Some(subject) => {
                    let (_, key) = of_subjects
                        .iter()
                        .find(|(of, _)| *of == subject)
                        .expect("each has one");
                    let sealed = key.seal(here.field, id(here.row), &value, &SystemEntropy);
                    sealed.as_bytes().to_vec()
                }
            };
            refused(here, &anothers, "another organisation's");
            tried += 1 + flipped(here);
        }
        eprintln!("{} values, {tried} attacks refused", kept.len());
        assert!(tried > 10_000, "{tried}");
    });
}

fn refused(here: &Kept, bytes: &[u8], what: &str) {
    let opened = here.key.open(here.field, here.row, bytes);
    assert!(opened.is_none(), "{}: {what} opened", name(here.field));
}

/// Every other stored value, put here: of other rows, other subjects, other fields.
fn swapped(here: &Kept, kept: &[Kept]) -> u64 {
    let mut tried = 0;
    for there in kept.iter().filter(|there| !std::ptr::eq(*there, here)) {
        refused(here, &there.sealed, &name(there.field));
        tried += 1;
    }
    tried
}

/// The very same value under the very same key, sealed for another row and for every other field.
fn moved(here: &Kept, value: &Vec<u8>) -> u64 {
    let mut row = here.row;
    row[15] ^= 1;
    refused(
        here,
        &here.key.seal(here.field, row, value),
        "another row's",
    );
    let mut tried = 1;
    for field in fields::ALL
        .iter()
        .filter(|field| field.number != here.field.number)
    {
        refused(here, &here.key.seal(*field, here.row, value), &name(*field));
        tried += 1;
    }
    let again = here.key.seal(here.field, here.row, value);
    assert!(
        here.key.open(here.field, here.row, &again).is_some(),
        "its own place takes it"
    );
    tried
}

/// Every bit of it, the header's (format, version of the key, nonce) among them; and every way of cutting its end.
fn flipped(here: &Kept) -> u64 {
    let mut tried = 0;
    let mut bytes = here.sealed.clone();
    for at in 0..bytes.len() {
        for bit in 0..8 {
            bytes[at] ^= 1 << bit;
            refused(here, &bytes, "a flipped bit");
            bytes[at] ^= 1 << bit;
            tried += 1;
        }
        refused(here, &bytes[..at], "what was cut");
        tried += 1;
    }
    bytes.push(0);
    refused(here, &bytes, "what was made longer");
    tried + 1
}

#[test]
fn a_new_sealed_column_that_nobody_tries_is_found() {
    on_both(|store| async move {
        let t = TestApp::on(store);
        let before = sealed_or_wrapped(&t.store).await;
        let bytes = match &t.store.home {
            Home::Embedded(_) => "BLOB",
            Home::Grown(_) => "BYTEA",
        };
        // One that is called otherwise, and one that holds text.
        let sql = format!(
            "ALTER TABLE vendors ADD COLUMN passport {bytes}; ALTER TABLE vendors ADD COLUMN visa_sealed TEXT;"
        );
        t.store.behind_the_back(&sql).await;
        let after = sealed_or_wrapped(&t.store).await;
        let new: Vec<String> = after.difference(&before).cloned().collect();
        assert_eq!(new, ["vendors.passport", "vendors.visa_sealed"]);
        let untried = without_sample(&after, &[]);
        assert!(new.iter().all(|column| untried.contains(column)));
    });
}
