-- A key is a person's, whichever of her tokens sends it. Keys from before belong to tokens, and nobody would find them.
DELETE FROM idempotency_keys;
ALTER TABLE idempotency_keys RENAME COLUMN credential_id TO person_id;
-- For the purge of old ones.
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (org_id, at_us);
