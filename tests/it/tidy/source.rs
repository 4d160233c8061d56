//! A parsed source file: every path it names, resolved from the crate's root, with what stands in tests marked.

use std::collections::HashMap;
use std::path::Path;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};

/// A path as it is named somewhere in a file, resolved: `["crate", "platform", "store"]` or `["std", "fs"]`.
/// A glob ends in `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub path: Vec<String>,
    pub re_export: bool,
    pub in_test: bool,
}

/// A call of a method on something called `store`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreCall {
    pub method: String,
    pub in_test: bool,
}

#[derive(Debug, Default)]
pub struct Source {
    pub paths: Vec<Named>,
    pub store_calls: Vec<StoreCall>,
    /// String literals outside of tests.
    pub literals: Vec<String>,
    /// Modules in files of their own that are for tests only: `#[cfg(test)] mod name;`.
    pub test_modules: Vec<String>,
}

/// Reads `text` as the module `module` (names from the crate's root).
pub fn parse(module: &[String], text: &str) -> Result<Source, String> {
    let file = syn::parse_file(text).map_err(|e| e.to_string())?;
    let mut reader = Reader {
        module: module.to_vec(),
        scopes: vec![HashMap::new()],
        test: 0,
        out: Source::default(),
    };
    reader.visit_file(&file);
    Ok(reader.out)
}

/// The module of a file below a `src` folder: `payables/bills/mod.rs` is `["payables", "bills"]`.
pub fn module_of(below_src: &Path) -> Vec<String> {
    let mut names: Vec<_> = below_src
        .with_extension("")
        .iter()
        .map(|n| n.to_string_lossy().into_owned())
        .collect();
    if names.last().is_some_and(|n| n == "mod") || names == ["lib"] || names == ["main"] {
        names.pop();
    }
    names
}

struct Reader {
    module: Vec<String>,
    /// What `use` calls what, innermost module or function last.
    scopes: Vec<HashMap<String, Vec<String>>>,
    test: u32,
    out: Source,
}

impl Reader {
    fn resolve(&self, names: &[String]) -> Vec<String> {
        let root = || vec!["crate".to_owned()];
        let Some((first, rest)) = names.split_first() else {
            return Vec::new();
        };
        let mut path = match first.as_str() {
            "crate" => root(),
            // The binary sees the library by the crate's name.
            "countersign" => root(),
            "self" => root()
                .into_iter()
                .chain(self.module.iter().cloned())
                .collect(),
            "super" => {
                let up = names.iter().take_while(|n| *n == "super").count();
                let keep = self.module.len().saturating_sub(up);
                let base = root()
                    .into_iter()
                    .chain(self.module[..keep].iter().cloned());
                return base.chain(names[up..].iter().cloned()).collect();
            }
            name => match self.scopes.iter().rev().find_map(|scope| scope.get(name)) {
                Some(path) => path.clone(),
                None => vec![name.to_owned()],
            },
        };
        path.extend(rest.iter().cloned());
        path
    }

    fn name(&mut self, path: Vec<String>, re_export: bool) {
        self.out.paths.push(Named {
            path,
            re_export,
            in_test: self.test > 0,
        });
    }

    fn flatten(&mut self, tree: &syn::UseTree, before: &[String], re_export: bool) {
        let with = |name: &syn::Ident| {
            before
                .iter()
                .cloned()
                .chain([name.to_string()])
                .collect::<Vec<_>>()
        };
        match tree {
            syn::UseTree::Path(p) => self.flatten(&p.tree, &with(&p.ident), re_export),
            syn::UseTree::Group(g) => g
                .items
                .iter()
                .for_each(|t| self.flatten(t, before, re_export)),
            syn::UseTree::Name(n) if n.ident == "self" => {
                self.import(before, before.last().cloned(), re_export)
            }
            syn::UseTree::Name(n) => {
                self.import(&with(&n.ident), Some(n.ident.to_string()), re_export)
            }
            syn::UseTree::Rename(r) if r.ident == "self" => {
                self.import(before, Some(r.rename.to_string()), re_export)
            }
            syn::UseTree::Rename(r) => {
                self.import(&with(&r.ident), Some(r.rename.to_string()), re_export)
            }
            syn::UseTree::Glob(_) => {
                let path = self
                    .resolve(before)
                    .into_iter()
                    .chain(["*".to_owned()])
                    .collect();
                self.name(path, re_export);
            }
        }
    }

    fn import(&mut self, names: &[String], called: Option<String>, re_export: bool) {
        let path = self.resolve(names);
        if let (Some(called), Some(scope)) = (called, self.scopes.last_mut()) {
            scope.insert(called, path.clone());
        }
        self.name(path, re_export);
    }

    /// Imports hold for their whole block, also above the line they stand on.
    fn imports_first<'a>(&mut self, items: impl Iterator<Item = &'a syn::Item>) {
        for item in items {
            if let syn::Item::Use(item) = item {
                let test = self.enter(&item.attrs);
                let re_export = !matches!(item.vis, syn::Visibility::Inherited);
                self.flatten(&item.tree, &[], re_export);
                self.test -= test;
            }
        }
    }

    fn enter(&mut self, attributes: &[syn::Attribute]) -> u32 {
        let test = u32::from(attributes.iter().any(is_for_tests));
        self.test += test;
        test
    }

    /// Inside a macro there is no syntax yet: paths are idents joined by `::`.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut names: Vec<String> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.end_of_path(&mut names);
                    }
                    names.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(p) if p.as_char() == ':' => colons += 1,
                other => {
                    self.end_of_path(&mut names);
                    colons = 0;
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Literal(literal) => {
                            if let syn::Lit::Str(text) = syn::Lit::new(literal) {
                                self.visit_lit_str(&text);
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        self.end_of_path(&mut names);
    }

    fn end_of_path(&mut self, names: &mut Vec<String>) {
        if names.len() > 1 {
            let path = self.resolve(names);
            self.name(path, false);
        }
        names.clear();
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_file(&mut self, file: &'ast syn::File) {
        self.imports_first(file.items.iter());
        visit::visit_file(self, file);
    }

    fn visit_item(&mut self, item: &'ast syn::Item) {
        let attributes: &[syn::Attribute] = match item {
            syn::Item::Mod(i) => &i.attrs,
            syn::Item::Fn(i) => &i.attrs,
            syn::Item::Impl(i) => &i.attrs,
            syn::Item::Const(i) => &i.attrs,
            syn::Item::Static(i) => &i.attrs,
            syn::Item::Struct(i) => &i.attrs,
            _ => &[],
        };
        let test = self.enter(attributes);
        visit::visit_item(self, item);
        self.test -= test;
    }

    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        let Some((_, items)) = &item.content else {
            if self.test > 0 {
                self.out.test_modules.push(item.ident.to_string());
            }
            return;
        };
        self.module.push(item.ident.to_string());
        // A module sees nothing of what the one around it imported.
        let outer = std::mem::replace(&mut self.scopes, vec![HashMap::new()]);
        self.imports_first(items.iter());
        items.iter().for_each(|i| self.visit_item(i));
        self.scopes = outer;
        self.module.pop();
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        self.scopes.push(HashMap::new());
        let items = block.stmts.iter().filter_map(|s| {
            if let syn::Stmt::Item(i) = s {
                Some(i)
            } else {
                None
            }
        });
        self.imports_first(items);
        visit::visit_block(self, block);
        self.scopes.pop();
    }

    // Read by `imports_first`.
    fn visit_item_use(&mut self, _: &'ast syn::ItemUse) {}

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Vec<_> = path.segments.iter().map(|s| s.ident.to_string()).collect();
        if names.len() > 1 {
            let resolved = self.resolve(&names);
            self.name(resolved, false);
        }
        visit::visit_path(self, path);
    }

    // `pub(in path)` names a path, but imports nothing.
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {}

    // A documentation comment is an attribute with a string: it is neither SQL nor an import.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        self.visit_path(&mac.path);
        self.tokens(mac.tokens.clone());
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        if last_name(&call.receiver).is_some_and(|name| name == "store") {
            self.out.store_calls.push(StoreCall {
                method: call.method.to_string(),
                in_test: self.test > 0,
            });
        }
        visit::visit_expr_method_call(self, call);
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        if self.test == 0 {
            self.out.literals.push(literal.value());
        }
    }
}

/// `store`, `self.store`, `app.store()`, `&store`: what the receiver is called.
fn last_name(receiver: &syn::Expr) -> Option<String> {
    match receiver {
        syn::Expr::Path(p) => p.path.segments.last().map(|s| s.ident.to_string()),
        syn::Expr::Field(f) => match &f.member {
            syn::Member::Named(name) => Some(name.to_string()),
            syn::Member::Unnamed(_) => None,
        },
        syn::Expr::MethodCall(c) => Some(c.method.to_string()),
        syn::Expr::Reference(r) => last_name(&r.expr),
        syn::Expr::Paren(p) => last_name(&p.expr),
        syn::Expr::Await(a) => last_name(&a.base),
        syn::Expr::Try(t) => last_name(&t.expr),
        _ => None,
    }
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, `#[cfg(all(test, …))]`; not `#[cfg(not(test))]`.
fn is_for_tests(attribute: &syn::Attribute) -> bool {
    if attribute
        .path()
        .segments
        .last()
        .is_some_and(|s| s.ident == "test")
    {
        return true;
    }
    let syn::Meta::List(list) = &attribute.meta else {
        return false;
    };
    let words: Vec<_> = list.tokens.clone().into_iter().collect();
    let has = |name: &str| flat(&words).iter().any(|w| w == name);
    list.path.is_ident("cfg") && has("test") && !has("not") && !has("any")
}

fn flat(tokens: &[TokenTree]) -> Vec<String> {
    let inner = |t: &TokenTree| match t {
        TokenTree::Group(g) => flat(&g.stream().into_iter().collect::<Vec<_>>()),
        other => vec![other.to_string()],
    };
    tokens.iter().flat_map(inner).collect()
}
