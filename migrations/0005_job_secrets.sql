-- What a job needs and nobody may read, such as a link's token. It goes with the job.
ALTER TABLE jobs ADD COLUMN secret_sealed BYTEA;
