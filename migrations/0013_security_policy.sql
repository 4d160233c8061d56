-- What an organisation asks of everybody who signs in: words that src/identity/policy reads. No row: what the program asks by
-- itself. passkeys_only_us and pci_us say since when; sessions and passwords from before do not count as kept under it.
CREATE TABLE security_policies (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  terms TEXT NOT NULL,
  passkeys_only_us BIGINT,
  pci_us BIGINT,
  set_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);
CREATE UNIQUE INDEX security_policies_once ON security_policies (org_id);

-- What one administrator proposes and a second one confirms. base_version: the policy that the change was made from; 0, none.
CREATE TABLE policy_requests (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  terms TEXT NOT NULL,
  base_version BIGINT NOT NULL,
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
CREATE INDEX policy_requests_by_state ON policy_requests (org_id, state);

-- Hashes of passwords that were replaced, kept under the PCI profile alone so that none of the last four comes back. What is
-- older is emptied.
CREATE TABLE former_passwords (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  phc TEXT NOT NULL,
  replaced_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX former_passwords_by_person ON former_passwords (org_id, person_id);
