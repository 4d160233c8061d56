-- What a session's person may do when its token was given, as a digest: where she may do something else since, she gets another
-- token. The one before counts for a moment longer, for requests that are under way.
ALTER TABLE sessions ADD COLUMN rights_mark BYTEA;
ALTER TABLE sessions ADD COLUMN former_hash BYTEA;
ALTER TABLE sessions ADD COLUMN former_until_us BIGINT;
CREATE UNIQUE INDEX sessions_former_once ON sessions (former_hash);
