-- When an identity provider ends its session; none where it does not say. Ours lives no longer, whatever stage it reaches.
ALTER TABLE sessions ADD COLUMN not_after_us BIGINT;

-- Since when an organisation has a security policy, or a rule on who signs in without an identity provider: from then on a row of it
-- that is missing is an error, and not the standard.
ALTER TABLE organisations ADD COLUMN policy_since_us BIGINT;
ALTER TABLE organisations ADD COLUMN rule_since_us BIGINT;
