//! Which columns hold something sealed or wrapped: all that hold bytes, but those of a closed list. A name says nothing: whoever adds a
//! column of bytes has it tried, or lists it here as plain.

use std::collections::BTreeSet;

use crate::support::stores::{TestStore, on_both};

/// Hashes, codes, blind indexes, public keys, and what others may read.
const PLAIN: [&str; 49] = [
    "api_tokens.token_hash",
    "approval_decisions.digest",
    "approval_decisions.tag",
    "approval_policies.tag",
    "approval_requests.digest",
    "approval_requests.tag",
    "bank_account_verifications.account_digest",
    "bank_account_verifications.tag",
    "bill_account_claims.account_index",
    "bill_sellers.legal_id_index",
    "bill_sellers.vat_id_index",
    "directory_tokens.token_hash",
    "documents.sha256",
    "entity_bank_account_steps.tag",
    "idempotency_keys.key_hash",
    "idempotency_keys.request_digest",
    "journal_entries.canonical",
    "journal_entries.mac",
    "journal_heads.frontier",
    "journal_heads.mac",
    "journal_heads.root",
    "journal_leaves.leaf",
    "journal_nodes.hash",
    "known_devices.token_hash",
    "legal_entities.vat_id_index",
    "links.token_hash",
    "passkeys.credential_id",
    "passkeys.public_key",
    "payment_runs.countersign_tag",
    "payment_runs.digest",
    "payment_runs.file_sha256",
    "payment_runs.file_tag",
    "payments.tag",
    "recovery_codes.code_hash",
    "reveals.set_digest",
    "reveals.tag",
    "row_tags.tag",
    "schema_migrations.sha256",
    "sessions.former_hash",
    "sessions.rights_mark",
    "sessions.token_hash",
    "sso_identities.subject_index",
    "sso_keys.certificate",
    "sso_metadata.document",
    "sso_sessions.index_hash",
    "vendor_bank_account_steps.tag",
    "vendor_bank_accounts.iban_index",
    "vendors.legal_id_index",
    "vendors.vat_id_index",
];

fn named((table, column): (String, String)) -> String {
    format!("{table}.{column}")
}

/// Every column of bytes that is not plain, and whatever is called so beside.
pub async fn sealed_or_wrapped(store: &TestStore) -> BTreeSet<String> {
    let bytes = store.columns_of_bytes().await.into_iter().map(named);
    let all = store.columns().await.into_iter();
    let called = all.filter(|(_, column)| column.contains("sealed") || column.contains("wrapped"));
    bytes
        .filter(|name| !PLAIN.contains(&name.as_str()))
        .chain(called.map(named))
        .collect()
}

#[test]
fn every_column_that_is_listed_as_plain_is_there_and_holds_bytes() {
    on_both(|store| async move {
        let bytes = store.columns_of_bytes().await.into_iter().map(named);
        let bytes: BTreeSet<String> = bytes.collect();
        let gone: Vec<&str> = PLAIN
            .into_iter()
            .filter(|name| !bytes.contains(*name))
            .collect();
        assert_eq!(gone, [""; 0]);
        let listed: BTreeSet<&str> = PLAIN.into();
        assert_eq!(listed.len(), PLAIN.len(), "each once");
    });
}
