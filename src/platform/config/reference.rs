//! The sample file and the table of the handbook, made from the list of keys.

use std::fmt::Write as _;

use super::key::{Key, Kind, Standard};
use super::keys::KEYS;

/// A configuration file that says nothing: every key in a comment, with its meaning and its default.
#[must_use]
pub fn sample() -> String {
    let mut out = String::from(
        "# Countersign's configuration. Every key is optional; what stands here in comments are the defaults.\n\
         # A variable COUNTERSIGN_SECTION_KEY overrides a key of this file. Relative paths are below this file's folder.\n\
         # Passwords stand in files of their own, never here.\n",
    );
    let mut section = "";
    for key in KEYS {
        let (of, name) = key.parts();
        if of != section {
            section = of;
            let _ = write!(out, "\n[{section}]\n");
        }
        let _ = writeln!(out, "\n# {}", key.what);
        let _ = match key.standard {
            Standard::Value(value) => writeln!(out, "# {name} = {}", literal(key, value)),
            Standard::InData(path) => writeln!(out, "# {name} = \"DATA/{path}\""),
            Standard::None(means) => {
                writeln!(out, "# Default: {means}.\n# {name} = {}", example(key))
            }
        };
    }
    out
}

fn literal(key: &Key, value: &str) -> String {
    match key.kind {
        Kind::Whole { .. } => value.to_owned(),
        _ => format!("{value:?}"),
    }
}

/// A value that the key accepts, for keys without a default.
fn example(key: &Key) -> String {
    match key.kind {
        Kind::Whole { .. } => "587".to_owned(),
        Kind::Prefixes => "\"10.0.0.0/8, 2001:db8:7::/48\"".to_owned(),
        Kind::PublicUrl => "\"https://ap.example.com\"".to_owned(),
        Kind::DatabaseUrl("database.owner_password_file") => {
            "\"postgresql://owner@db.example.com:5432/countersign\"".to_owned()
        }
        Kind::DatabaseUrl(_) => {
            "\"postgresql://countersign@db.example.com:5432/countersign\"".to_owned()
        }
        Kind::Bucket => "\"s3://countersign-documents/production\"".to_owned(),
        Kind::Host => "\"mail.example.com\"".to_owned(),
        Kind::Path if key.name == "keys.backup_folder" => {
            "\"/var/backups/countersign-keys\"".to_owned()
        }
        Kind::Path if key.name == "journal.heads_folder" => "\"/srv/elsewhere/heads\"".to_owned(),
        Kind::Path | Kind::Root => format!("\"/etc/countersign/{}\"", key.name.replace('.', "-")),
        Kind::Text if key.name == "journal.witness_url" => {
            "\"https://witness.example.com\"".to_owned()
        }
        Kind::Text if key.name == "journal.witness_key" => {
            // The public key of RFC 8032's first test.
            "\"witness.example.com/w+8dd8a6d6+BNdamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea\""
                .to_owned()
        }
        Kind::Listen | Kind::Address | Kind::Text | Kind::Choice(_) => "\"countersign\"".to_owned(),
    }
}

/// The handbook's table, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut out =
        String::from("| Key | Variable | Accepted | Default | Meaning |\n|---|---|---|---|---|\n");
    for key in KEYS {
        let accepted = key.kind.accepted();
        let accepted = accepted.strip_prefix("give ").unwrap_or(&accepted);
        let standard = match key.standard {
            Standard::Value(value) => format!("`{value}`"),
            Standard::InData(path) => format!("`DATA/{path}`"),
            Standard::None(means) => means.to_owned(),
        };
        let credential = key.credential.map_or_else(String::new, |name| {
            format!(" systemd credential: `{name}`.")
        });
        let _ = writeln!(
            out,
            "| `{}` | `{}` | {accepted} | {standard} | {}{credential} |",
            key.name,
            key.variable(),
            key.what
        );
    }
    out
}
