//! What somebody with the database does to a journal.

/// What somebody does with the database alone, and what the verifier says of it. ORG is the organisation under attack.
pub const ATTACKS: &[(&str, &str)] = &[
    (
        "UPDATE gl_accounts SET name = 'Bribes' WHERE org_id = 'ORG' AND code = '0003'",
        "was changed behind the journal",
    ),
    (
        "INSERT INTO gl_accounts (id, org_id, code, name, version) VALUES ('x', 'ORG', 'x', 'x', 1)",
        "was written without a journal entry",
    ),
    (
        "DELETE FROM gl_accounts WHERE org_id = 'ORG' AND code = '0002'",
        "is gone from the table",
    ),
    (
        "UPDATE journal_leaves SET seq = seq + 100 WHERE org_id = 'ORG' AND seq = 9",
        "entry 9 is missing",
    ),
    (
        "DELETE FROM journal_leaves WHERE org_id = 'ORG' AND seq = 9",
        "the head names 10 entries, the leaves are 9",
    ),
    (
        "UPDATE journal_leaves SET seq = -1 WHERE org_id = 'ORG' AND seq = 3; \
         UPDATE journal_leaves SET seq = 3 WHERE org_id = 'ORG' AND seq = 4; \
         UPDATE journal_leaves SET seq = 4 WHERE org_id = 'ORG' AND seq = -1",
        "the leaves do not give the head's root",
    ),
    (
        "DELETE FROM journal_leaves WHERE org_id = 'ORG' AND seq IN (3, 4, 5); \
         UPDATE journal_leaves SET seq = seq - 3 WHERE org_id = 'ORG' AND seq > 5; \
         UPDATE journal_heads SET size = 7 WHERE org_id = 'ORG'",
        "the leaves do not give the head's root",
    ),
    (
        "UPDATE journal_heads SET size = 9 WHERE org_id = 'ORG'",
        "the head names 9 entries",
    ),
    (
        "UPDATE journal_heads SET epoch = 2 WHERE org_id = 'ORG'",
        "the head was not written by this installation",
    ),
    (
        "UPDATE journal_heads SET frontier = (SELECT frontier FROM journal_heads WHERE size = 11 LIMIT 1) WHERE org_id = 'ORG'",
        "the hashes that the sequencer goes on from",
    ),
    (
        "DELETE FROM journal_openings WHERE entry_id = (SELECT entry_id FROM journal_leaves WHERE org_id = 'ORG' AND seq = 4)",
        "opening is missing",
    ),
    (
        "UPDATE journal_openings SET opening = '{\"values\":[],\"rows\":[]}' WHERE org_id = 'ORG'",
        "lacks what was committed to",
    ),
    (
        "UPDATE journal_openings SET opening = REPLACE(opening, '\"value\":\"', '\"value\":\"not ') WHERE org_id = 'ORG'",
        "values other than those committed to",
    ),
    (
        "UPDATE journal_entries SET actor_id = 'somebody-else' WHERE org_id = 'ORG'",
        "columns are not what its bytes say",
    ),
    (
        "UPDATE journal_entries SET request_id = 'another' WHERE org_id = 'ORG'",
        "columns are not what its bytes say",
    ),
    (
        "UPDATE journal_entries SET credential_kind = 'token' WHERE org_id = 'ORG'",
        "columns are not what its bytes say",
    ),
    (
        "UPDATE journal_entries SET canonical = (SELECT canonical FROM journal_entries WHERE org_id <> 'ORG' LIMIT 1) WHERE org_id = 'ORG'",
        "was not written by this installation",
    ),
    (
        "INSERT INTO journal_pending (entry_id, org_id) SELECT entry_id, org_id FROM journal_leaves WHERE org_id = 'ORG' AND seq = 3",
        "which has its number",
    ),
    (
        "INSERT INTO journal_entries (id, org_id, at_us, credential_kind, action, object_kind, object_id, object_version, request_id, canonical, mac) \
         SELECT 'forged', e.org_id, e.at_us, credential_kind, action, object_kind, object_id, object_version, request_id, canonical, root \
         FROM journal_entries e JOIN journal_heads h ON h.org_id = e.org_id WHERE e.org_id = 'ORG' LIMIT 1",
        "has no leaf and was taken from the sequencer's list",
    ),
    (
        "INSERT INTO journal_entries (id, org_id, at_us, credential_kind, action, object_kind, object_id, object_version, request_id, canonical, mac) \
         SELECT 'far', org_id, at_us, credential_kind, action, object_kind, object_id, object_version, request_id, canonical, mac FROM journal_entries WHERE org_id = 'ORG' LIMIT 1; \
         INSERT INTO journal_leaves (org_id, seq, entry_id, leaf) SELECT org_id, 9223372036854775807, 'far', leaf FROM journal_leaves WHERE org_id = 'ORG' AND seq = 1",
        "is missing",
    ),
    (
        "INSERT INTO journal_entries (id, org_id, at_us, credential_kind, action, object_kind, object_id, object_version, request_id, canonical, mac) \
         SELECT 'before', org_id, at_us, credential_kind, action, object_kind, object_id, object_version, request_id, canonical, mac FROM journal_entries WHERE org_id = 'ORG' LIMIT 1; \
         INSERT INTO journal_leaves (org_id, seq, entry_id, leaf) SELECT org_id, -1, 'before', leaf FROM journal_leaves WHERE org_id = 'ORG' AND seq = 1",
        "stands before the first",
    ),
    (
        "INSERT INTO journal_leaves (org_id, seq, entry_id, leaf) SELECT org_id, seq + 1, 'nothing', leaf FROM journal_leaves \
         WHERE org_id = 'ORG' ORDER BY seq DESC LIMIT 1",
        "a leaf stands behind",
    ),
];
