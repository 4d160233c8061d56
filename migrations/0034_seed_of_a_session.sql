-- The session in which the seed of an app was made: no other one sees it, and no other one confirms it.
ALTER TABLE totp_factors ADD COLUMN session_id TEXT;
