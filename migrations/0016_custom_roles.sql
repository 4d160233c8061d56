-- A role that an organisation has made: a named set of permissions, words separated by spaces. name_key: the name as it is compared
-- with others. administered_us: the last moment at which it let its holders administer people, where it did once.
CREATE TABLE custom_roles (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  permissions TEXT NOT NULL,
  made_us BIGINT NOT NULL,
  made_by_id TEXT NOT NULL,
  administered_us BIGINT,
  retired_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, made_by_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX custom_roles_name_once ON custom_roles (org_id, name_key);

-- Power that a role shall gain, for everybody who holds it: asked for by one administrator, in force once a second one has confirmed
-- it. One who was alone is asked of nobody: state 'alone'.
CREATE TABLE role_changes (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  role_id TEXT NOT NULL,
  gains TEXT NOT NULL,
  state TEXT NOT NULL,
  proposed_by_id TEXT NOT NULL,
  proposed_human_id TEXT NOT NULL,
  created_us BIGINT NOT NULL,
  expires_us BIGINT NOT NULL,
  decided_by_id TEXT,
  decided_us BIGINT,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, role_id) REFERENCES custom_roles (org_id, id),
  FOREIGN KEY (org_id, proposed_by_id) REFERENCES people (org_id, id)
);
CREATE INDEX role_changes_by_role ON role_changes (org_id, role_id);
CREATE INDEX role_changes_by_state ON role_changes (org_id, state);
