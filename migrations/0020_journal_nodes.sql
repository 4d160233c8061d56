-- The hashes of complete subtrees of 256, 65,536, ... leaves (level 8, 16, ...), from which tiles and proofs are made. They are what the
-- leaves give, and a missing one is made from them again.
CREATE TABLE journal_nodes (
  org_id TEXT NOT NULL,
  level BIGINT NOT NULL,
  position BIGINT NOT NULL,
  hash BYTEA NOT NULL,
  PRIMARY KEY (org_id, level, position)
);
