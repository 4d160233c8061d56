-- That somebody opened a document, once an hour (hours since 1970) and credential: the bound of what the journal is told of it.
CREATE TABLE document_openings (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  credential TEXT NOT NULL,
  hour BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, document_id) REFERENCES documents (org_id, id),
  FOREIGN KEY (org_id, person_id) REFERENCES people (org_id, id)
);
CREATE UNIQUE INDEX document_openings_once ON document_openings (org_id, document_id, person_id, credential, hour);
