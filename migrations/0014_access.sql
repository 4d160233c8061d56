-- kind: 'service' for an account that programs use; none for a person's. A service account has no human of its own: its human_id is
-- that of the administrator who answers for it.
ALTER TABLE people ADD COLUMN kind TEXT;

-- The end of the token as it was shown, by which people tell tokens apart, and who made it where that is not its holder.
ALTER TABLE api_tokens ADD COLUMN last_four TEXT;
ALTER TABLE api_tokens ADD COLUMN made_by_id TEXT;

CREATE TABLE token_activity (
  token_id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  last_used_us BIGINT NOT NULL
);

-- What one person lets another do on her behalf: deciding on bills, from a day until a day (ISO 8601, where the organisation is), the last
-- one included. entity_id: none for every entity that she decides in.
CREATE TABLE delegations (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  principal_id TEXT NOT NULL,
  delegate_id TEXT NOT NULL,
  entity_id TEXT,
  from_date TEXT NOT NULL,
  until_date TEXT NOT NULL,
  made_by_id TEXT,
  made_us BIGINT NOT NULL,
  ended_us BIGINT,
  ended_by_id TEXT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, principal_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, delegate_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, entity_id) REFERENCES legal_entities (org_id, id)
);
CREATE INDEX delegations_by_delegate ON delegations (org_id, delegate_id);
CREATE INDEX delegations_by_principal ON delegations (org_id, principal_id);

-- On whose behalf somebody decided, by which delegation; none where she decided herself.
ALTER TABLE approval_decisions ADD COLUMN behalf_id TEXT;
ALTER TABLE approval_decisions ADD COLUMN behalf_human_id TEXT;
ALTER TABLE approval_decisions ADD COLUMN delegation_id TEXT;
