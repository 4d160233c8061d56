-- When an identity provider ends its session; none where it does not say. Ours lives no longer, whatever stage it reaches.
ALTER TABLE sessions ADD COLUMN not_after_us BIGINT;
