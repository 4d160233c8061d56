-- The key store: what general backups leave out. It is a file of its own on the embedded engine, a schema of its own on PostgreSQL, and
-- is made again where it was lost, which is why this text stands apart from the numbered ones and may run twice.
CREATE TABLE IF NOT EXISTS countersign_keys.data_keys (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  hierarchy TEXT NOT NULL,
  purpose TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  wrapped BYTEA NOT NULL,
  created_us BIGINT NOT NULL,
  -- A version is announced when its row is made and used from here on; the first one is used at once.
  activated_us BIGINT,
  -- Its wrapped bytes are erased.
  destroyed_us BIGINT,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, hierarchy, purpose, subject_id, version)
);
CREATE TABLE IF NOT EXISTS countersign_keys.subject_keys (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  wrapped BYTEA NOT NULL,
  created_us BIGINT NOT NULL,
  -- The version of the organisation's key that wraps it; none is the first.
  parent_version BIGINT,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, subject_id, version)
);
-- The disposal ledger: whose keys were destroyed, and which. subject_id is '' for a whole organisation. key_ids: the rows that
-- are gone. complete_us: when the last backup that may hold them expires.
CREATE TABLE IF NOT EXISTS countersign_keys.key_disposals (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  key_ids TEXT NOT NULL,
  destroyed_us BIGINT NOT NULL,
  complete_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  UNIQUE (org_id, subject_id)
);
-- The backups of the key store that hold an organisation's keys, by which a receipt knows when a destroyed key is gone. The line is
-- there before the file is; that of the system's comes after it, and says that the file is whole.
CREATE TABLE IF NOT EXISTS countersign_keys.key_backups (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  made_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
