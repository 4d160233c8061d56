-- What provisions people (SCIM 2.0): the directories of the organisation, and by what they show who they are.
CREATE TABLE directories (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id)
);

-- One is worth nothing before another human than the one who made it has confirmed it; state 'alone' where nobody else could.
CREATE TABLE directory_tokens (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  directory_id TEXT NOT NULL,
  token_hash BYTEA NOT NULL,
  state TEXT NOT NULL,
  proposed_by_id TEXT NOT NULL,
  proposed_human_id TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  confirm_until_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  decided_by_id TEXT,
  decided_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, directory_id) REFERENCES directories (org_id, id),
  FOREIGN KEY (org_id, proposed_by_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX directory_tokens_token_once ON directory_tokens (token_hash);
CREATE INDEX directory_tokens_by_directory ON directory_tokens (org_id, directory_id);

CREATE TABLE directory_token_activity (
  token_id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  last_used_us BIGINT NOT NULL
);

-- A user as the directory describes her. person_id: her account here, if she has one. user_name_key: what must not be there
-- twice; null once the user is deleted. suspended_us: when the directory itself suspended her account; what somebody else
-- suspended is not the directory's to resume.
CREATE TABLE directory_users (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  directory_id TEXT NOT NULL,
  person_id TEXT,
  user_name_key TEXT,
  external_id TEXT,
  attributes TEXT NOT NULL,
  inactive_us BIGINT,
  suspended_us BIGINT,
  created_us BIGINT NOT NULL,
  changed_us BIGINT NOT NULL,
  deleted_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, directory_id) REFERENCES directories (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX directory_users_name_once ON directory_users (org_id, directory_id, user_name_key);
CREATE INDEX directory_users_by_person ON directory_users (org_id, person_id);
CREATE INDEX directory_users_by_external_id ON directory_users (org_id, directory_id, external_id);

CREATE TABLE directory_groups (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  directory_id TEXT NOT NULL,
  display_name TEXT NOT NULL,
  external_id TEXT,
  created_us BIGINT NOT NULL,
  changed_us BIGINT NOT NULL,
  deleted_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, directory_id) REFERENCES directories (org_id, id)
);
CREATE INDEX directory_groups_by_directory ON directory_groups (org_id, directory_id);

CREATE TABLE directory_members (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  added_us BIGINT NOT NULL,
  removed_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, group_id) REFERENCES directory_groups (org_id, id),
  FOREIGN KEY (org_id, user_id) REFERENCES directory_users (org_id, id)
);
CREATE INDEX directory_members_by_group ON directory_members (org_id, group_id);
CREATE INDEX directory_members_by_user ON directory_members (org_id, user_id);

-- Which role a group gives, once two have said so. Whoever is in the group has it.
CREATE TABLE directory_mappings (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  group_id TEXT NOT NULL,
  role TEXT NOT NULL,
  state TEXT NOT NULL,
  proposed_by_id TEXT NOT NULL,
  proposed_human_id TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  confirm_until_us BIGINT NOT NULL,
  decided_by_id TEXT,
  decided_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, group_id) REFERENCES directory_groups (org_id, id),
  FOREIGN KEY (org_id, proposed_by_id) REFERENCES people (org_id, id)
);
CREATE INDEX directory_mappings_by_group ON directory_mappings (org_id, group_id);

-- A role that a mapping gave: what people gave by hand stays theirs to take.
CREATE TABLE directory_roles (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  role TEXT NOT NULL,
  given_us BIGINT NOT NULL,
  taken_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE INDEX directory_roles_by_person ON directory_roles (org_id, person_id);
