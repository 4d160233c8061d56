//! The permanent numbers of sealed fields. A number outlives renamed columns and is never given to another field.

use countersign_sealing::FieldNumber;

/// A sealed column: where it is stored, by which number its values are bound, and whose key seals them.
#[derive(Debug, Clone, Copy)]
pub struct SealedField {
    pub number: FieldNumber,
    pub table: &'static str,
    pub column: &'static str,
    pub whose: Whose,
}

/// Whose key seals the values of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The organisation's own.
    Organisation,
    /// The subject's that this column of the row names.
    Subject(&'static str),
}

const fn own(number: u16, table: &'static str, column: &'static str) -> SealedField {
    SealedField {
        number: FieldNumber::new(number),
        table,
        column,
        whose: Whose::Organisation,
    }
}

/// Sealed by the key of the subject that the column `subject` names.
const fn of(
    subject: &'static str,
    number: u16,
    table: &'static str,
    column: &'static str,
) -> SealedField {
    SealedField {
        number: FieldNumber::new(number),
        table,
        column,
        whose: Whose::Subject(subject),
    }
}

pub const TOTP_SEED: SealedField = of("person_id", 1, "totp_factors", "seed_sealed");
pub const ENTITY_VAT_ID: SealedField = of("id", 2, "legal_entities", "vat_id_sealed");
pub const ENTITY_IBAN: SealedField = of("entity_id", 3, "entity_bank_accounts", "iban_sealed");
pub const VENDOR_VAT_ID: SealedField = of("id", 4, "vendors", "vat_id_sealed");
pub const VENDOR_LEGAL_ID: SealedField = of("id", 5, "vendors", "legal_id_sealed");
pub const VENDOR_IBAN: SealedField = of("vendor_id", 6, "vendor_bank_accounts", "iban_sealed");
/// What a reader found in a document: it holds IBANs and tax ids beside the rest.
pub const BILL_READING: SealedField = of("bill_id", 7, "bill_readings", "reading_sealed");
/// An answer that is given again under its idempotency key: it may show a new token.
pub const IDEMPOTENT_ANSWER: SealedField = own(8, "idempotency_keys", "answer_sealed");

/// What a queued job needs and nobody may read.
pub const JOB_SECRET: SealedField = own(9, "jobs", "secret_sealed");

/// A secret of a connection to an identity provider.
pub const SSO_SECRET: SealedField = own(20, "sso_settings", "secret_sealed");
/// Who somebody is to an identity provider. The organisation's own key makes its blind index as well.
pub const SSO_SUBJECT: SealedField = own(21, "sso_identities", "subject_sealed");
/// The identity provider's name of its session.
pub const SSO_SESSION_INDEX: SealedField = own(22, "sso_sessions", "index_sealed");
/// Our private key towards an identity provider.
pub const SSO_KEY: SealedField = own(23, "sso_keys", "key_sealed");

/// What signs the requests of a webhook that the journal is streamed to.
pub const STREAM_SECRET: SealedField = own(30, "stream_secrets", "secret_sealed");

/// All of them, for tests that must not forget one.
pub const ALL: &[SealedField] = &[
    TOTP_SEED,
    ENTITY_VAT_ID,
    ENTITY_IBAN,
    VENDOR_VAT_ID,
    VENDOR_LEGAL_ID,
    VENDOR_IBAN,
    BILL_READING,
    IDEMPOTENT_ANSWER,
    JOB_SECRET,
    SSO_SECRET,
    SSO_SUBJECT,
    SSO_SESSION_INDEX,
    SSO_KEY,
    STREAM_SECRET,
];
