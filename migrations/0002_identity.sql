-- Who: organisations, their legal entities and people, and by what they sign in.

CREATE TABLE organisations (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  slug TEXT NOT NULL,
  name TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  CHECK (id = org_id),
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX organisations_slug_once ON organisations (slug);

CREATE TABLE legal_entities (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  currency TEXT NOT NULL,
  street TEXT NOT NULL,
  building TEXT NOT NULL,
  post_code TEXT NOT NULL,
  town TEXT NOT NULL,
  vat_id_sealed BYTEA,
  vat_id_masked TEXT,
  vat_id_index BYTEA,
  created_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);

-- The accounts that we pay from.
CREATE TABLE entity_bank_accounts (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  entity_id TEXT NOT NULL,
  label TEXT NOT NULL,
  iban_sealed BYTEA NOT NULL,
  iban_masked TEXT NOT NULL,
  bic TEXT,
  currency TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, entity_id) REFERENCES legal_entities (org_id, id)
);

-- A person's account in this organisation. Two accounts with one human_id are the same human (invariant 5).
CREATE TABLE people (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  human_id TEXT NOT NULL,
  name TEXT NOT NULL,
  email TEXT NOT NULL,
  sign_in_name TEXT NOT NULL,
  status TEXT NOT NULL,
  locale TEXT,
  created_us BIGINT NOT NULL,
  -- When she first confirmed a second factor: from then on a factor that is missing is somebody's doing.
  factor_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX people_sign_in_name_once ON people (org_id, sign_in_name);
CREATE INDEX people_by_sign_in_name ON people (sign_in_name);

CREATE TABLE role_grants (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  role TEXT NOT NULL,
  entity_id TEXT,
  granted_by_id TEXT,
  granted_us BIGINT NOT NULL,
  revoked_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id),
  FOREIGN KEY (org_id, entity_id) REFERENCES legal_entities (org_id, id)
);
CREATE INDEX role_grants_by_person ON role_grants (org_id, person_id);

CREATE TABLE passwords (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  phc TEXT NOT NULL,
  changed_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX passwords_once ON passwords (org_id, person_id);

-- last_step: the time step of the newest code that was accepted (RFC 6238, 5.2: a code is good once).
CREATE TABLE totp_factors (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  seed_sealed BYTEA NOT NULL,
  confirmed_us BIGINT,
  last_step BIGINT NOT NULL,
  removed_us BIGINT,
  created_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX totp_factors_by_person ON totp_factors (org_id, person_id);

CREATE TABLE recovery_codes (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  code_hash BYTEA NOT NULL,
  used_us BIGINT,
  replaced_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX recovery_codes_by_person ON recovery_codes (org_id, person_id);

-- stage: password (the second factor is still owed), enrolling (it must be set up first), full.
CREATE TABLE sessions (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  token_hash BYTEA NOT NULL,
  person_id TEXT NOT NULL,
  stage TEXT NOT NULL,
  device TEXT NOT NULL,
  address TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  factor_us BIGINT,
  expires_us BIGINT NOT NULL,
  ended_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX sessions_token_once ON sessions (token_hash);
CREATE INDEX sessions_by_person ON sessions (org_id, person_id);

CREATE TABLE session_activity (
  session_id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  last_seen_us BIGINT NOT NULL
);

-- Single-use links: setup, invitation, reset.
CREATE TABLE links (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  token_hash BYTEA NOT NULL,
  person_id TEXT,
  created_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  used_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX links_token_once ON links (token_hash);

CREATE TABLE api_tokens (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  token_hash BYTEA NOT NULL,
  person_id TEXT NOT NULL,
  name TEXT NOT NULL,
  permissions TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  revoked_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX api_tokens_token_once ON api_tokens (token_hash);
