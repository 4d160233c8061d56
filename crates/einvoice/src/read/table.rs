//! From a list of `path -> business term` to a tree that is walked while reading.
//!
//! A path is written as in the standard's syntax bindings (CEN/TS 16931-3-2 and -3-3): steps with a prefix, attributes
//! with `@`. A step may name alternatives (`a:X|a:Y`) and may carry one condition on something inside it:
//! `[path=value]` holds when some value at `path` is `value`, `[path!=value]` when none is. Values may be alternatives
//! too. Conditions do not nest, so that one element is buffered at most. Rows that share a beginning form a section; the
//! path `.` is the section's own.

use crate::terms::{Kind, Term};

/// Some lines of a table, each relative to the same path.
pub(crate) type Section = (&'static str, &'static [(&'static str, Term)]);
/// Local names of this syntax with those that another version uses instead.
pub(crate) type Renamed = &'static [(&'static str, &'static str)];

/// A namespace that a table knows: its prefix in the tables and its URIs.
pub(crate) type Namespace = (&'static str, &'static [&'static str]);

#[derive(Debug, Default)]
pub(crate) struct Node {
    children: Vec<(usize, Box<str>, usize)>,
    attributes: Vec<(Box<str>, usize)>,
    /// Terms that this place stands for, each with the condition under which it does.
    pub targets: Vec<(Option<usize>, Term)>,
    /// Conditions on what stands inside this element.
    pub conditions: Vec<Condition>,
    /// Conditions of an element around (by their number there) that look at the value of this one.
    pub probes: Vec<usize>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Condition {
    path: Box<str>,
    values: Box<str>,
    /// `=` rather than `!=`.
    pub wants: bool,
}

impl Condition {
    /// Whether a value is one of those that the condition names.
    pub(crate) fn names(&self, value: &str) -> bool {
        self.values
            .split('|')
            .any(|one| one.eq_ignore_ascii_case(value.trim()))
    }
}

impl Node {
    pub(crate) fn is_leaf(&self) -> bool {
        !self.probes.is_empty()
            || self
                .targets
                .iter()
                .any(|(_, term)| term.kind() != Kind::Group)
    }

    pub(crate) fn is_binary(&self) -> bool {
        self.targets
            .iter()
            .any(|(_, term)| term.kind() == Kind::Binary)
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<usize> {
        self.attributes
            .iter()
            .find(|(local, _)| **local == *name)
            .map(|(_, node)| *node)
    }
}

/// A compiled table. Node 0 is the document's outermost element.
#[derive(Debug)]
pub(crate) struct Table {
    pub nodes: Vec<Node>,
    namespaces: &'static [Namespace],
    renamed: Renamed,
}

impl Table {
    /// Compiles the sections.
    ///
    /// # Panics
    /// When a row is not written as the module says: tables are constants, and a test compiles each.
    pub(crate) fn compile(
        namespaces: &'static [Namespace],
        parts: &[&[Section]],
        renamed: Renamed,
    ) -> Table {
        let mut table = Table {
            nodes: vec![Node::default()],
            namespaces,
            renamed,
        };
        for (base, rows) in parts.iter().copied().flatten() {
            for (path, term) in *rows {
                match (*base, *path) {
                    ("", path) => table.add(path, *term),
                    (base, ".") => table.add(base, *term),
                    (base, path) => table.add(&format!("{base}/{path}"), *term),
                }
            }
        }
        table
    }

    /// The number of a namespace in this table.
    pub(crate) fn namespace(&self, uri: &str) -> Option<usize> {
        self.namespaces
            .iter()
            .position(|(_, uris)| uris.contains(&uri))
    }

    pub(crate) fn child(&self, parent: usize, namespace: usize, local: &str) -> Option<usize> {
        let children = &self.nodes[parent].children;
        children
            .iter()
            .find(|(ns, name, _)| *ns == namespace && **name == *local)
            .map(|(_, _, node)| *node)
    }

    fn add(&mut self, path: &str, term: Term) {
        let mut at = vec![0];
        let mut when = None;
        for step in steps(path) {
            let (names, condition) = match step.split_once('[') {
                Some((names, rest)) => (
                    names,
                    Some(rest.strip_suffix(']').expect("a condition ends with ]")),
                ),
                None => (step, None),
            };
            at = self.descend(&at, names);
            if let Some(condition) = condition {
                assert!(when.is_none(), "{path}: conditions do not nest");
                when = at.iter().map(|node| self.condition(*node, condition)).max();
            }
        }
        for node in at {
            self.nodes[node].targets.push((when, term));
        }
    }

    fn descend(&mut self, from: &[usize], names: &str) -> Vec<usize> {
        let pairs = from
            .iter()
            .flat_map(|parent| names.split('|').map(|name| (*parent, name)));
        pairs
            .map(|(parent, name)| self.step(parent, name))
            .collect()
    }

    fn step(&mut self, parent: usize, name: &str) -> usize {
        let next = self.nodes.len();
        if let Some(attribute) = name.strip_prefix('@') {
            if let Some(node) = self.nodes[parent].attribute(attribute) {
                return node;
            }
            self.nodes[parent].attributes.push((attribute.into(), next));
        } else {
            let (prefix, local) = name.split_once(':').expect("a step has a prefix");
            let renamed = self.renamed.iter().find(|(old, _)| *old == local);
            let local = renamed.map_or(local, |(_, new)| new);
            let namespace = self
                .namespaces
                .iter()
                .position(|(known, _)| *known == prefix);
            let namespace = namespace.expect("the prefix is one of the table's");
            if let Some(node) = self.child(parent, namespace, local) {
                return node;
            }
            self.nodes[parent]
                .children
                .push((namespace, local.into(), next));
        }
        self.nodes.push(Node::default());
        next
    }

    fn condition(&mut self, node: usize, text: &str) -> usize {
        let (path, values) = text.split_once('=').expect("a condition compares");
        let (path, wants) = path
            .strip_suffix('!')
            .map_or((path, true), |path| (path, false));
        let condition = Condition {
            path: path.into(),
            values: values.into(),
            wants,
        };
        let known = self.nodes[node]
            .conditions
            .iter()
            .position(|known| *known == condition);
        if let Some(index) = known {
            return index;
        }
        let index = self.nodes[node].conditions.len();
        self.nodes[node].conditions.push(condition);
        let mut at = vec![node];
        for step in path.split('/') {
            at = self.descend(&at, step);
        }
        for probed in at {
            self.nodes[probed].probes.push(index);
        }
        index
    }
}

/// Splits at the slashes that stand outside of conditions.
fn steps(path: &str) -> impl Iterator<Item = &str> {
    let mut inside = false;
    path.split(move |c: char| {
        inside = match c {
            '[' => true,
            ']' => false,
            _ => inside,
        };
        c == '/' && !inside
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_split_outside_of_conditions_only() {
        let split: Vec<_> = steps("a:X[b:Y/b:Z!=1]/a:W/@q").collect();
        assert_eq!(split, ["a:X[b:Y/b:Z!=1]", "a:W", "@q"]);
    }

    #[test]
    fn the_tables_compile_and_reach_every_term() {
        for table in [
            super::super::ubl::invoice(),
            super::super::ubl::credit_note(),
            super::super::cii::cii(),
        ] {
            let mapped = |term: &Term| {
                table
                    .nodes
                    .iter()
                    .any(|n| n.targets.iter().any(|(_, t)| t == term))
            };
            let only_made_elsewhere = |term: &Term| {
                // BT-21 is part of BT-22's text in UBL, BT-111 is told from BT-110 by its currency, groups that occur
                // once open by themselves; CII has no scheme for some identifiers.
                term.kind() == Kind::Group || matches!(term, Term::Bt21 | Term::Bt111)
            };
            let missing: Vec<&Term> = Term::ALL
                .iter()
                .filter(|t| !mapped(t) && !only_made_elsewhere(t))
                .collect();
            assert!(missing.is_empty(), "{missing:?}");
        }
    }
}
