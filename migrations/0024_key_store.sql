-- Wrapped keys stand in the key store, which has them by now.
DROP TABLE GENERAL.subject_keys;
DROP TABLE GENERAL.data_keys;

-- That a subject's key be destroyed: asked for by one administrator, done when another human has confirmed it.
CREATE TABLE key_disposal_requests (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  subject_kind TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  proposed_by_id TEXT NOT NULL,
  proposed_human_id TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  decided_by_id TEXT,
  decided_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, proposed_by_id) REFERENCES people (org_id, id)
);
CREATE INDEX key_disposal_requests_by_state ON key_disposal_requests (org_id, state);
