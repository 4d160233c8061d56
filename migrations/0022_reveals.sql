-- Sealed values that somebody is shown in full: one row a batch. One who sees a single value alone has it opened at once; else a second
-- human approves it until expires_us, and whoever asked opens it once, until the expires_us that the approval sets. set_digest names the
-- values, tag authenticates the approval.
CREATE TABLE reveals (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  reason TEXT NOT NULL,
  item_count BIGINT NOT NULL,
  set_digest BYTEA NOT NULL,
  state TEXT NOT NULL,
  asked_by_id TEXT NOT NULL,
  asked_human_id TEXT NOT NULL,
  asked_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  decided_by_id TEXT,
  decided_human_id TEXT,
  decided_us BIGINT,
  opened_us BIGINT,
  tag BYTEA,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, asked_by_id) REFERENCES people (org_id, id)
);
CREATE INDEX reveals_by_state ON reveals (org_id, state, expires_us);
CREATE INDEX reveals_by_person ON reveals (org_id, asked_by_id);

-- The values of a batch: what each is, in which row, and whom it is about. None of it is the value.
CREATE TABLE reveal_values (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  reveal_id TEXT NOT NULL,
  what TEXT NOT NULL,
  row_id TEXT NOT NULL,
  owner_id TEXT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, reveal_id) REFERENCES reveals (org_id, id)
);
CREATE UNIQUE INDEX reveal_values_once ON reveal_values (org_id, reveal_id, what, row_id);
CREATE INDEX reveal_values_by_row ON reveal_values (org_id, row_id);
CREATE INDEX reveal_values_by_owner ON reveal_values (org_id, owner_id);
