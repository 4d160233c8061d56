//! The keys of subjects: a vendor, a person, a legal entity. Each is wrapped under its organisation's, in a row of its own.

use countersign_sealing::{
    Hierarchy, Key, KeyVersion, SubjectId, ValueKey, WrappedKey, unwrap, wrap,
};

use super::disposals;
use super::ring::{KeyError, OrgKeys, SubjectKey, bytes, context};
use crate::params;
use crate::platform::ids::{Id, uuid_v7};
use crate::platform::store::{Reads, Sql, Tx};

const INSERT: Sql = Sql::change(
    "subject_keys",
    "INSERT INTO subject_keys (org_id, id, subject_id, version, wrapped, created_us) \
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
);
const FIND: Sql = Sql::read(
    "SELECT version, wrapped FROM subject_keys WHERE org_id = $1 AND subject_id = $2 ORDER BY version DESC LIMIT 1",
);

const SUBJECT: &str = "subject";

impl OrgKeys {
    /// Makes the key of a new subject.
    pub fn create_subject(
        &self,
        tx: &mut Tx<'_>,
        subject: impl Id,
    ) -> Result<SubjectKey, KeyError> {
        let (key, version) = (Key::generate(tx.entropy()), KeyVersion::FIRST);
        let context = context(
            self.organisation(),
            Hierarchy::Field,
            SUBJECT,
            Some(SubjectId::from_bytes(bytes(subject))),
            version,
        );
        let wrapped = wrap(self.values(), &key, &context, tx.entropy());
        let id = uuid_v7(tx.now(), tx.entropy()).to_string();
        let (number, now) = (i64::from(version.number()), tx.now());
        tx.change_one(
            &INSERT,
            params![id, subject.to_string(), number, wrapped.as_bytes(), now],
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
        let absent = || KeyError::Absent { purpose: SUBJECT };
        let found: Option<(i64, Vec<u8>)> = reads.maybe(&FIND, params![subject.to_string()])?;
        let Some((version, wrapped)) = found else {
            return Err(disposals::gone(reads, &subject.to_string(), SUBJECT)?);
        };
        let version = KeyVersion::new(u32::try_from(version).map_err(|_| absent())?);
        let context = context(
            self.organisation(),
            Hierarchy::Field,
            SUBJECT,
            Some(SubjectId::from_bytes(bytes(subject))),
            version,
        );
        let key = unwrap(self.values(), &WrappedKey::from_bytes(&wrapped)?, &context)?;
        Ok(SubjectKey::new(
            self.organisation(),
            ValueKey::new(&key, version),
        ))
    }
}
