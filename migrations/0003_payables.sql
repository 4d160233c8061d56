-- What: vendors, bills, approvals, payments. Amounts are minor units of the currency beside them.

CREATE TABLE gl_accounts (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  retired_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX gl_accounts_code_once ON gl_accounts (org_id, code);

CREATE TABLE cost_centres (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  retired_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX cost_centres_code_once ON cost_centres (org_id, code);

CREATE TABLE vendors (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  status TEXT NOT NULL,
  country TEXT NOT NULL,
  street TEXT NOT NULL,
  building TEXT NOT NULL,
  post_code TEXT NOT NULL,
  town TEXT NOT NULL,
  vat_id_sealed BYTEA,
  vat_id_masked TEXT,
  vat_id_index BYTEA,
  legal_id_sealed BYTEA,
  legal_id_masked TEXT,
  legal_id_index BYTEA,
  terms_days BIGINT NOT NULL,
  default_gl_account TEXT,
  default_cost_centre TEXT,
  created_by_id TEXT,
  created_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX vendors_by_name ON vendors (org_id, name_key, id);
CREATE INDEX vendors_by_vat_id ON vendors (org_id, vat_id_index);
CREATE INDEX vendors_by_legal_id ON vendors (org_id, legal_id_index);

-- What was entered, never changed afterwards (invariant 4). Its status is that of its newest step.
CREATE TABLE vendor_bank_accounts (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  vendor_id TEXT NOT NULL,
  holder TEXT NOT NULL,
  iban_sealed BYTEA NOT NULL,
  iban_masked TEXT NOT NULL,
  iban_index BYTEA NOT NULL,
  bic TEXT,
  currency TEXT NOT NULL,
  entered_by_id TEXT NOT NULL,
  entered_human_id TEXT NOT NULL,
  entered_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, vendor_id) REFERENCES vendors (org_id, id)
);
CREATE INDEX vendor_bank_accounts_by_vendor ON vendor_bank_accounts (org_id, vendor_id);
CREATE INDEX vendor_bank_accounts_by_iban ON vendor_bank_accounts (org_id, iban_index);

-- Each step is authenticated under the field root, so that an UPDATE turns no rejected account into a verified one.
CREATE TABLE vendor_bank_account_steps (
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
  FOREIGN KEY (org_id, account_id) REFERENCES vendor_bank_accounts (org_id, id)
);
CREATE UNIQUE INDEX vendor_bank_account_steps_once ON vendor_bank_account_steps (org_id, account_id, position);

-- The verification record that the payment writer checks: authenticated under the field root.
CREATE TABLE bank_account_verifications (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  vendor_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  account_digest BYTEA NOT NULL,
  entered_human_id TEXT NOT NULL,
  verified_human_id TEXT NOT NULL,
  cooling_off_end_us BIGINT NOT NULL,
  verified_us BIGINT NOT NULL,
  tag BYTEA NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, account_id) REFERENCES vendor_bank_accounts (org_id, id)
);
CREATE UNIQUE INDEX bank_account_verifications_once ON bank_account_verifications (org_id, account_id);

CREATE TABLE bills (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  document_id TEXT,
  vendor_id TEXT,
  vendor_name TEXT NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  number_key TEXT NOT NULL,
  issue_date TEXT,
  due_date TEXT,
  currency TEXT,
  net_minor BIGINT,
  tax_minor BIGINT,
  gross_minor BIGINT,
  prepaid_minor BIGINT,
  rounding_minor BIGINT,
  payable_minor BIGINT,
  payment_reference TEXT NOT NULL,
  purchase_order TEXT NOT NULL,
  syntax TEXT NOT NULL,
  profile TEXT NOT NULL,
  processing TEXT NOT NULL,
  processing_reason TEXT NOT NULL,
  posting TEXT NOT NULL,
  payment TEXT NOT NULL,
  match_state TEXT NOT NULL,
  received_via TEXT NOT NULL,
  received_us BIGINT NOT NULL,
  entered_by_id TEXT,
  entered_human_id TEXT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, entity_id) REFERENCES legal_entities (org_id, id),
  FOREIGN KEY (org_id, document_id) REFERENCES documents (org_id, id),
  FOREIGN KEY (org_id, vendor_id) REFERENCES vendors (org_id, id)
);
CREATE UNIQUE INDEX bills_document_once ON bills (org_id, document_id);
CREATE INDEX bills_by_processing ON bills (org_id, processing, id);
CREATE INDEX bills_by_due ON bills (org_id, payment, due_date, id);
CREATE INDEX bills_by_number ON bills (org_id, vendor_id, number_key);
CREATE INDEX bills_by_amount ON bills (org_id, vendor_id, gross_minor, issue_date);

-- A net amount that the currency cannot hold exactly is absent, and the bill on hold.
CREATE TABLE bill_lines (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  label TEXT NOT NULL,
  description TEXT NOT NULL,
  quantity TEXT NOT NULL,
  unit TEXT NOT NULL,
  unit_price TEXT NOT NULL,
  net_minor BIGINT,
  vat_category TEXT NOT NULL,
  vat_rate TEXT NOT NULL,
  removed_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE INDEX bill_lines_by_bill ON bill_lines (org_id, bill_id, position);

-- How a line's amount is spread over the general ledger.
CREATE TABLE distributions (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  line_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  gl_account TEXT NOT NULL,
  cost_centre TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  removed_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id),
  FOREIGN KEY (org_id, line_id) REFERENCES bill_lines (org_id, id)
);
CREATE INDEX distributions_by_bill ON distributions (org_id, bill_id, line_id, position);

CREATE TABLE bill_vat (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  position BIGINT NOT NULL,
  category TEXT NOT NULL,
  rate TEXT NOT NULL,
  basis_minor BIGINT,
  tax_minor BIGINT,
  removed_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE INDEX bill_vat_by_bill ON bill_vat (org_id, bill_id, position);

-- What a reader found in the document: sealed, since it holds bank accounts and tax ids.
CREATE TABLE bill_readings (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  reading_sealed BYTEA NOT NULL,
  read_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE INDEX bill_readings_by_bill ON bill_readings (org_id, bill_id);

-- Where each fact of a bill came from: a business term of the document, or the person who typed it.
CREATE TABLE bill_facts (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  field TEXT NOT NULL,
  source TEXT NOT NULL,
  term TEXT NOT NULL,
  person_id TEXT,
  at_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE INDEX bill_facts_by_bill ON bill_facts (org_id, bill_id, field, id);

CREATE TABLE bill_findings (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  rule TEXT NOT NULL,
  level TEXT NOT NULL,
  term TEXT NOT NULL,
  line BIGINT,
  message TEXT NOT NULL,
  found_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE INDEX bill_findings_by_bill ON bill_findings (org_id, bill_id, id);

-- The accounts that a document asks to be paid to: claims, compared with what is verified, never paid.
CREATE TABLE bill_account_claims (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  account_index BYTEA NOT NULL,
  account_masked TEXT NOT NULL,
  source TEXT NOT NULL,
  claimed_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE INDEX bill_account_claims_by_bill ON bill_account_claims (org_id, bill_id, id);

CREATE TABLE holds (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL,
  placed_by_id TEXT,
  placed_us BIGINT NOT NULL,
  released_by_id TEXT,
  released_us BIGINT,
  release_reason TEXT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE INDEX holds_by_bill ON holds (org_id, bill_id, id);
CREATE UNIQUE INDEX holds_open_once ON holds (org_id, bill_id, kind) WHERE released_us IS NULL;

CREATE TABLE approval_policies (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  policy_version BIGINT NOT NULL,
  bands TEXT NOT NULL,
  created_by_id TEXT,
  created_us BIGINT NOT NULL,
  tag BYTEA NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX approval_policies_once ON approval_policies (org_id, policy_version);

CREATE TABLE approval_requests (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  round BIGINT NOT NULL,
  policy_version BIGINT NOT NULL,
  digest BYTEA NOT NULL,
  approvals_needed BIGINT NOT NULL,
  status TEXT NOT NULL,
  requested_by_id TEXT NOT NULL,
  requested_human_id TEXT NOT NULL,
  requested_us BIGINT NOT NULL,
  closed_us BIGINT,
  tag BYTEA NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE UNIQUE INDEX approval_requests_open_once ON approval_requests (org_id, bill_id) WHERE closed_us IS NULL;
CREATE UNIQUE INDEX approval_requests_round_once ON approval_requests (org_id, bill_id, round);

-- A decision binds what was seen (invariant 6); its tag keeps the database's owner from writing one.
CREATE TABLE approval_decisions (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  request_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  human_id TEXT NOT NULL,
  verdict TEXT NOT NULL,
  reason TEXT NOT NULL,
  digest BYTEA NOT NULL,
  decided_us BIGINT NOT NULL,
  tag BYTEA NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, request_id) REFERENCES approval_requests (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE UNIQUE INDEX approval_decisions_once ON approval_decisions (org_id, request_id, human_id);

-- The countersignature binds the digest, and the file's tag the file's bytes: both are keyed under the field root.
CREATE TABLE payment_runs (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  reference TEXT NOT NULL,
  status TEXT NOT NULL,
  execution_date TEXT NOT NULL,
  currency TEXT NOT NULL,
  total_minor BIGINT NOT NULL,
  payment_count BIGINT NOT NULL,
  proposed_by_id TEXT NOT NULL,
  proposed_human_id TEXT NOT NULL,
  proposed_us BIGINT NOT NULL,
  countersigned_by_id TEXT,
  countersigned_human_id TEXT,
  countersigned_us BIGINT,
  digest BYTEA,
  countersign_tag BYTEA,
  file_document_id TEXT,
  file_sha256 BYTEA,
  file_tag BYTEA,
  released_by_id TEXT,
  released_us BIGINT,
  settled_us BIGINT,
  voided_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, entity_id) REFERENCES legal_entities (org_id, id),
  FOREIGN KEY (org_id, account_id) REFERENCES entity_bank_accounts (org_id, id),
  FOREIGN KEY (org_id, file_document_id) REFERENCES documents (org_id, id)
);
CREATE UNIQUE INDEX payment_runs_reference_once ON payment_runs (org_id, reference);

-- A credit note stands in a run with an amount below zero: it is netted against its vendor's bills, never paid.
CREATE TABLE payments (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  run_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  vendor_id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  amount_minor BIGINT NOT NULL,
  currency TEXT NOT NULL,
  end_to_end_id TEXT NOT NULL,
  remittance TEXT NOT NULL,
  status TEXT NOT NULL,
  removed_us BIGINT,
  removed_reason TEXT NOT NULL,
  tag BYTEA NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, run_id) REFERENCES payment_runs (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id),
  FOREIGN KEY (org_id, account_id) REFERENCES vendor_bank_accounts (org_id, id)
);
CREATE UNIQUE INDEX payments_bill_once ON payments (org_id, bill_id) WHERE removed_us IS NULL;
CREATE UNIQUE INDEX payments_end_to_end_once ON payments (org_id, end_to_end_id);
CREATE INDEX payments_by_run ON payments (org_id, run_id, id);

-- Words of what people search for, by prefix range; derived, and the same on both engines.
CREATE TABLE search_tokens (
  org_id TEXT NOT NULL,
  token TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  PRIMARY KEY (org_id, token, object_kind, object_id)
);
CREATE INDEX search_tokens_by_object ON search_tokens (org_id, object_kind, object_id);
