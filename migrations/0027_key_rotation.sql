-- A rotation that somebody ordered; what is done of it is seen from the keys and values themselves.
CREATE TABLE key_rotations (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  level TEXT NOT NULL,
  -- What there was to do when it was ordered.
  total BIGINT NOT NULL,
  ordered_us BIGINT NOT NULL,
  ordered_by_id TEXT,
  finished_us BIGINT,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX key_rotations_by_level ON key_rotations (org_id, level, ordered_us);
