-- The key store keeps account of its own backups. The same text stands in key_store.sql, for a key store that is made again.
CREATE TABLE IF NOT EXISTS countersign_keys.key_backups (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  made_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
