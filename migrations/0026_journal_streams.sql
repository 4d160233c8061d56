-- To where an organisation's journal is streamed: asked for by one administrator, sent to when another human has confirmed it. Where a
-- stream goes never changes: another place is another row, which takes the place of the one that replaces_id names.
CREATE TABLE journal_streams (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  address TEXT NOT NULL,
  format TEXT NOT NULL,
  begins TEXT NOT NULL,
  state TEXT NOT NULL,
  reason TEXT,
  replaces_id TEXT,
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
CREATE INDEX journal_streams_by_state ON journal_streams (org_id, state);

-- What signs a webhook's requests. One that was replaced signs beside the new one until ends_us.
CREATE TABLE stream_secrets (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  stream_id TEXT NOT NULL,
  secret_sealed BYTEA NOT NULL,
  created_us BIGINT NOT NULL,
  ends_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, stream_id) REFERENCES journal_streams (org_id, id)
);
CREATE INDEX stream_secrets_by_stream ON stream_secrets (org_id, stream_id);

-- How far a stream is, and which node sends it. next_seq is the number to be sent next; all below safe_seq has arrived, as far as anybody
-- can know. A batch that was begun ends before batch_end, so that it is the same batch when it is tried again.
CREATE TABLE stream_positions (
  org_id TEXT NOT NULL,
  stream_id TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  next_seq BIGINT NOT NULL,
  safe_seq BIGINT NOT NULL,
  batch_end BIGINT NOT NULL,
  due_us BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  last_success_us BIGINT,
  last_error TEXT,
  failing_since_us BIGINT,
  told_us BIGINT,
  lease_holder TEXT,
  lease_until_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, stream_id)
);
CREATE INDEX stream_positions_by_due ON stream_positions (due_us);
