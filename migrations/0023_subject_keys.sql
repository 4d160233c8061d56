-- Keys of subjects (a vendor, a person, a legal entity), wrapped under their organisation's. Apart from the organisations' own,
-- because a subject's key can be destroyed.
CREATE TABLE subject_keys (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  wrapped BYTEA NOT NULL,
  created_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX subject_keys_once ON subject_keys (org_id, subject_id, version);
INSERT INTO subject_keys (id, org_id, subject_id, version, wrapped, created_us)
  SELECT id, org_id, subject_id, version, wrapped, created_us FROM data_keys WHERE purpose = 'subject';
DELETE FROM data_keys WHERE purpose = 'subject';
