//! The permanent numbers of sealed fields. A number outlives renamed columns and is never given to another field.

use countersign_sealing::FieldNumber;

/// A sealed column: where it is stored, and by which number its values are bound.
#[derive(Debug, Clone, Copy)]
pub struct SealedField {
    pub number: FieldNumber,
    pub table: &'static str,
    pub column: &'static str,
}

const fn sealed(number: u16, table: &'static str, column: &'static str) -> SealedField {
    SealedField {
        number: FieldNumber::new(number),
        table,
        column,
    }
}

pub const TOTP_SEED: SealedField = sealed(1, "totp_factors", "seed_sealed");
pub const ENTITY_VAT_ID: SealedField = sealed(2, "legal_entities", "vat_id_sealed");
pub const ENTITY_IBAN: SealedField = sealed(3, "entity_bank_accounts", "iban_sealed");
pub const VENDOR_VAT_ID: SealedField = sealed(4, "vendors", "vat_id_sealed");
pub const VENDOR_LEGAL_ID: SealedField = sealed(5, "vendors", "legal_id_sealed");
pub const VENDOR_IBAN: SealedField = sealed(6, "vendor_bank_accounts", "iban_sealed");
/// What a reader found in a document: it holds IBANs and tax ids beside the rest.
pub const BILL_READING: SealedField = sealed(7, "bill_readings", "reading_sealed");
/// An answer that is given again under its idempotency key: it may show a new token. Sealed by the organisation's own key.
pub const IDEMPOTENT_ANSWER: SealedField = sealed(8, "idempotency_keys", "answer_sealed");

/// What a queued job needs and nobody may read. Sealed by the organisation's own key.
pub const JOB_SECRET: SealedField = sealed(9, "jobs", "secret_sealed");

/// A secret of a connection to an identity provider. Sealed by the organisation's own key.
pub const SSO_SECRET: SealedField = sealed(20, "sso_settings", "secret_sealed");
/// Who somebody is to an identity provider. Sealed by the organisation's own key, which makes its blind index as well.
pub const SSO_SUBJECT: SealedField = sealed(21, "sso_identities", "subject_sealed");
/// The identity provider's name of its session. Sealed by the organisation's own key.
pub const SSO_SESSION_INDEX: SealedField = sealed(22, "sso_sessions", "index_sealed");
/// Our private key towards an identity provider. Sealed by the organisation's own key.
pub const SSO_KEY: SealedField = sealed(23, "sso_keys", "key_sealed");

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
];
