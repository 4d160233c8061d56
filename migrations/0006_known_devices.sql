-- Browsers in which a person has signed in before. They let nobody in: their attempts are counted apart from strangers'.
CREATE TABLE known_devices (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  token_hash BYTEA NOT NULL,
  created_us BIGINT NOT NULL,
  ended_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX known_devices_token_once ON known_devices (token_hash);
CREATE INDEX known_devices_by_person ON known_devices (org_id, person_id);
