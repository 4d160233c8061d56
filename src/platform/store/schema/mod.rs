//! The schema as it stands against the schema that this program makes: whoever owns the database can plant a trigger that
//! alters what is written while it is written, drop one that refuses, or change a policy. All of that is found and named.
//!
//! What is expected comes from the program alone: its migrations, applied to an empty database in memory, and its table
//! catalogue. Nothing of it is read from the database that is looked at, so nobody who holds that one can bend it.

mod expected;
mod found;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use countersign_translog::Hash;
use serde::Serialize;

use super::error::StoreError;
use super::sqlite::GENERAL;
use super::{Engine, Store};

/// Each part of a schema by its name (`trigger bills_no_delete on bills`), with what it is.
type Parts = BTreeMap<String, String>;

/// What a comparison of schemas says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Comparison {
    /// SHA-256 of the schema that this program makes on this engine, hexadecimal.
    pub expected: String,
    /// The same of the schema as it stands.
    pub found: String,
    /// Each difference by name; none where the two are one.
    pub wrong: Vec<String>,
}

/// Compares the schema as it stands with the one that this program makes.
///
/// # Errors
/// Where the database does not answer.
pub async fn compare(store: &Store) -> Result<Comparison, StoreError> {
    compare_but(store, &[]).await
}

/// A comparison that leaves out kinds of parts, by the first word of their names. It proves nothing of them: this is for
/// showing what each kind is good for.
pub async fn compare_but(
    store: &Store,
    left_out: &'static [&'static str],
) -> Result<Comparison, StoreError> {
    let is_embedded = matches!(store.engine, Engine::Embedded(_));
    let expected = expected::parts(is_embedded)?;
    let found = store
        .lookup(move |lookup| {
            if is_embedded {
                found::sqlite(|text| lookup.conn.query(text, &[]), ["main", GENERAL])
            } else {
                found::postgres(|text| lookup.conn.query(text, &[]))
            }
        })
        .await?;
    let kept = |parts: Parts| -> Parts {
        let is_kept = |name: &str| {
            !left_out
                .iter()
                .any(|kind| name.split(' ').next() == Some(kind))
        };
        parts
            .into_iter()
            .filter(|(name, _)| is_kept(name))
            .collect()
    };
    Ok(difference(&kept(expected), &kept(found)))
}

fn difference(expected: &Parts, found: &Parts) -> Comparison {
    let mut wrong = Vec::new();
    for (name, what) in expected {
        match found.get(name) {
            None => wrong.push(format!("{name} is missing")),
            Some(other) if other != what => {
                wrong.push(format!("{name} is `{other}`, and should be `{what}`"));
            }
            Some(_) => {}
        }
    }
    for (name, what) in found {
        if !expected.contains_key(name) {
            wrong.push(format!("{name} is not of this program: `{what}`"));
        }
    }
    Comparison {
        expected: hash(expected),
        found: hash(found),
        wrong,
    }
}

fn hash(parts: &Parts) -> String {
    let mut text = String::new();
    for (name, what) in parts {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{}:{name}\n{}:{what}", name.len(), what.len());
    }
    Hash::of(text.as_bytes()).to_string()
}

/// One text for what the engines write in different ways: their casts, quotes, parentheses and white space say nothing here.
fn plain(sql: &str) -> String {
    let sql = sql
        .replace("::text", "")
        .replace(" USING btree", "")
        .replace("public.", "")
        .replace("countersign_keys.", "")
        .replace('"', "");
    let mut out = String::with_capacity(sql.len());
    for piece in sql.split(|c: char| c.is_whitespace() || c == '(' || c == ')') {
        if !piece.is_empty() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(piece);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_is_named() {
        let parts = |list: &[(&str, &str)]| -> Parts {
            list.iter()
                .map(|(name, what)| ((*name).to_owned(), (*what).to_owned()))
                .collect()
        };
        let ours = parts(&[("table a", "x"), ("trigger t on a", "y")]);
        let same = difference(&ours, &ours);
        assert!(same.wrong.is_empty() && same.expected == same.found);
        let theirs = parts(&[("table a", "z"), ("trigger u on a", "y")]);
        let other = difference(&ours, &theirs);
        assert_ne!(other.expected, other.found);
        assert_eq!(
            other.wrong,
            [
                "table a is `z`, and should be `x`",
                "trigger t on a is missing",
                "trigger u on a is not of this program: `y`",
            ]
        );
    }

    #[test]
    fn the_engines_spellings_are_one() {
        assert_eq!(
            plain(
                "CREATE UNIQUE INDEX a ON public.t USING btree (x, \"y\") WHERE (s = 'active'::text)"
            ),
            plain("CREATE UNIQUE INDEX a ON t (x, y)\n  WHERE s = 'active'")
        );
    }
}
