-- How often somebody asked within an hour (hours since 1970) whether a tax number is known: what bounds guessing at numbers.
CREATE TABLE tax_id_questions (
  org_id TEXT NOT NULL,
  human_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  hour BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  PRIMARY KEY (org_id, human_id, kind)
);
