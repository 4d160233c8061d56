-- Passkeys (WebAuthn): the public key of a credential that stays in its person's device. sign_count: the authenticator's own
-- counter, which only moves forward; zero where it has none.
CREATE TABLE passkeys (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  credential_id BYTEA NOT NULL,
  public_key BYTEA NOT NULL,
  sign_count BIGINT NOT NULL,
  name TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  used_us BIGINT,
  removed_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX passkeys_credential_once ON passkeys (credential_id);
CREATE INDEX passkeys_by_person ON passkeys (org_id, person_id);

-- What an authenticator was asked to sign: for one purpose, in one browser, once, and soon. id is the challenge's SHA-256.
CREATE TABLE passkey_challenges (
  id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  bound TEXT NOT NULL,
  expires_us BIGINT NOT NULL
);
CREATE INDEX passkey_challenges_by_end ON passkey_challenges (expires_us);
