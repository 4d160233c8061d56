-- What the platform itself keeps. Types are TEXT, BIGINT and BYTEA alone; times are UTC microseconds, ids UUIDv7 in text.

-- One entry for each change, written in the change's own transaction.
CREATE TABLE journal_entries (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  actor_id TEXT,
  on_behalf_of_id TEXT,
  credential_kind TEXT NOT NULL,
  credential_id TEXT,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  object_version BIGINT NOT NULL,
  request_id TEXT NOT NULL,
  canonical BYTEA NOT NULL,
  mac BYTEA NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX journal_entries_by_time ON journal_entries (org_id, at_us, id);
CREATE INDEX journal_entries_by_object ON journal_entries (org_id, object_kind, object_id, id);
CREATE INDEX journal_entries_by_actor ON journal_entries (org_id, actor_id, id);

-- What the entries' commitments hide: salts and values. It can be erased without touching the tree.
CREATE TABLE journal_openings (
  entry_id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  opening TEXT NOT NULL
);

-- Entries that have no leaf yet: the sequencer's index of an absence. `journal verify` recomputes that absence itself.
-- The ordinal is drawn while the change's locks are held, so that two changes of one row have theirs in the right order.
CREATE TABLE journal_pending (
  ordinal ORDINAL,
  entry_id TEXT NOT NULL,
  org_id TEXT NOT NULL
);
CREATE UNIQUE INDEX journal_pending_once ON journal_pending (entry_id);
CREATE INDEX journal_pending_by_org ON journal_pending (org_id, ordinal);

-- An authentication code for every row of every journaled table, renewed by the transaction that changes the row.
CREATE TABLE row_tags (
  org_id TEXT NOT NULL,
  table_name TEXT NOT NULL,
  row_id TEXT NOT NULL,
  tag BYTEA NOT NULL,
  PRIMARY KEY (org_id, table_name, row_id)
);

-- Keys of the installation itself, wrapped by a root.
CREATE TABLE installation_keys (
  name TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  wrapped BYTEA NOT NULL
);

CREATE TABLE journal_leaves (
  org_id TEXT NOT NULL,
  seq BIGINT NOT NULL,
  entry_id TEXT NOT NULL,
  leaf BYTEA NOT NULL,
  PRIMARY KEY (org_id, seq)
);
CREATE UNIQUE INDEX journal_leaves_once ON journal_leaves (entry_id);

-- The tree's head and the hashes on its right edge; advances by compare-and-set on (epoch, size).
CREATE TABLE journal_heads (
  org_id TEXT NOT NULL PRIMARY KEY,
  epoch BIGINT NOT NULL,
  size BIGINT NOT NULL,
  root BYTEA NOT NULL,
  frontier BYTEA NOT NULL,
  at_us BIGINT NOT NULL,
  mac BYTEA NOT NULL,
  lease_holder TEXT NOT NULL,
  lease_until_us BIGINT NOT NULL
);

CREATE TABLE jobs (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  run_after_us BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  lease_holder TEXT,
  lease_until_us BIGINT NOT NULL,
  last_error TEXT
);
CREATE INDEX jobs_by_due ON jobs (run_after_us, id);

-- Attempts against something that is not a tenant's: a sign-in name, an address prefix. Keys are hashes.
CREATE TABLE throttles (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  failures BIGINT NOT NULL,
  blocked_until_us BIGINT NOT NULL,
  last_us BIGINT NOT NULL
);

CREATE TABLE idempotency_keys (
  org_id TEXT NOT NULL,
  credential_id TEXT NOT NULL,
  key_hash BYTEA NOT NULL,
  request_digest BYTEA NOT NULL,
  status BIGINT,
  answer_sealed BYTEA,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, credential_id, key_hash)
);

-- Keys of organisations and subjects, wrapped by the root of their hierarchy.
CREATE TABLE data_keys (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  hierarchy TEXT NOT NULL,
  purpose TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  wrapped BYTEA NOT NULL,
  created_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX data_keys_once ON data_keys (org_id, hierarchy, purpose, subject_id, version);

-- Source documents: sealed bytes under the SHA-256 of their plaintext (invariant 7).
CREATE TABLE documents (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  sha256 BYTEA NOT NULL,
  size_bytes BIGINT NOT NULL,
  media_type TEXT NOT NULL,
  file_name TEXT NOT NULL,
  key_version BIGINT NOT NULL,
  received_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX documents_once ON documents (org_id, sha256);
