//! Where the engines' languages differ: the types of the DDL, policies, triggers and grants. Statements of the fields differ nowhere.

use std::fmt::Write as _;

use super::catalogue::{Nature, TABLES, Table, renewed};

/// The role that the server works as on PostgreSQL: not the owner, no BYPASSRLS, no UPDATE or DELETE of the journal.
pub const SERVER_ROLE: &str = "countersign_server";

/// The key store's schema: general backups leave it out.
pub const KEY_SCHEMA: &str = "countersign_keys";

/// The key store as it is made, and as it is made again where it was lost.
const KEY_STORE: &str = include_str!("../../../migrations/key_store.sql");

/// The tables of keys that stood in the database before there was a key store, and their columns.
const ONCE_IN_DATABASE: [(&str, &str); 2] = [
    (
        "data_keys",
        "id, org_id, hierarchy, purpose, subject_id, version, wrapped, created_us",
    ),
    (
        "subject_keys",
        "id, org_id, subject_id, version, wrapped, created_us",
    ),
];

#[must_use]
pub fn key_store_for_sqlite() -> String {
    ddl_for_sqlite(KEY_STORE)
}

#[must_use]
pub fn key_store_for_postgres() -> String {
    ddl_for_postgres(KEY_STORE)
}

/// Copies the keys that stood in the database (`general`) into the key store; those that are there already stay.
#[must_use]
pub fn take_keys_over(general: &str) -> String {
    let mut sql = String::new();
    for (table, columns) in ONCE_IN_DATABASE {
        let _ = writeln!(
            sql,
            "INSERT INTO {KEY_SCHEMA}.{table} ({columns}) SELECT {columns} FROM {general}.{table} WHERE version > 0 \
             ON CONFLICT DO NOTHING;"
        );
    }
    sql
}

/// The migrations are written with `TEXT`, `BIGINT`, `BYTEA` and `ORDINAL` (a number the engine draws), and `GENERAL` for the schema that is not the key store's; SQLite gets STRICT tables, so that a type is a promise there too.
#[must_use]
pub fn ddl_for_sqlite(portable: &str) -> String {
    replace_words(
        portable,
        &[
            ("BIGINT", "INTEGER"),
            ("BYTEA", "BLOB"),
            ("ORDINAL", "INTEGER PRIMARY KEY AUTOINCREMENT"),
            ("GENERAL", "main"),
        ],
    )
    .replace("\n);", "\n) STRICT;")
}

/// Text sorts by bytes on both engines.
#[must_use]
pub fn ddl_for_postgres(portable: &str) -> String {
    replace_words(
        portable,
        &[
            ("TEXT", "TEXT COLLATE \"C\""),
            ("ORDINAL", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"),
            ("GENERAL", "public"),
        ],
    )
}

fn replace_words(text: &str, words: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 256);
    for piece in text.split_inclusive(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        let word = piece.trim_end_matches(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        match words.iter().find(|(from, _)| *from == word) {
            Some((_, to)) => {
                out.push_str(to);
                out.push_str(&piece[word.len()..]);
            }
            None => out.push_str(piece),
        }
    }
    out
}

/// Append-only tables refuse UPDATE and DELETE, but for an UPDATE of what a rotation renews; business tables refuse DELETE.
/// `columns` gives those of a table: this engine takes the names of what may not change.
pub fn guards_for_sqlite<E>(
    mut columns: impl FnMut(&str) -> Result<Vec<String>, E>,
) -> Result<String, E> {
    let mut sql = String::new();
    for table in TABLES {
        let renewed = renewed(table);
        for verb in refused_verbs(table) {
            let mut of = String::new();
            if *verb == "UPDATE" && !renewed.is_empty() {
                let mut kept = columns(table.name)?;
                kept.retain(|column| !renewed.contains(&column.as_str()));
                of = format!(" OF {}", kept.join(", "));
            }
            let _ = writeln!(
                sql,
                "DROP TRIGGER IF EXISTS {name}_no_{lower};\nCREATE TRIGGER {schema}{name}_no_{lower} BEFORE {verb}{of} ON {name} BEGIN \
                 SELECT RAISE(ABORT, '{name} refuses {verb}'); END;",
                name = table.name,
                schema = if table.in_key_store {
                    "countersign_keys."
                } else {
                    ""
                },
                lower = verb.to_lowercase(),
            );
        }
    }
    Ok(sql)
}

/// What keeps rows as they are is lifted while migrations run, which may move them, and is put back in the same transaction.
#[must_use]
pub fn lifted_for_sqlite() -> String {
    let mut sql = String::new();
    for table in TABLES {
        for verb in ["update", "delete"] {
            let _ = writeln!(sql, "DROP TRIGGER IF EXISTS {}_no_{verb};", table.name);
        }
    }
    sql
}

/// The same, and the owner's own row-level security: forced, it would show her no row, and what a migration moves would be lost.
#[must_use]
pub fn lifted_for_postgres() -> String {
    let mut sql = String::new();
    for Table { name, .. } in TABLES {
        let _ = writeln!(
            sql,
            "ALTER TABLE IF EXISTS {name} NO FORCE ROW LEVEL SECURITY;"
        );
        for verb in ["update", "delete"] {
            let _ = writeln!(sql, "DROP TRIGGER IF EXISTS {name}_no_{verb} ON {name};");
        }
    }
    sql
}

pub(super) fn refused_verbs(table: &Table) -> &'static [&'static str] {
    match table.nature {
        Nature::Business => &["DELETE"],
        Nature::Append | Nature::Ledger => &["UPDATE", "DELETE"],
        Nature::Journal if table.name == "journal_openings" => &["UPDATE"],
        Nature::Journal => &["UPDATE", "DELETE"],
        Nature::Leaves => &["UPDATE", "DELETE"],
        Nature::Housekeeping | Nature::Keys => &[],
    }
}

/// What the function behind the refusing triggers does on PostgreSQL.
pub(super) const REFUSE_BODY: &str =
    "BEGIN RAISE EXCEPTION '% refuses %', TG_TABLE_NAME, TG_OP; END";

/// A policy of row-level security.
pub(super) struct Policy {
    name: &'static str,
    verbs: &'static str,
    using: Option<&'static str>,
    check: Option<&'static str>,
}

impl Policy {
    /// Its name in a description of the schema.
    pub(super) fn name_on(&self, table: &str) -> String {
        format!("policy {} on {table}", self.name)
    }

    /// What it is, as PostgreSQL's own catalogue has it.
    pub(super) fn described(&self) -> String {
        let command = match self.verbs {
            "ALL" => "*",
            "SELECT" => "r",
            _ => "a",
        };
        let using = self.using.map(|text| format!(" using {text}"));
        let check = self.check.map(|text| format!(" check {text}"));
        [Some(command.to_owned()), using, check]
            .into_iter()
            .flatten()
            .collect()
    }

    fn write(&self, table: &str, sql: &mut String) {
        let Self { name, verbs, .. } = self;
        let using = self.using.map(|text| format!(" USING ({text})"));
        let check = self.check.map(|text| format!(" WITH CHECK ({text})"));
        let _ = writeln!(
            sql,
            "DROP POLICY IF EXISTS {name} ON {table};\nCREATE POLICY {name} ON {table} FOR {verbs}{}{};",
            using.unwrap_or_default(),
            check.unwrap_or_default()
        );
    }
}

const TENANT: &str = "org_id = current_setting('countersign.organisation', true)";
const LOOKUP: &str = "current_setting('countersign.lookup', true) = 'on'";

/// The policies of a table of the catalogue.
pub(super) fn policies_of(table: &Table) -> Vec<Policy> {
    let mut policies = vec![Policy {
        name: "tenant",
        verbs: "ALL",
        using: Some(TENANT),
        check: Some(TENANT),
    }];
    if table.lookup {
        policies.push(Policy {
            name: "lookup",
            verbs: if table.claims { "ALL" } else { "SELECT" },
            using: Some(LOOKUP),
            check: table.claims.then_some(LOOKUP),
        });
    }
    policies
}

/// Those of the migrations' own table. The owner, who is forced too, records what she applied; the server's role has no
/// grant for it.
pub(super) fn migrations_policies() -> [Policy; 2] {
    [
        Policy {
            name: "version",
            verbs: "SELECT",
            using: Some("true"),
            check: None,
        },
        Policy {
            name: "migrator",
            verbs: "INSERT",
            using: None,
            check: Some("true"),
        },
    ]
}

/// What the server's role may do with a table.
pub(super) fn grants_of(table: &Table) -> &'static str {
    match table.nature {
        Nature::Business => "SELECT, INSERT, UPDATE",
        Nature::Journal if table.name == "journal_openings" => "SELECT, INSERT, DELETE",
        Nature::Append | Nature::Ledger | Nature::Journal | Nature::Leaves => "SELECT, INSERT",
        Nature::Housekeeping | Nature::Keys => "SELECT, INSERT, UPDATE, DELETE",
    }
}

/// The columns whose change a trigger lets through, as PostgreSQL takes them away from a row.
pub(super) fn but(renewed: &[&str]) -> String {
    format!("- '{{{}}}'::text[]", renewed.join(","))
}

/// Forced row-level security, append-only triggers and the server role's grants, for every table of the catalogue.
#[must_use]
pub fn guards_for_postgres() -> String {
    let mut sql = format!(
        "DO $do$ BEGIN\n\
           IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{SERVER_ROLE}') THEN\n\
             CREATE ROLE {SERVER_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;\n\
           END IF;\n\
         EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $do$;\n\
         CREATE OR REPLACE FUNCTION countersign_refuse() RETURNS trigger LANGUAGE plpgsql AS $fn$ {REFUSE_BODY} $fn$;\n\
         -- The login that migrates is the one that may become the role; it need not be a superuser.\n\
         GRANT {SERVER_ROLE} TO CURRENT_USER;\n\
         GRANT USAGE ON SCHEMA public, {KEY_SCHEMA} TO {SERVER_ROLE};\n\
         ALTER TABLE schema_migrations ENABLE ROW LEVEL SECURITY;\n\
         ALTER TABLE schema_migrations FORCE ROW LEVEL SECURITY;\n\
         REVOKE ALL ON schema_migrations FROM {SERVER_ROLE};\n\
         GRANT SELECT ON schema_migrations TO {SERVER_ROLE};\n"
    );
    for policy in migrations_policies() {
        policy.write("schema_migrations", &mut sql);
    }
    for table in TABLES {
        guards_of(table, &mut sql);
    }
    sql
}

fn guards_of(table: &Table, sql: &mut String) {
    let name = table.name;
    let _ = writeln!(
        sql,
        "ALTER TABLE {name} ENABLE ROW LEVEL SECURITY;\nALTER TABLE {name} FORCE ROW LEVEL SECURITY;"
    );
    for policy in policies_of(table) {
        policy.write(name, sql);
    }
    let renewed = renewed(table);
    for verb in refused_verbs(table) {
        let lower = verb.to_lowercase();
        let mut when = String::new();
        if *verb == "UPDATE" && !renewed.is_empty() {
            let but = but(&renewed);
            when = format!(" WHEN (to_jsonb(OLD) {but} IS DISTINCT FROM to_jsonb(NEW) {but})");
        }
        let _ = writeln!(
            sql,
            "CREATE OR REPLACE TRIGGER {name}_no_{lower} BEFORE {verb} ON {name} FOR EACH ROW{when} EXECUTE FUNCTION countersign_refuse();"
        );
    }
    let grants = grants_of(table);
    let _ = writeln!(
        sql,
        "REVOKE ALL ON {name} FROM {SERVER_ROLE};\nGRANT {grants} ON {name} TO {SERVER_ROLE};"
    );
    if !renewed.is_empty() {
        let columns = renewed.join(", ");
        let _ = writeln!(sql, "GRANT UPDATE ({columns}) ON {name} TO {SERVER_ROLE};");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_become_the_engines_own_and_names_stay() {
        let ddl = "CREATE TABLE t (\n  TEXTURE TEXT NOT NULL,\n  n BIGINT,\n  b BYTEA\n);";
        assert_eq!(
            ddl_for_sqlite(ddl),
            "CREATE TABLE t (\n  TEXTURE TEXT NOT NULL,\n  n INTEGER,\n  b BLOB\n) STRICT;"
        );
        assert!(ddl_for_postgres(ddl).contains("TEXTURE TEXT COLLATE \"C\" NOT NULL"));
    }

    #[test]
    fn every_table_has_a_forced_policy() {
        let sql = guards_for_postgres();
        for table in TABLES {
            assert!(sql.contains(&format!(
                "ALTER TABLE {} FORCE ROW LEVEL SECURITY",
                table.name
            )));
            assert!(sql.contains(&format!("CREATE POLICY tenant ON {}", table.name)));
        }
    }
}
