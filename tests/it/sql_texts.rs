//! Every SQL text of the program, found in its sources: each prepares on both engines, stays in its tenant, and touches only
//! the table that its kind names.

use std::collections::HashMap;
use std::path::Path;

use countersign::platform::store::{Nature, TABLES, Table, find_table};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit::Visit;

use super::support::root;
use super::support::stores::{Home, TestStore, embedded};

/// A text as its constructor declares it.
#[derive(Debug, Clone)]
pub struct Text {
    pub kind: String,
    pub table: Option<String>,
    pub sql: String,
    pub file: String,
}

/// A macro of one rule that puts literals together, such as a list of columns.
#[derive(Clone)]
struct Pattern {
    parameters: Vec<String>,
    body: TokenStream,
}

#[derive(Default)]
struct Finder {
    file: String,
    macros: HashMap<String, Pattern>,
    found: Vec<Text>,
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        let groups: Vec<TokenStream> = item
            .mac
            .tokens
            .clone()
            .into_iter()
            .filter_map(|token| match token {
                TokenTree::Group(group) => Some(group.stream()),
                _ => None,
            })
            .collect();
        if let (Some(name), [pattern, body]) = (&item.ident, groups.as_slice()) {
            let tokens: Vec<TokenTree> = pattern.clone().into_iter().collect();
            let parameters = tokens
                .windows(2)
                .filter_map(|pair| match pair {
                    [TokenTree::Punct(punct), TokenTree::Ident(name)] if punct.as_char() == '$' => {
                        Some(name.to_string())
                    }
                    _ => None,
                })
                .collect();
            self.macros.insert(
                name.to_string(),
                Pattern {
                    parameters,
                    body: body.clone(),
                },
            );
        }
    }

    fn visit_expr_call(&mut self, call: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = call.func.as_ref() {
            let names: Vec<String> = path
                .path
                .segments
                .iter()
                .map(|part| part.ident.to_string())
                .collect();
            if let [.., owner, kind] = names.as_slice()
                && owner == "Sql"
            {
                let mut texts: Vec<String> = call
                    .args
                    .iter()
                    .map(|argument| self.text(argument.to_token_stream(), &HashMap::new()))
                    .collect();
                let sql = texts.pop().expect("every constructor takes a text");
                self.found.push(Text {
                    kind: kind.clone(),
                    table: texts.pop(),
                    sql,
                    file: self.file.clone(),
                });
            }
        }
        syn::visit::visit_expr_call(self, call);
    }
}

impl Finder {
    /// The text that literals, `concat!` and macros of the same file give. Anything else fails the test: a text that
    /// is not known before the program runs cannot be checked.
    fn text(&self, tokens: TokenStream, bound: &HashMap<String, String>) -> String {
        let mut text = String::new();
        let mut tokens = tokens.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match token {
                TokenTree::Literal(literal) => {
                    let literal: syn::LitStr =
                        syn::parse_str(&literal.to_string()).expect("texts are made of text");
                    text.push_str(&literal.value());
                }
                TokenTree::Group(group) => text.push_str(&self.text(group.stream(), bound)),
                TokenTree::Punct(punct) if punct.as_char() == '$' => {
                    let name = tokens.next().expect("a parameter's name").to_string();
                    text.push_str(&bound[&name]);
                }
                TokenTree::Punct(_) => {}
                TokenTree::Ident(name) => {
                    let (Some(TokenTree::Punct(_)), Some(TokenTree::Group(arguments))) =
                        (tokens.next(), tokens.next())
                    else {
                        panic!("{}: {name} is no literal", self.file);
                    };
                    text.push_str(&self.expanded(&name.to_string(), arguments.stream(), bound));
                }
            }
        }
        text
    }

    fn expanded(
        &self,
        name: &str,
        arguments: TokenStream,
        bound: &HashMap<String, String>,
    ) -> String {
        if name == "concat" {
            return self.text(arguments, bound);
        }
        let Some(pattern) = self.macros.get(name) else {
            panic!("{}: {name}! is not defined in this file", self.file);
        };
        let mut parts = vec![TokenStream::new()];
        for token in arguments {
            match token {
                TokenTree::Punct(punct) if punct.as_char() == ',' => parts.push(TokenStream::new()),
                token => parts.last_mut().expect("one at least").extend([token]),
            }
        }
        let values = parts.into_iter().map(|part| self.text(part, bound));
        let inner = pattern.parameters.iter().cloned().zip(values).collect();
        self.text(pattern.body.clone(), &inner)
    }
}

fn collect(folder: &Path, into: &mut Vec<Text>) {
    for entry in std::fs::read_dir(folder)
        .expect("the sources are readable")
        .flatten()
    {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !path.ends_with("store/sql.rs")
        {
            let source = std::fs::read_to_string(&path).expect("the sources are readable");
            let file = syn::parse_file(&source).expect("the sources compile");
            let mut finder = Finder {
                file: path.display().to_string(),
                ..Finder::default()
            };
            finder.visit_file(&file);
            into.append(&mut finder.found);
        }
    }
}

pub fn all() -> Vec<Text> {
    let mut texts = Vec::new();
    collect(&root().join("src"), &mut texts);
    assert!(
        texts.len() > 20,
        "the finder finds the texts: {}",
        texts.len()
    );
    texts
}

fn words(sql: &str) -> Vec<String> {
    sql.split(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != '$')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The table that a changing text changes.
fn target(sql: &str) -> Option<String> {
    let words = words(sql);
    let at = match words.first()?.as_str() {
        "INSERT" | "DELETE" => 2,
        "UPDATE" => 1,
        _ => return None,
    };
    words.get(at).cloned()
}

/// What is wrong with one text.
fn complaints(text: &Text) -> Vec<String> {
    let mut wrong = Vec::new();
    let upper = text.sql.to_uppercase();
    let table: Option<&Table> = text.table.as_deref().and_then(find_table);
    let changes = ["change", "housekeeping", "claim"].contains(&text.kind.as_str());
    if changes {
        if target(&text.sql) != text.table {
            wrong.push(format!(
                "changes {:?}, but is declared for {:?}",
                target(&text.sql),
                text.table
            ));
        }
        let business = table.is_some_and(|table| !table.nature.is_housekeeping());
        if text.kind != "change" && business {
            wrong.push("housekeeping may not change a business table".to_owned());
        }
        if text.kind == "change" && !business {
            wrong.push("a housekeeping table is changed as if it were business".to_owned());
        }
        if text.kind == "change"
            && !upper.trim_end().ends_with("RETURNING ID")
            && !upper.ends_with(" AS ID")
        {
            wrong.push(
                "a change must end in RETURNING id, or its rows are not journaled".to_owned(),
            );
        }
        let may_go = table
            .is_some_and(|table| table.nature == Nature::Keys || table.name == "journal_openings");
        if text.kind == "change" && upper.starts_with("DELETE") && !may_go {
            wrong.push("business rows are never deleted".to_owned());
        }
    } else if target(&text.sql).is_some() {
        wrong.push("a reading text changes something".to_owned());
    }
    if ["read", "change", "housekeeping"].contains(&text.kind.as_str()) {
        wrong.extend(unscoped(&text.sql));
    } else {
        for table in TABLES
            .iter()
            .filter(|table| words(&text.sql).iter().any(|word| word == table.name))
        {
            if !table.lookup {
                wrong.push(format!(
                    "{} may not be read before the tenant is known",
                    table.name
                ));
            }
        }
    }
    for banned in [
        " LIKE ",
        " ILIKE ",
        "FOR UPDATE",
        " TRUE",
        " FALSE",
        "BOOLEAN",
        "DATETIME(",
        "NOW(",
    ] {
        if upper.contains(banned) {
            wrong.push(format!("{banned} differs between the engines"));
        }
    }
    wrong
}

/// Each mention of a tenant's table comes with its own condition on the organisation.
fn unscoped(sql: &str) -> Option<String> {
    let words = words(sql);
    let is_table = |word: &String| TABLES.iter().any(|table| table.name == word);
    let before = ["FROM", "JOIN", "INTO", "UPDATE"];
    let mentions = words
        .windows(2)
        .filter(|pair| before.contains(&pair[0].as_str()) && is_table(&pair[1]))
        .count();
    let scopes = words
        .windows(2)
        .filter(|pair| pair[0] == "org_id" && pair[1] == "$1")
        .count();
    let inserts = usize::from(
        words.first().is_some_and(|word| word == "INSERT")
            && sql.contains("(org_id")
            && (sql.contains("VALUES ($1") || sql.contains("SELECT $1")),
    );
    let joined = words
        .windows(2)
        .filter(|pair| pair[0] == "org_id" && pair[1] != "$1")
        .count();
    (scopes == 0 && inserts == 0 || mentions > scopes + inserts + joined).then(|| {
        format!(
            "names {mentions} tables, but binds the organisation {} times",
            scopes + inserts
        )
    })
}

#[test]
fn every_text_keeps_the_rules() {
    let wrong: Vec<String> = all()
        .iter()
        .flat_map(|text| {
            complaints(text)
                .into_iter()
                .map(move |what| format!("{}: {what}: {}", text.file, text.sql))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_rule_finds_a_bad_text() {
    let text = |kind: &str, table: Option<&str>, sql: &str| Text {
        kind: kind.to_owned(),
        table: table.map(str::to_owned),
        sql: sql.to_owned(),
        file: "sample".to_owned(),
    };
    let bad = [
        text("read", None, "SELECT name FROM vendors WHERE id = $2"),
        text(
            "read",
            None,
            "SELECT v.name FROM vendors v JOIN bills b ON b.vendor_id = v.id WHERE v.org_id = $1",
        ),
        text(
            "read",
            None,
            "UPDATE vendors SET name = $2 WHERE org_id = $1 RETURNING id",
        ),
        text(
            "housekeeping",
            Some("vendors"),
            "UPDATE vendors SET name = $2 WHERE org_id = $1",
        ),
        text(
            "change",
            Some("vendors"),
            "UPDATE bills SET number = $2 WHERE org_id = $1 RETURNING id",
        ),
        text(
            "change",
            Some("vendors"),
            "UPDATE vendors SET name = $2 WHERE org_id = $1",
        ),
        text(
            "change",
            Some("vendors"),
            "DELETE FROM vendors WHERE org_id = $1 RETURNING id",
        ),
        text("lookup", None, "SELECT name FROM vendors WHERE name = $1"),
        text(
            "read",
            None,
            "SELECT name FROM vendors WHERE org_id = $1 AND name LIKE $2",
        ),
    ];
    for text in bad {
        assert!(!complaints(&text).is_empty(), "{}", text.sql);
    }
    let good = text(
        "change",
        Some("vendors"),
        "UPDATE vendors SET name = $2 WHERE org_id = $1 AND id = $3 RETURNING id",
    );
    assert_eq!(complaints(&good), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_text_prepares_on_both_engines() {
    let (sqlite, grown) = (TestStore::embedded().await, TestStore::grown().await);
    let (Home::Embedded(dir), Home::Grown(database)) = (&sqlite.home, &grown.home) else {
        panic!("one of each");
    };
    let texts = all();
    let connection = embedded(dir);
    let mut failures: Vec<String> = texts
        .iter()
        .filter_map(|text| {
            let error = connection.prepare(&text.sql).err()?;
            Some(format!("embedded: {error}: {}", text.sql))
        })
        .collect();
    let prepare = |texts: &[Text]| {
        let mut sql =
            "SET ROLE countersign_server; SET search_path = public, countersign_keys;".to_owned();
        for (at, text) in texts.iter().enumerate() {
            sql += &format!("PREPARE text_{at} AS {};", text.sql);
        }
        tokio::task::block_in_place(|| database.query(&sql))
    };
    // A connection for many of them; alone each says which it was.
    for texts in texts.chunks(100) {
        if prepare(texts).is_err() {
            let alone = texts.chunks(1).filter_map(|text| {
                let error = prepare(text).err()?;
                Some(format!("postgresql: {error}: {}", text[0].sql))
            });
            failures.extend(alone);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
