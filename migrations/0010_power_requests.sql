-- What one administrator asked for and a second one confirms: roles that approve, verify, release or administer, and the end
-- of a second factor. Roles are their words, separated by spaces. One who was alone is asked of nobody: state 'alone'.
CREATE TABLE power_requests (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  roles TEXT NOT NULL,
  state TEXT NOT NULL,
  proposed_by_id TEXT NOT NULL,
  proposed_human_id TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  decided_by_id TEXT,
  decided_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, proposed_by_id) REFERENCES people (org_id, id)
);
CREATE INDEX power_requests_by_person ON power_requests (org_id, person_id);
CREATE INDEX power_requests_by_state ON power_requests (org_id, state);
