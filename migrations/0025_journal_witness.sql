-- What a witness last cosigned of each journal, and why it cosigned nothing newer. Its signature lines are public, and whoever
-- takes them verifies them.
CREATE TABLE journal_witness (
  org_id TEXT NOT NULL,
  witness TEXT NOT NULL,
  epoch BIGINT NOT NULL,
  size BIGINT NOT NULL,
  lines TEXT NOT NULL,
  refusal TEXT,
  refused_us BIGINT,
  PRIMARY KEY (org_id, witness)
);
