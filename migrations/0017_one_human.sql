-- Two accounts that are one human's, as an administrator said. one_id and other_id are accounts. It is dissolved by two: split_by_id asked
-- for it, ended_by_id confirmed it until split_until_us.
CREATE TABLE human_joins (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  one_id TEXT NOT NULL,
  other_id TEXT NOT NULL,
  joined_us BIGINT NOT NULL,
  joined_by_id TEXT NOT NULL,
  split_by_id TEXT,
  split_human_id TEXT,
  split_us BIGINT,
  split_until_us BIGINT,
  ended_us BIGINT,
  ended_by_id TEXT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, one_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, other_id) REFERENCES people (org_id, id)
);
CREATE INDEX human_joins_by_one ON human_joins (org_id, one_id);
CREATE INDEX human_joins_by_other ON human_joins (org_id, other_id);

-- One that an administrator made for somebody absent waits until then for a second administrator, and stands once he has confirmed it;
-- none where nobody was asked.
ALTER TABLE delegations ADD COLUMN waits_until_us BIGINT;
ALTER TABLE delegations ADD COLUMN asked_human_id TEXT;
