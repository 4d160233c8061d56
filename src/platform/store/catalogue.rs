//! The one table of all tables. Row-level policies, triggers and grants of PostgreSQL, the append-only triggers of both
//! engines and the tests over all SQL texts are made from it.

use crate::platform::keys::fields;

/// How a table may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nature {
    /// Inserted and updated, only with a journal entry; never deleted.
    Business,
    /// Inserted only, with a journal entry; of a row that is there, what its keys sealed may be renewed ([`renewed`]).
    Append,
    /// Wrapped keys: inserted, wrapped anew and destroyed, with a journal entry. A wrapped key authenticates itself, so that
    /// its row has no code.
    Keys,
    /// The disposal ledger and the account of backups: inserted only, with a journal entry that names what the row says. They
    /// outlive a restore of the journal, so that their rows are not held against it.
    Ledger,
    /// The journal itself: inserted only.
    Journal,
    /// The tree's leaves: inserted only, by the sequencer.
    Leaves,
    /// Leases, counters, last-seen, heads and what is derived: the closed list of invariant 1.
    Housekeeping,
}

impl Nature {
    /// Whether it changes without a journal entry.
    #[must_use]
    pub const fn is_housekeeping(self) -> bool {
        matches!(self, Self::Housekeeping | Self::Leaves)
    }

    /// Whether its rows are committed to by journal entries.
    #[must_use]
    pub const fn is_journaled(self) -> bool {
        matches!(self, Self::Business | Self::Append | Self::Keys)
    }

    /// Whether its rows carry authentication codes.
    #[must_use]
    pub const fn is_coded(self) -> bool {
        matches!(self, Self::Business | Self::Append)
    }
}

#[derive(Debug, Clone, Copy)]
pub struct Table {
    pub name: &'static str,
    pub nature: Nature,
    /// Whether it can be read before the tenant is known: the closed list of invariant 3.
    pub lookup: bool,
    /// Whether it can also be changed then: leases and counters.
    pub claims: bool,
    /// Whether it stands in the key store, which general backups leave out.
    pub in_key_store: bool,
}

const fn table(name: &'static str, nature: Nature) -> Table {
    Table {
        name,
        nature,
        lookup: false,
        claims: false,
        in_key_store: false,
    }
}

const fn found_before_tenant(name: &'static str, nature: Nature) -> Table {
    Table {
        name,
        nature,
        lookup: true,
        claims: false,
        in_key_store: false,
    }
}

const fn claimed_before_tenant(name: &'static str) -> Table {
    Table {
        name,
        nature: Nature::Housekeeping,
        lookup: true,
        claims: true,
        in_key_store: false,
    }
}

const fn in_key_store(name: &'static str, nature: Nature) -> Table {
    Table {
        name,
        nature,
        lookup: false,
        claims: false,
        in_key_store: true,
    }
}

/// Every table but the migrations' own.
pub const TABLES: &[Table] = &[
    // platform
    table("journal_entries", Nature::Journal),
    table("journal_openings", Nature::Journal),
    found_before_tenant("journal_pending", Nature::Housekeeping),
    table("journal_leaves", Nature::Leaves),
    table("journal_nodes", Nature::Leaves),
    found_before_tenant("journal_heads", Nature::Housekeeping),
    found_before_tenant("journal_witness", Nature::Housekeeping),
    claimed_before_tenant("jobs"),
    claimed_before_tenant("throttles"),
    table("row_tags", Nature::Housekeeping),
    found_before_tenant("installation_keys", Nature::Housekeeping),
    table("idempotency_keys", Nature::Housekeeping),
    in_key_store("data_keys", Nature::Keys),
    in_key_store("subject_keys", Nature::Keys),
    in_key_store("key_disposals", Nature::Ledger),
    in_key_store("key_backups", Nature::Ledger),
    table("data_keys", Nature::Keys),
    table("subject_keys", Nature::Keys),
    table("key_rotations", Nature::Business),
    table("documents", Nature::Append),
    table("document_openings", Nature::Append),
    // assurance
    table("key_disposal_requests", Nature::Business),
    table("journal_streams", Nature::Business),
    table("stream_secrets", Nature::Business),
    found_before_tenant("stream_positions", Nature::Housekeeping),
    // identity
    found_before_tenant("organisations", Nature::Business),
    table("legal_entities", Nature::Business),
    table("entity_bank_accounts", Nature::Append),
    table("entity_bank_account_steps", Nature::Append),
    found_before_tenant("people", Nature::Business),
    table("role_grants", Nature::Business),
    table("human_joins", Nature::Business),
    table("custom_roles", Nature::Business),
    table("role_changes", Nature::Business),
    table("power_requests", Nature::Business),
    table("security_policies", Nature::Business),
    table("policy_requests", Nature::Business),
    table("former_passwords", Nature::Business),
    table("delegations", Nature::Business),
    table("passwords", Nature::Business),
    table("totp_factors", Nature::Business),
    table("recovery_codes", Nature::Business),
    found_before_tenant("passkeys", Nature::Business),
    claimed_before_tenant("passkey_challenges"),
    found_before_tenant("sessions", Nature::Business),
    table("session_activity", Nature::Housekeeping),
    found_before_tenant("links", Nature::Business),
    found_before_tenant("known_devices", Nature::Business),
    found_before_tenant("api_tokens", Nature::Business),
    found_before_tenant("sso_settings", Nature::Business),
    table("sso_identities", Nature::Business),
    table("sso_grants", Nature::Append),
    table("sso_sessions", Nature::Append),
    table("sso_keys", Nature::Business),
    table("sso_metadata", Nature::Business),
    claimed_before_tenant("sso_requests"),
    claimed_before_tenant("sso_seen"),
    table("sso_failures", Nature::Housekeeping),
    table("directories", Nature::Business),
    found_before_tenant("directory_tokens", Nature::Business),
    table("directory_token_activity", Nature::Housekeeping),
    table("directory_users", Nature::Business),
    table("directory_groups", Nature::Business),
    table("directory_members", Nature::Business),
    table("directory_mappings", Nature::Business),
    table("directory_roles", Nature::Business),
    table("token_activity", Nature::Housekeeping),
    // payables
    table("gl_accounts", Nature::Business),
    table("cost_centres", Nature::Business),
    table("vendors", Nature::Business),
    table("vendor_bank_accounts", Nature::Append),
    table("vendor_bank_account_steps", Nature::Append),
    table("bank_account_verifications", Nature::Append),
    table("bills", Nature::Business),
    table("bill_lines", Nature::Business),
    table("distributions", Nature::Business),
    table("bill_vat", Nature::Business),
    table("bill_readings", Nature::Append),
    table("bill_facts", Nature::Append),
    table("bill_findings", Nature::Append),
    table("bill_account_claims", Nature::Append),
    table("bill_sellers", Nature::Append),
    table("holds", Nature::Business),
    table("approval_policies", Nature::Append),
    table("approval_requests", Nature::Business),
    table("approval_decisions", Nature::Append),
    table("payment_runs", Nature::Business),
    table("payments", Nature::Business),
    table("search_tokens", Nature::Housekeeping),
    table("tax_id_questions", Nature::Housekeeping),
    // assurance
    table("reveals", Nature::Business),
    table("reveal_values", Nature::Append),
];

/// Columns of tables that are inserted only, which an UPDATE may change all the same: a rotation seals the same value under another
/// version of its key.
const RENEWED: &[(&str, &str)] = &[("documents", "key_version")];

/// The columns of a table that is inserted only which may be renewed: its sealed ones, and which version sealed a document.
#[must_use]
pub fn renewed(table: &Table) -> Vec<&'static str> {
    if table.nature != Nature::Append {
        return Vec::new();
    }
    let sealed = fields::ALL.iter().map(|field| (field.table, field.column));
    let named = sealed.chain(RENEWED.iter().copied());
    named
        .filter(|(of, _)| *of == table.name)
        .map(|(_, column)| column)
        .collect()
}

/// The tables whose rows the journal commits to, each once: a table of keys is that of the key store, not the one of the same name
/// that its rows were moved from.
pub fn journaled() -> impl Iterator<Item = &'static Table> {
    TABLES.iter().filter(|table| {
        table.nature.is_journaled() && (table.nature != Nature::Keys || table.in_key_store)
    })
}

#[must_use]
pub fn find(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}
