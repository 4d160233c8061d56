-- How people sign in through an identity provider. Each change is a row of its own: proposed by one administrator, in force
-- once another one confirms it. subject: connection, domain, rule or link; configuration is JSON of src/identity/sso/rules.
CREATE TABLE sso_settings (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  configuration TEXT NOT NULL,
  secret_sealed BYTEA,
  state TEXT NOT NULL,
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
CREATE INDEX sso_settings_by_subject ON sso_settings (org_id, subject, subject_id);
CREATE INDEX sso_settings_by_state ON sso_settings (org_id, state);
CREATE INDEX sso_settings_by_connection ON sso_settings (subject_id);
CREATE UNIQUE INDEX sso_settings_one_active ON sso_settings (org_id, subject, subject_id) WHERE state = 'active';

-- Who somebody is to an identity provider: the subject's blind index finds the row, its sealed value names her when we sign
-- her out there.
CREATE TABLE sso_identities (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  subject_index BYTEA NOT NULL,
  subject_sealed BYTEA NOT NULL,
  person_id TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  ended_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX sso_identities_once ON sso_identities (org_id, connection_id, subject_index) WHERE ended_us IS NULL;
CREATE INDEX sso_identities_by_person ON sso_identities (org_id, person_id);

-- The roles that a connection's mapping gave; grant_id is a row of role_grants. What is not named here was given by people.
CREATE TABLE sso_grants (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  grant_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, grant_id) REFERENCES role_grants (org_id, id)
);
CREATE INDEX sso_grants_by_person ON sso_grants (org_id, person_id);

-- Sessions that came through a connection; the id is the session's. The index is the identity provider's name of its session.
CREATE TABLE sso_sessions (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  identity_id TEXT NOT NULL,
  index_hash BYTEA,
  index_sealed BYTEA,
  created_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, id) REFERENCES sessions (org_id, id),
  FOREIGN KEY (org_id, identity_id) REFERENCES sso_identities (org_id, id)
);
CREATE INDEX sso_sessions_by_connection ON sso_sessions (org_id, connection_id);
CREATE INDEX sso_sessions_by_identity ON sso_sessions (org_id, identity_id);

-- What an identity provider was asked: in one browser, answered once, and soon. id is the hash of the opaque state.
CREATE TABLE sso_requests (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  bound TEXT NOT NULL,
  detail TEXT NOT NULL,
  expires_us BIGINT NOT NULL
);
CREATE INDEX sso_requests_by_end ON sso_requests (expires_us);

-- What was accepted once and is not accepted again: hashes of assertions' ids.
CREATE TABLE sso_seen (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  until_us BIGINT NOT NULL
);
CREATE INDEX sso_seen_by_end ON sso_seen (until_us);

-- Arrivals that were refused lately, for the administrator: which check failed, never who it was about.
CREATE TABLE sso_failures (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  at_us BIGINT NOT NULL,
  reason TEXT NOT NULL,
  checks TEXT NOT NULL
);
CREATE INDEX sso_failures_by_connection ON sso_failures (org_id, connection_id, at_us);

-- Our own keys towards an identity provider. Two stand at once while one takes the other's place.
CREATE TABLE sso_keys (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  key_sealed BYTEA NOT NULL,
  certificate BYTEA NOT NULL,
  created_us BIGINT NOT NULL,
  retired_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE INDEX sso_keys_by_connection ON sso_keys (org_id, connection_id);

-- What an identity provider last said of itself under its metadata's address; the id is the connection's.
CREATE TABLE sso_metadata (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  address TEXT NOT NULL,
  document BYTEA NOT NULL,
  fetched_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
