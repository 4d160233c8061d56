-- When a role last lost a permission: what a token of a holder's was about to write by it is judged anew.
ALTER TABLE custom_roles ADD COLUMN narrowed_us BIGINT;
