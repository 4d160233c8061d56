-- kind: 'service' for an account that programs use; none for a person's. A service account has no human of its own: its human_id is
-- that of the administrator who answers for it.
ALTER TABLE people ADD COLUMN kind TEXT;

-- The end of the token as it was shown, by which people tell tokens apart, and who made it where that is not its holder.
ALTER TABLE api_tokens ADD COLUMN last_four TEXT;
ALTER TABLE api_tokens ADD COLUMN made_by_id TEXT;

CREATE TABLE token_activity (
  token_id TEXT NOT NULL PRIMARY KEY,
  org_id TEXT NOT NULL,
  last_used_us BIGINT NOT NULL
);
