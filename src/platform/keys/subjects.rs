//! The keys of subjects: a vendor, a person, a legal entity, a bill. Each version is wrapped under its organisation's key, in a row of
//! its own that says under which version.

use countersign_sealing::{
    Entropy, Hierarchy, Key, KeyVersion, SubjectId, ValueKey, WrapContext, WrappedKey, unwrap, wrap,
};
use uuid::Uuid;

use super::disposals;
use super::ring::{KeyError, OrgKeys, SubjectKey, context};
use super::versions::{VALUES, current};
use crate::platform::clock::Micros;
use crate::platform::ids::{Id, uuid_v7};
use crate::platform::store::{Reads, Sql, StoreError, Tx};
use crate::{params, row};

const INSERT: Sql = Sql::change(
    "subject_keys",
    "INSERT INTO subject_keys (org_id, id, subject_id, version, wrapped, created_us, parent_version) \
     VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id",
);
const FIND: Sql = Sql::read(
    "SELECT id, subject_id, version, wrapped, COALESCE(parent_version, 1) FROM subject_keys \
     WHERE org_id = $1 AND subject_id = $2 AND NOT EXISTS \
     (SELECT 1 FROM key_disposals d WHERE d.org_id = $1 AND d.subject_id IN ($2, '')) ORDER BY version DESC",
);
const COUNT_UNDER: Sql = Sql::read(
    "SELECT COUNT(*) FROM subject_keys WHERE org_id = $1 AND COALESCE(parent_version, 1) = $2",
);
const UNDER: Sql = Sql::read(
    "SELECT id, subject_id, version, wrapped, COALESCE(parent_version, 1) FROM subject_keys \
     WHERE org_id = $1 AND COALESCE(parent_version, 1) = $2 AND id > $3 ORDER BY id LIMIT 200",
);
const REWRAP: Sql = Sql::change(
    "subject_keys",
    "UPDATE subject_keys SET wrapped = $3, parent_version = $4 WHERE org_id = $1 AND id = $2 AND wrapped = $5 RETURNING id",
);
const COUNT_OLDER: Sql = Sql::read(
    "SELECT COUNT(DISTINCT k.subject_id) FROM subject_keys k WHERE k.org_id = $1 AND NOT EXISTS \
     (SELECT 1 FROM subject_keys n WHERE n.org_id = $1 AND n.subject_id = k.subject_id AND n.created_us >= $2)",
);
const OLDER: Sql = Sql::read(
    "SELECT k.subject_id FROM subject_keys k WHERE k.org_id = $1 AND k.subject_id > $3 GROUP BY k.subject_id \
     HAVING MAX(k.created_us) < $2 ORDER BY k.subject_id LIMIT 50",
);
const COUNT_SUPERSEDED: Sql = Sql::read(
    "SELECT COUNT(*) FROM subject_keys k WHERE k.org_id = $1 AND EXISTS \
     (SELECT 1 FROM subject_keys n WHERE n.org_id = $1 AND n.subject_id = k.subject_id AND n.version > k.version)",
);
const SUPERSEDED: Sql = Sql::read(
    "SELECT k.id, k.subject_id, k.version, k.wrapped, COALESCE(k.parent_version, 1) FROM subject_keys k \
     WHERE k.org_id = $1 AND k.id > $3 AND EXISTS (SELECT 1 FROM subject_keys n WHERE n.org_id = $1 \
     AND n.subject_id = k.subject_id AND n.version > k.version AND n.created_us <= $2) ORDER BY k.id LIMIT 50",
);
const IN_PLACE: Sql = Sql::read(
    "SELECT MAX(n.created_us) FROM subject_keys k JOIN subject_keys n ON n.org_id = $1 AND n.subject_id = k.subject_id \
     AND n.version > k.version WHERE k.org_id = $1 AND n.created_us <= $2",
);
const NEWEST: Sql = Sql::read(
    "SELECT MIN(newest) FROM (SELECT MAX(created_us) AS newest FROM subject_keys WHERE org_id = $1 GROUP BY subject_id) AS each_one",
);
const DELETE: Sql = Sql::change(
    "subject_keys",
    "DELETE FROM subject_keys WHERE org_id = $1 AND id = $2 RETURNING id",
);

const SUBJECT: &str = "subject";

row! {
    /// One version of one subject's key, as it is stored.
    #[derive(Debug, Clone)]
    pub(super) struct StoredSubjectKey {
        pub id: String,
        pub subject: String,
        pub version: i64,
        pub wrapped: Vec<u8>,
        pub under: i64,
    }
}

impl OrgKeys {
    /// Makes the key of a new subject.
    pub fn create_subject(
        &self,
        tx: &mut Tx<'_>,
        subject: impl Id,
    ) -> Result<SubjectKey, KeyError> {
        self.insert_subject(tx, &subject.to_string(), KeyVersion::FIRST)
    }

    /// Makes a version of a subject's key.
    pub(super) fn insert_subject(
        &self,
        tx: &mut Tx<'_>,
        subject: &str,
        version: KeyVersion,
    ) -> Result<SubjectKey, KeyError> {
        let under = current(tx, Hierarchy::Field, VALUES)?;
        let key = Key::generate(tx.entropy());
        let context = self.place_of(subject, version)?;
        let wrapped = wrap(self.values(under)?, &key, &context, tx.entropy());
        let id = uuid_v7(tx.now(), tx.entropy()).to_string();
        let (number, under) = (i64::from(version.number()), i64::from(under.number()));
        let now = tx.now();
        tx.change_one(
            &INSERT,
            params![id, subject, number, wrapped.as_bytes(), now, under],
        )?;
        Ok(SubjectKey::new(
            self.organisation(),
            ValueKey::new(&key, version),
        ))
    }

    /// The key of a subject that exists.
    pub fn subject(
        &self,
        reads: &mut impl Reads,
        subject: impl Id,
    ) -> Result<SubjectKey, KeyError> {
        self.subject_named(reads, &subject.to_string())
    }

    pub(super) fn subject_named(
        &self,
        reads: &mut impl Reads,
        subject: &str,
    ) -> Result<SubjectKey, KeyError> {
        // What the ledger names is not found, also where somebody put its row back.
        let found: Vec<StoredSubjectKey> = reads.all(&FIND, params![subject])?;
        let mut versions = found.iter().map(|key| self.open_subject(key));
        let Some(newest) = versions.next() else {
            disposals::refuse_destroyed(reads, subject, SUBJECT)?;
            return Err(KeyError::Absent { purpose: SUBJECT });
        };
        let newest = newest?;
        let older: Result<Vec<ValueKey>, KeyError> = versions.collect();
        Ok(SubjectKey::new(self.organisation(), newest).with_older(older?))
    }

    fn open_subject(&self, stored: &StoredSubjectKey) -> Result<ValueKey, KeyError> {
        let (key, version) = self.unwrapped(stored)?;
        Ok(ValueKey::new(&key, version))
    }

    pub(super) fn unwrapped(
        &self,
        stored: &StoredSubjectKey,
    ) -> Result<(Key, KeyVersion), KeyError> {
        let version = number(stored.version)?;
        let under = self.values(number(stored.under)?)?;
        let context = self.place_of(&stored.subject, version)?;
        let key = unwrap(under, &WrappedKey::from_bytes(&stored.wrapped)?, &context)?;
        Ok((key, version))
    }

    fn place_of(&self, subject: &str, version: KeyVersion) -> Result<WrapContext<'_>, KeyError> {
        let id: Uuid = subject
            .parse()
            .map_err(|_| KeyError::Absent { purpose: SUBJECT })?;
        let subject = Some(SubjectId::from_bytes(id.into_bytes()));
        Ok(context(
            self.organisation(),
            Hierarchy::Field,
            SUBJECT,
            subject,
            version,
        ))
    }

    /// Wraps a stored version under the organisation's key in use; none where it does not open.
    pub(super) fn rewrap(
        &self,
        tx: &mut Tx<'_>,
        stored: &StoredSubjectKey,
        under: KeyVersion,
    ) -> Result<Option<usize>, KeyError> {
        let Ok((key, version)) = self.unwrapped(stored) else {
            return Ok(None);
        };
        let context = self.place_of(&stored.subject, version)?;
        let entropy: &dyn Entropy = tx.entropy();
        let new = wrap(self.values(under)?, &key, &context, entropy);
        let number = i64::from(under.number());
        let (new, was) = (new.as_bytes().to_vec(), stored.wrapped.clone());
        Ok(Some(
            tx.change(&REWRAP, params![&stored.id, new, number, was])?,
        ))
    }
}

fn number(stored: i64) -> Result<KeyVersion, KeyError> {
    let version = u32::try_from(stored).map_err(|_| KeyError::Absent { purpose: SUBJECT })?;
    Ok(KeyVersion::new(version))
}

/// How many subjects' keys a version of the organisation's key wraps.
pub(super) fn count_under(reads: &mut impl Reads, under: KeyVersion) -> Result<i64, StoreError> {
    let (count,): (i64,) = reads.one(&COUNT_UNDER, params![i64::from(under.number())])?;
    Ok(count)
}

/// A page of them.
pub(super) fn under(
    reads: &mut impl Reads,
    under: KeyVersion,
    after: &str,
) -> Result<Vec<StoredSubjectKey>, StoreError> {
    reads.all(&UNDER, params![i64::from(under.number()), after])
}

/// How many subjects have no version as young as this.
pub fn count_older(reads: &mut impl Reads, than: Micros) -> Result<i64, StoreError> {
    let (count,): (i64,) = reads.one(&COUNT_OLDER, params![than])?;
    Ok(count)
}

/// A page of them.
pub(super) fn older(
    reads: &mut impl Reads,
    than: Micros,
    after: &str,
) -> Result<Vec<String>, StoreError> {
    let found: Vec<(String,)> = reads.all(&OLDER, params![than, after])?;
    Ok(found.into_iter().map(|(subject,)| subject).collect())
}

/// How many versions have a younger one in their place and are not destroyed.
pub fn count_superseded(reads: &mut impl Reads) -> Result<i64, StoreError> {
    let (count,): (i64,) = reads.one(&COUNT_SUPERSEDED, [])?;
    Ok(count)
}

/// A page of those whose younger one was there at this moment.
pub(super) fn superseded(
    reads: &mut impl Reads,
    at: Micros,
    after: &str,
) -> Result<Vec<StoredSubjectKey>, StoreError> {
    reads.all(&SUPERSEDED, params![at, after])
}

/// When the youngest was made, up to this moment, that took the place of one which is not destroyed; none where there is none.
pub fn in_place_since(reads: &mut impl Reads, at: Micros) -> Result<Option<Micros>, StoreError> {
    let (since,): (Option<Micros>,) = reads.one(&IN_PLACE, params![at])?;
    Ok(since)
}

/// Since when the subject whose key is the oldest has it; none without subjects.
pub fn oldest(reads: &mut impl Reads) -> Result<Option<Micros>, StoreError> {
    let (oldest,): (Option<Micros>,) = reads.one(&NEWEST, [])?;
    Ok(oldest)
}

/// Takes a version away for ever.
pub(super) fn delete(tx: &mut Tx<'_>, id: &str) -> Result<(), StoreError> {
    tx.change_one(&DELETE, params![id])
}
