//! Follows a table through the document and hands each business term to the builder.

use super::build::Builder;
use super::limits::{MAX_VALUE_BYTES, MAX_WAITING};
use super::table::{Node, Table};
use super::unreadable::{Cause, Unreadable};
use super::xml::{Element, Piece, Xml};
use crate::facts::Position;
use crate::terms::{Kind, Term};
use std::io::Read;

/// A value as it stood in the document.
#[derive(Debug)]
pub(crate) struct Leaf {
    node: usize,
    pub raw: String,
    pub at: Position,
    /// The `currencyID` of an amount or the `format` of a date.
    pub hint: Option<String>,
    /// Attributes that are terms of their own: schemes, units, names of files.
    parts: Vec<(usize, String)>,
    /// How many bytes an embedded file takes.
    pub binary_len: Option<u64>,
}

#[derive(Debug)]
enum Step {
    Open(usize),
    Close(usize),
    Leaf(Leaf),
}

/// An open element.
struct Frame {
    /// Its place in the table; `None` where the table knows nothing.
    node: Option<usize>,
    leaf: Option<Leaf>,
    started: bool,
}

/// An element whose terms depend on something inside it.
struct Pending {
    depth: usize,
    node: usize,
    seen: Vec<bool>,
    steps: Vec<Step>,
}

/// Walks through one document.
pub(crate) struct Walk<'t> {
    table: &'t Table,
    frames: Vec<Frame>,
    pending: Option<Pending>,
    builder: Builder,
}

impl<'t> Walk<'t> {
    pub(crate) fn new(table: &'t Table, builder: Builder) -> Self {
        let root = Frame {
            node: Some(0),
            leaf: None,
            started: false,
        };
        Walk {
            table,
            frames: vec![root],
            pending: None,
            builder,
        }
    }

    /// Reads from after the outermost start tag to the end of the document.
    pub(crate) fn run<R: Read>(mut self, xml: &mut Xml<R>) -> Result<Builder, Unreadable> {
        loop {
            let wanted = self.frames.last().is_some_and(|frame| frame.leaf.is_some());
            xml.want_text(wanted);
            if let Some(leaf) = self.binary() {
                xml.skip_text()?;
                leaf.binary_len = Some(xml.position().offset - leaf.at.offset);
            }
            let result = match xml.next()? {
                Piece::Open(element, at) => {
                    self.open(element, at);
                    Ok(())
                }
                Piece::Text(text, at) => self.text(text, at),
                Piece::Close => self.close(),
                Piece::End => return Ok(self.builder),
            };
            result.map_err(|cause| Unreadable {
                cause,
                at: Some(xml.position()),
            })?;
            if let Some(leaf) = self.binary().filter(|leaf| leaf.binary_len.is_none()) {
                leaf.at = xml.position();
            }
        }
    }

    /// The value that is being read, if it is an embedded file.
    fn binary(&mut self) -> Option<&mut Leaf> {
        let leaf = self.frames.last_mut()?.leaf.as_mut()?;
        self.table.nodes[leaf.node].is_binary().then_some(leaf)
    }

    fn open(&mut self, element: &Element, at: Position) {
        let parent = self.frames.last().and_then(|frame| frame.node);
        let node = parent.and_then(|parent| {
            let namespace = self.table.namespace(&element.namespace)?;
            self.table.child(parent, namespace, &element.local)
        });
        let mut frame = Frame {
            node,
            leaf: None,
            started: false,
        };
        if let Some(index) = node {
            let known = &self.table.nodes[index];
            if !known.conditions.is_empty() && self.pending.is_none() {
                let seen = vec![false; known.conditions.len()];
                self.pending = Some(Pending {
                    depth: self.frames.len(),
                    node: index,
                    seen,
                    steps: Vec::new(),
                });
            }
            self.step(Step::Open(index));
            frame.leaf = known
                .is_leaf()
                .then(|| self.leaf(index, known, element, at));
        }
        self.frames.push(frame);
    }

    fn leaf(&mut self, node: usize, known: &Node, element: &Element, at: Position) -> Leaf {
        let mut leaf = Leaf {
            node,
            raw: String::new(),
            at,
            hint: None,
            parts: Vec::new(),
            binary_len: None,
        };
        for (name, value) in &element.attributes {
            if matches!(name.as_str(), "currencyID" | "format") {
                leaf.hint = Some(value.clone());
            }
            if let Some(attribute) = known.attribute(name) {
                self.probe(attribute, value);
                leaf.parts.push((attribute, value.trim().to_owned()));
            }
        }
        leaf
    }

    fn text(&mut self, text: &str, at: Position) -> Result<(), Cause> {
        let Some(frame) = self.frames.last_mut() else {
            return Ok(());
        };
        let Some(leaf) = &mut frame.leaf else {
            return Ok(());
        };
        if self.table.nodes[leaf.node].is_binary() {
            return Ok(());
        }
        if !frame.started {
            if text.trim().is_empty() {
                return Ok(());
            }
            frame.started = true;
            leaf.at = at;
        }
        if leaf.raw.len() + text.len() > MAX_VALUE_BYTES {
            return Err(Cause::TooLong);
        }
        leaf.raw.push_str(text);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Cause> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        if let Some(mut leaf) = frame.leaf {
            trim(&mut leaf.raw);
            self.probe(leaf.node, &leaf.raw);
            self.step(Step::Leaf(leaf));
        }
        if let Some(node) = frame.node {
            self.step(Step::Close(node));
        }
        if let Some(pending) = self
            .pending
            .take_if(|pending| pending.depth == self.frames.len())
        {
            self.settle(pending);
        }
        // What waits for a condition is not counted by the builder yet.
        let waiting = self
            .pending
            .as_ref()
            .map_or(0, |pending| pending.steps.len());
        if waiting > MAX_WAITING {
            return Err(Cause::TooMany);
        }
        self.builder.limit()
    }

    /// Looks whether a value decides a condition of the element around.
    fn probe(&mut self, node: usize, value: &str) {
        if let Some(pending) = &mut self.pending {
            let conditions = &self.table.nodes[pending.node].conditions;
            for probe in &self.table.nodes[node].probes {
                pending.seen[*probe] |= conditions[*probe].names(value);
            }
        }
    }

    fn step(&mut self, step: Step) {
        match &mut self.pending {
            Some(pending) => pending.steps.push(step),
            None => hand_over(self.table, &mut self.builder, step, &[]),
        }
    }

    fn settle(&mut self, pending: Pending) {
        let conditions = self.table.nodes[pending.node].conditions.iter();
        let holds: Vec<bool> = conditions
            .zip(pending.seen)
            .map(|(c, seen)| c.wants == seen)
            .collect();
        for step in pending.steps {
            hand_over(self.table, &mut self.builder, step, &holds);
        }
    }
}

fn hand_over(table: &Table, builder: &mut Builder, step: Step, holds: &[bool]) {
    let terms = |node: usize| {
        let applies = |when: &Option<usize>| {
            when.is_none_or(|index| holds.get(index).copied().unwrap_or(false))
        };
        table.nodes[node]
            .targets
            .iter()
            .filter(move |(when, _)| applies(when))
            .map(|(_, term)| *term)
    };
    let is_group = |term: &Term| term.kind() == Kind::Group;
    match step {
        Step::Open(node) => terms(node)
            .filter(is_group)
            .for_each(|term| builder.open(term)),
        Step::Close(node) => terms(node)
            .filter(is_group)
            .for_each(|term| builder.close(term)),
        Step::Leaf(leaf) => {
            let Some(term) = terms(leaf.node).find(|term| !is_group(term)) else {
                return;
            };
            let parts = leaf.parts.iter();
            let parts = parts
                .filter_map(|(node, raw)| Some((terms(*node).next()?, raw.clone())))
                .collect();
            builder.leaf(term, leaf, parts);
        }
    }
}

fn trim(text: &mut String) {
    text.truncate(text.trim_end().len());
    let space = text.len() - text.trim_start().len();
    text.drain(..space);
}
