-- Counted attempts that every limit has forgotten are deleted by the hour.
CREATE INDEX throttles_by_time ON throttles (last_us);
