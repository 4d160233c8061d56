-- Wrapped keys stand in the key store, which has them by now.
DROP TABLE GENERAL.subject_keys;
DROP TABLE GENERAL.data_keys;
