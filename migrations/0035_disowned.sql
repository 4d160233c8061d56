-- When a person said that somebody else had signed in as her: from then on her password lets nobody in until it is replaced.
ALTER TABLE passwords ADD COLUMN disowned_us BIGINT;
