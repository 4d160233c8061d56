-- What people did with an account that payments leave from. Whoever enters one does not verify it; each step is authenticated
-- under the field root. The accounts of the setup have no steps: they are as old as their organisation.
CREATE TABLE entity_bank_account_steps (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  status TEXT NOT NULL,
  person_id TEXT NOT NULL,
  human_id TEXT NOT NULL,
  note TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  tag BYTEA NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, account_id) REFERENCES entity_bank_accounts (org_id, id)
);
CREATE UNIQUE INDEX entity_bank_account_steps_once ON entity_bank_account_steps (org_id, account_id, position);
