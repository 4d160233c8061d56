//! The SQL that finds values by the version of the key that sealed them: it stands in the sealed value itself, after its first byte
//! (`crates/sealing/src/value.rs`).

use crate::platform::keys::fields::{self, SealedField};
use crate::platform::store::Sql;

/// Values that are resealed in one transaction at most.
macro_rules! page {
    ($table:literal, $column:literal) => {
        concat!(
            "SELECT id, ",
            $column,
            " FROM ",
            $table,
            " WHERE org_id = $1 AND substr(",
            $column,
            ", 2, 4) = $2 AND id > $3 ORDER BY id LIMIT 200"
        )
    };
}

macro_rules! count {
    ($table:literal, $column:literal) => {
        concat!(
            "SELECT COUNT(*) FROM ",
            $table,
            " WHERE org_id = $1 AND substr(",
            $column,
            ", 2, 4) = $2"
        )
    };
}

/// Only what still holds what was read: somebody may have changed or resealed it in the meantime.
macro_rules! put {
    ($table:literal, $column:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET ",
            $column,
            " = $3 WHERE org_id = $1 AND id = $2 AND ",
            $column,
            " = $4 RETURNING id"
        )
    };
}

/// How the values of one field are found and put back.
pub(super) struct Access {
    pub field: SealedField,
    pub page: Sql,
    pub count: Sql,
    pub put: Sql,
}

/// The fields that the organisation's own key seals and whose rows have ids. [`super::answers`] are the others.
pub(super) const OWN: &[Access] = &[
    Access {
        field: fields::SSO_SECRET,
        page: Sql::read(page!("sso_settings", "secret_sealed")),
        count: Sql::read(count!("sso_settings", "secret_sealed")),
        put: Sql::change("sso_settings", put!("sso_settings", "secret_sealed")),
    },
    Access {
        field: fields::SSO_SUBJECT,
        page: Sql::read(page!("sso_identities", "subject_sealed")),
        count: Sql::read(count!("sso_identities", "subject_sealed")),
        put: Sql::change("sso_identities", put!("sso_identities", "subject_sealed")),
    },
    Access {
        field: fields::SSO_SESSION_INDEX,
        page: Sql::read(page!("sso_sessions", "index_sealed")),
        count: Sql::read(count!("sso_sessions", "index_sealed")),
        put: Sql::change("sso_sessions", put!("sso_sessions", "index_sealed")),
    },
    Access {
        field: fields::SSO_KEY,
        page: Sql::read(page!("sso_keys", "key_sealed")),
        count: Sql::read(count!("sso_keys", "key_sealed")),
        put: Sql::change("sso_keys", put!("sso_keys", "key_sealed")),
    },
    Access {
        field: fields::STREAM_SECRET,
        page: Sql::read(page!("stream_secrets", "secret_sealed")),
        count: Sql::read(count!("stream_secrets", "secret_sealed")),
        put: Sql::change("stream_secrets", put!("stream_secrets", "secret_sealed")),
    },
    Access {
        field: fields::JOB_SECRET,
        page: Sql::read(page!("jobs", "secret_sealed")),
        count: Sql::read(count!("jobs", "secret_sealed")),
        put: Sql::housekeeping("jobs", put!("jobs", "secret_sealed")),
    },
];

pub(super) const ANSWERS: Sql = Sql::read(
    "SELECT person_id, key_hash, answer_sealed FROM idempotency_keys \
     WHERE org_id = $1 AND substr(answer_sealed, 2, 4) = $2 ORDER BY person_id, key_hash LIMIT 200",
);
pub(super) const COUNT_ANSWERS: Sql = Sql::read(
    "SELECT COUNT(*) FROM idempotency_keys WHERE org_id = $1 AND substr(answer_sealed, 2, 4) = $2",
);
pub(super) const PUT_ANSWER: Sql = Sql::housekeeping(
    "idempotency_keys",
    "UPDATE idempotency_keys SET answer_sealed = $4 WHERE org_id = $1 AND person_id = $2 AND key_hash = $3 \
     AND answer_sealed = $5 RETURNING status",
);

macro_rules! of_subject {
    ($table:literal, $column:literal, $subject:literal) => {
        concat!(
            "SELECT id, ",
            $column,
            " FROM ",
            $table,
            " WHERE org_id = $1 AND ",
            $subject,
            " = $2 AND ",
            $column,
            " IS NOT NULL"
        )
    };
}

macro_rules! count_of_subject {
    ($table:literal, $column:literal, $subject:literal) => {
        concat!(
            "SELECT COUNT(*) FROM ",
            $table,
            " WHERE org_id = $1 AND ",
            $subject,
            " = $2 AND substr(",
            $column,
            ", 2, 4) = $3"
        )
    };
}

macro_rules! put_of_subject {
    ($table:literal, $column:literal) => {
        concat!(
            "UPDATE ",
            $table,
            " SET ",
            $column,
            " = $3 WHERE org_id = $1 AND id = $2 RETURNING id"
        )
    };
}

/// How the values of one field are found by their subject.
pub(super) struct OfSubject {
    pub field: SealedField,
    pub of: Sql,
    pub count: Sql,
    pub put: Sql,
}

/// The fields that subjects' keys seal.
pub(super) const SUBJECTS: &[OfSubject] = &[
    OfSubject {
        field: fields::TOTP_SEED,
        of: Sql::read(of_subject!("totp_factors", "seed_sealed", "person_id")),
        count: Sql::read(count_of_subject!(
            "totp_factors",
            "seed_sealed",
            "person_id"
        )),
        put: Sql::change(
            "totp_factors",
            put_of_subject!("totp_factors", "seed_sealed"),
        ),
    },
    OfSubject {
        field: fields::ENTITY_VAT_ID,
        of: Sql::read(of_subject!("legal_entities", "vat_id_sealed", "id")),
        count: Sql::read(count_of_subject!("legal_entities", "vat_id_sealed", "id")),
        put: Sql::change(
            "legal_entities",
            put_of_subject!("legal_entities", "vat_id_sealed"),
        ),
    },
    OfSubject {
        field: fields::ENTITY_IBAN,
        of: Sql::read(of_subject!(
            "entity_bank_accounts",
            "iban_sealed",
            "entity_id"
        )),
        count: Sql::read(count_of_subject!(
            "entity_bank_accounts",
            "iban_sealed",
            "entity_id"
        )),
        put: Sql::change(
            "entity_bank_accounts",
            put_of_subject!("entity_bank_accounts", "iban_sealed"),
        ),
    },
    OfSubject {
        field: fields::VENDOR_VAT_ID,
        of: Sql::read(of_subject!("vendors", "vat_id_sealed", "id")),
        count: Sql::read(count_of_subject!("vendors", "vat_id_sealed", "id")),
        put: Sql::change("vendors", put_of_subject!("vendors", "vat_id_sealed")),
    },
    OfSubject {
        field: fields::VENDOR_LEGAL_ID,
        of: Sql::read(of_subject!("vendors", "legal_id_sealed", "id")),
        count: Sql::read(count_of_subject!("vendors", "legal_id_sealed", "id")),
        put: Sql::change("vendors", put_of_subject!("vendors", "legal_id_sealed")),
    },
    OfSubject {
        field: fields::VENDOR_IBAN,
        of: Sql::read(of_subject!(
            "vendor_bank_accounts",
            "iban_sealed",
            "vendor_id"
        )),
        count: Sql::read(count_of_subject!(
            "vendor_bank_accounts",
            "iban_sealed",
            "vendor_id"
        )),
        put: Sql::change(
            "vendor_bank_accounts",
            put_of_subject!("vendor_bank_accounts", "iban_sealed"),
        ),
    },
    OfSubject {
        field: fields::BILL_READING,
        of: Sql::read(of_subject!("bill_readings", "reading_sealed", "bill_id")),
        count: Sql::read(count_of_subject!(
            "bill_readings",
            "reading_sealed",
            "bill_id"
        )),
        put: Sql::change(
            "bill_readings",
            put_of_subject!("bill_readings", "reading_sealed"),
        ),
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::platform::keys::fields::Whose;

    #[test]
    fn no_sealed_field_is_forgotten() {
        let number = |field: SealedField| field.number.number();
        let own: BTreeSet<u16> = OWN.iter().map(|access| number(access.field)).collect();
        let of_subjects: BTreeSet<u16> =
            SUBJECTS.iter().map(|access| number(access.field)).collect();
        for field in fields::ALL {
            match field.whose {
                Whose::Organisation => {
                    let is_answer = number(*field) == number(fields::IDEMPOTENT_ANSWER);
                    assert!(is_answer || own.contains(&number(*field)), "{field:?}");
                }
                Whose::Subject(column) => {
                    let access = SUBJECTS.iter().find(|a| number(a.field) == number(*field));
                    let access = access.unwrap_or_else(|| panic!("{field:?}"));
                    let by = format!(" {column} = $2 ");
                    assert!(access.of.text.contains(&by), "{field:?}");
                    assert!(access.count.text.contains(&by), "{field:?}");
                }
            }
        }
        assert_eq!(own.len() + of_subjects.len() + 1, fields::ALL.len());
    }
}
