-- Names by which a vendor is also known, one a line: trading names, and those of before.
ALTER TABLE vendors ADD COLUMN other_names TEXT;

-- What a document says of its seller: compared with the vendor that was found, so that nobody pays a namesake unseen.
CREATE TABLE bill_sellers (
  id TEXT NOT NULL CHECK (id <> ''),
  org_id TEXT NOT NULL,
  bill_id TEXT NOT NULL,
  name TEXT NOT NULL,
  trading_name TEXT NOT NULL,
  country TEXT NOT NULL,
  vat_id_masked TEXT,
  vat_id_index BYTEA,
  legal_id_masked TEXT,
  legal_id_index BYTEA,
  claimed_us BIGINT NOT NULL,
  PRIMARY KEY (org_id, id),
  FOREIGN KEY (org_id, bill_id) REFERENCES bills (org_id, id)
);
CREATE UNIQUE INDEX bill_sellers_once ON bill_sellers (org_id, bill_id);
