//! The schema as it stands, from each engine's own catalogue.

use super::{Parts, plain};
use crate::platform::store::error::StoreError;
use crate::platform::store::value::Row;

/// Every object that the files name. What SQLite keeps for itself is known by name and cannot hold a trigger's text.
pub(super) fn sqlite(
    mut query: impl FnMut(&str) -> Result<Vec<Row>, StoreError>,
    schemas: [&str; 2],
) -> Result<Parts, StoreError> {
    let mut parts = Parts::new();
    for schema in schemas {
        let text = format!(
            "SELECT type || ' ' || name || ' on ' || tbl_name, COALESCE(sql, '') FROM {schema}.sqlite_schema \
             WHERE NOT (type = 'table' AND name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'))"
        );
        for mut row in query(&text)? {
            let (name, sql): (String, String) = (row.take()?, row.take()?);
            parts.insert(name, sql.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    Ok(parts)
}

/// Tables and what else can be read or written as one, with the owner of all and the flags of row-level security. The
/// sequences behind identity columns belong to those.
const RELATIONS: &str = "SELECT 'table ' || c.relname, c.relkind::text \
     || CASE WHEN c.relrowsecurity THEN ' secured' ELSE ' open' END \
     || CASE WHEN c.relforcerowsecurity THEN ' forced' ELSE ' unforced' END \
     || CASE WHEN c.relowner = (SELECT m.relowner FROM pg_class m WHERE m.oid = 'public.schema_migrations'::regclass) \
        AND pg_get_userbyid(c.relowner) <> 'countersign_server' THEN ' owned' ELSE ' of another owner' END \
     FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) AND c.relkind IN ('r', 'v', 'm', 'f', 'p', 'S') \
     AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass \
        AND d.deptype = 'i' AND c.relkind = 'S')";
const COLUMNS: &str = "SELECT 'column ' || c.relname || '.' || a.attname, format_type(a.atttypid, a.atttypmod) \
     || COALESCE(' ' || (SELECT l.collname FROM pg_collation l WHERE l.oid = a.attcollation), '') \
     || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END \
     || CASE WHEN a.attidentity <> '' THEN ' identity' ELSE '' END \
     || CASE WHEN a.attgenerated <> '' THEN ' generated' WHEN a.atthasdef THEN ' with a default' ELSE '' END \
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid \
     WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped";
const INDEXES: &str = "SELECT 'index ' || c.relname, pg_get_indexdef(i.indexrelid) \
     || CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' not valid' END \
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) \
     AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))";
const CONSTRAINTS: &str = "SELECT CASE k.contype WHEN 'c' THEN 'check of ' WHEN 'f' THEN 'reference of ' ELSE 'key of ' END \
     || c.relname || ': ' || pg_get_constraintdef(k.oid), '' \
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
     WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) AND k.contype IN ('c', 'f', 'p', 'u', 'x')";
/// The engine's own triggers behind foreign keys call its own functions; one that calls another is none of those, whatever
/// its row says.
const TRIGGERS: &str = "SELECT 'trigger ' || t.tgname || ' on ' || c.relname, t.tgtype::text || ' ' || n.nspname || '.' || p.proname \
     || CASE t.tgenabled WHEN 'O' THEN '' ELSE ' disabled' END \
     || CASE WHEN t.tgattr::text = '' THEN '' ELSE ' of some columns' END \
     || COALESCE(substring(pg_get_triggerdef(t.oid) from ' WHEN .*(?= EXECUTE )'), '') \
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid \
     JOIN pg_namespace n ON n.oid = p.pronamespace WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) \
     AND NOT (t.tgisinternal AND n.nspname = 'pg_catalog' AND p.proname LIKE 'RI\\_FKey\\_%')";
/// A foreign key whose own triggers are disabled is checked no more.
const DISABLED: &str = "SELECT 'reference triggers on ' || c.relname, 'disabled' \
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid \
     WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) AND t.tgisinternal AND t.tgenabled <> 'O' GROUP BY c.relname";
const RULES: &str = "SELECT 'rule ' || r.rulename || ' on ' || c.relname, pg_get_ruledef(r.oid) \
     FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace)";
const FUNCTIONS: &str = "SELECT 'function ' || n.nspname || '.' || p.proname, l.lanname \
     || CASE WHEN p.prosecdef THEN ' as its owner' ELSE '' END \
     || CASE WHEN p.proconfig IS NULL THEN '' ELSE ' with settings' END || ' ' || p.prosrc \
     FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang \
     WHERE EXISTS (SELECT 1 FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE t.tgfoid = p.oid \
        AND c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) AND NOT (n.nspname = 'pg_catalog' AND p.proname LIKE 'RI\\_FKey\\_%'))";
const POLICIES: &str = "SELECT 'policy ' || p.polname || ' on ' || c.relname, p.polcmd::text \
     || CASE WHEN p.polpermissive THEN '' ELSE ' restrictive' END \
     || CASE WHEN p.polroles = '{0}'::oid[] THEN '' ELSE ' for some' END \
     || COALESCE(' using ' || pg_get_expr(p.polqual, p.polrelid), '') \
     || COALESCE(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '') \
     FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace)";
const GRANTS: &str = "SELECT 'grant on ' || c.relname || ' to ' || CASE WHEN x.grantee = 0 THEN 'everybody' ELSE pg_get_userbyid(x.grantee) END, \
     string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN ' to pass on' ELSE '' END, ', ' ORDER BY x.privilege_type) \
     FROM pg_class c, aclexplode(COALESCE(c.relacl, acldefault('r', c.relowner))) x \
     WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) AND c.relkind IN ('r', 'v', 'm', 'f', 'p') AND x.grantee <> c.relowner \
     GROUP BY c.relname, x.grantee";
const COLUMN_GRANTS: &str = "SELECT 'grant on ' || c.relname || '.' || a.attname || ' to ' \
     || CASE WHEN x.grantee = 0 THEN 'everybody' ELSE pg_get_userbyid(x.grantee) END, string_agg(x.privilege_type, ', ' ORDER BY x.privilege_type) \
     FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) x \
     WHERE c.relnamespace IN ('public'::regnamespace, 'countersign_keys'::regnamespace) GROUP BY c.relname, a.attname, x.grantee";
/// What the server works as, and which other roles it may become.
const ROLE: &str = "SELECT 'role ' || r.rolname, \
     CASE WHEN r.rolsuper OR r.rolbypassrls THEN 'not bound by policies' ELSE 'bound' END \
     || CASE WHEN r.rolcreaterole OR r.rolcreatedb OR r.rolreplication THEN ' with powers' ELSE '' END \
     || CASE WHEN EXISTS (SELECT 1 FROM pg_auth_members m WHERE m.member = r.oid) THEN ' and member of others' ELSE '' END \
     FROM pg_roles r WHERE r.rolname = 'countersign_server'";

pub(super) fn postgres(
    mut query: impl FnMut(&str) -> Result<Vec<Row>, StoreError>,
) -> Result<Parts, StoreError> {
    let mut parts = Parts::new();
    for text in [
        RELATIONS,
        COLUMNS,
        INDEXES,
        CONSTRAINTS,
        TRIGGERS,
        DISABLED,
        RULES,
        FUNCTIONS,
        POLICIES,
        GRANTS,
        COLUMN_GRANTS,
        ROLE,
    ] {
        for mut row in query(text)? {
            let (name, what): (String, String) = (row.take()?, row.take()?);
            // Of a constraint the name is all.
            parts.insert(plain(&name), plain(&what));
        }
    }
    Ok(parts)
}
