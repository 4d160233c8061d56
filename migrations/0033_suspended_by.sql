-- Which directory suspended an account; none where a person or the operator did. What somebody else suspended no directory resumes.
ALTER TABLE people ADD COLUMN suspended_by_id TEXT;
