//! The SQL texts, found in the program's sources.

use std::collections::HashMap;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens as _;
use syn::visit::Visit;

use crate::support::root;

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
