//! Bytes to a tree, over quick-xml's events. Whatever two parsers might read in two ways is refused.

use std::sync::Arc;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::bounds::{Limits, XmlError};
use super::names::{is_char, split};
use super::values::{normalised, resolve};
use super::{Attribute, Child, Declarations, Document, ElementNode, NodeId, ns};
use crate::words::clip;

/// Parses a document.
///
/// # Errors
/// The first thing that is wrong with it.
pub fn parse(bytes: &[u8], limits: Limits) -> Result<Document, XmlError> {
    parse_with(bytes, limits, Vec::new())
}

/// Parses what was decrypted: `outer` is what prefixes mean where the ciphertext stood.
pub(crate) fn parse_fragment(bytes: &[u8], outer: Declarations) -> Result<Document, XmlError> {
    parse_with(bytes, Limits::MESSAGE, outer)
}

fn parse_with(bytes: &[u8], limits: Limits, outer: Declarations) -> Result<Document, XmlError> {
    if bytes.len() > limits.bytes {
        let limit = limits.bytes;
        return Err(XmlError::TooLarge { limit });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| XmlError::NotUtf8)?;
    if !text.chars().all(is_char) {
        return Err(XmlError::Character);
    }
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.expand_empty_elements = true;
    config.check_comments = true;
    config.check_end_names = true;
    let ascii = text.is_ascii();
    let mut builder = Builder::new(limits, outer);
    loop {
        match reader.read_event() {
            Ok(Event::Eof) => return builder.finish(),
            Ok(event) => builder.accept(event, ascii)?,
            Err(error) => return Err(broken(&error)),
        }
    }
}

struct Builder {
    limits: Limits,
    nodes: Vec<ElementNode>,
    outer: Declarations,
    /// Elements that are not closed yet.
    open: Vec<NodeId>,
    /// Every declaration in force, the innermost last.
    scope: Declarations,
    /// How long `scope` was before each open element.
    marks: Vec<usize>,
    ids: std::collections::HashSet<String>,
    pieces: usize,
    started: bool,
}

impl Builder {
    fn new(limits: Limits, outer: Declarations) -> Self {
        Self {
            limits,
            nodes: Vec::new(),
            scope: outer.clone(),
            outer,
            open: Vec::new(),
            marks: Vec::new(),
            ids: std::collections::HashSet::new(),
            pieces: 0,
            started: false,
        }
    }

    fn accept(&mut self, event: Event<'_>, ascii: bool) -> Result<(), XmlError> {
        let first = !std::mem::replace(&mut self.started, true);
        match event {
            Event::Start(start) => self.start(&start),
            Event::End(_) => {
                self.open.pop();
                let mark = self.marks.pop().unwrap_or_default();
                self.scope.truncate(mark);
                Ok(())
            }
            Event::Text(text) if text.contains("]]>") => {
                Err(XmlError::Broken("“]]>” stands in a text".to_owned()))
            }
            Event::Text(text) => self.text(&text.xml10_content(), false),
            Event::CData(data) => self.text(&data.xml10_content(), true),
            Event::GeneralRef(reference) => {
                let resolved = resolve(&reference)?;
                self.text(resolved.encode_utf8(&mut [0; 4]), true)
            }
            Event::Comment(_) => {
                self.count()?;
                if let Some(open) = self.open.last() {
                    self.nodes[open.0 as usize].children.push(Child::Comment);
                }
                Ok(())
            }
            Event::Decl(declaration) if first => {
                let encoding = declaration.encoding().transpose();
                let encoding =
                    encoding.map_err(|_| XmlError::Broken("the declaration is broken".into()))?;
                match encoding {
                    Some(name) if !is_utf8(&name, ascii) => Err(XmlError::Encoding(clip(&name))),
                    _ => Ok(()),
                }
            }
            Event::Decl(_) => Err(XmlError::Broken(
                "a declaration stands inside the document".into(),
            )),
            // Outside of all elements it is in nothing that is signed or read.
            Event::PI(_) if self.open.is_empty() => self.count(),
            Event::PI(_) => Err(XmlError::ProcessingInstruction),
            Event::DocType(_) => Err(XmlError::DocumentType),
            Event::Empty(_) | Event::Eof => Ok(()),
        }
    }

    fn count(&mut self) -> Result<(), XmlError> {
        self.pieces += 1;
        if self.pieces > self.limits.nodes {
            let limit = self.limits.nodes;
            return Err(XmlError::TooMany { limit });
        }
        Ok(())
    }

    fn text(&mut self, text: &str, marked: bool) -> Result<(), XmlError> {
        self.count()?;
        let Some(open) = self.open.last() else {
            let blank = text.trim_matches([' ', '\t', '\n', '\r']).is_empty();
            return match blank && !marked {
                true => Ok(()),
                false => Err(XmlError::Broken("text stands outside the document".into())),
            };
        };
        let children = &mut self.nodes[open.0 as usize].children;
        match children.last_mut() {
            Some(Child::Text(before)) => before.push_str(text),
            _ => children.push(Child::Text(text.to_owned())),
        }
        Ok(())
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Result<(), XmlError> {
        self.count()?;
        if self.open.is_empty() && !self.nodes.is_empty() {
            return Err(XmlError::Broken(
                "there is a second outermost element".into(),
            ));
        }
        if self.open.len() >= self.limits.depth {
            let limit = self.limits.depth;
            return Err(XmlError::TooDeep { limit });
        }
        let raw = self.raw_attributes(start)?;
        let mark = self.scope.len();
        let declarations = self.declarations(&raw)?;
        self.scope.extend(declarations.iter().cloned());
        let name = start.name().into_inner();
        let (prefix, local) = split(name).ok_or_else(|| XmlError::Name(clip(name)))?;
        let namespace = self.lookup(prefix)?;
        let attributes = self.attributes(&raw)?;
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        let parent = self.open.last().copied();
        if let Some(parent) = parent {
            self.nodes[parent.0 as usize]
                .children
                .push(Child::Element(id));
        }
        self.nodes.push(ElementNode {
            prefix: prefix.to_owned(),
            local: local.to_owned(),
            namespace,
            attributes,
            declarations,
            parent,
            children: Vec::new(),
        });
        self.open.push(id);
        self.marks.push(mark);
        Ok(())
    }

    /// Names and values of everything in a start tag, before namespaces mean anything.
    fn raw_attributes(&self, start: &BytesStart<'_>) -> Result<Vec<(String, String)>, XmlError> {
        let mut found: Vec<(String, String)> = Vec::new();
        for attribute in start.attributes().with_checks(false) {
            let attribute =
                attribute.map_err(|error| XmlError::Broken(clip(&error.to_string())))?;
            if found.len() >= self.limits.attributes {
                let limit = self.limits.attributes;
                return Err(XmlError::TooManyAttributes { limit });
            }
            let key = attribute.key.into_inner();
            if found.iter().any(|(known, _)| known == key) {
                return Err(XmlError::DuplicateAttribute(clip(key)));
            }
            found.push((key.to_owned(), normalised(&attribute.value)?));
        }
        Ok(found)
    }

    fn declarations(&self, raw: &[(String, String)]) -> Result<Declarations, XmlError> {
        let found = declared(raw)?;
        if self.scope.len() + found.len() > self.limits.declarations {
            let limit = self.limits.declarations;
            return Err(XmlError::TooManyDeclarations { limit });
        }
        let limit = self.limits.namespace_bytes;
        match found.iter().any(|(_, namespace)| namespace.len() > limit) {
            true => Err(XmlError::LongNamespace { limit }),
            false => Ok(found),
        }
    }

    fn attributes(&mut self, raw: &[(String, String)]) -> Result<Vec<Attribute>, XmlError> {
        let mut found: Vec<Attribute> = Vec::new();
        for (key, value) in raw {
            if key == "xmlns" || key.starts_with("xmlns:") {
                continue;
            }
            let (prefix, local) = split(key).ok_or_else(|| XmlError::Name(clip(key)))?;
            let namespace = match prefix {
                "" => Arc::from(""),
                _ => self.lookup(prefix)?,
            };
            if found
                .iter()
                .any(|a| a.namespace == namespace && a.local == local)
            {
                return Err(XmlError::DuplicateAttribute(clip(key)));
            }
            let is_id = matches!((&*namespace, local), ("", "ID" | "Id") | (ns::XML, "id"));
            if is_id && !self.ids.insert(value.clone()) {
                return Err(XmlError::DuplicateId(clip(value)));
            }
            found.push(Attribute {
                prefix: prefix.to_owned(),
                local: local.to_owned(),
                namespace,
                value: value.clone(),
            });
        }
        Ok(found)
    }

    fn lookup(&self, prefix: &str) -> Result<Arc<str>, XmlError> {
        if prefix == "xml" {
            return Ok(Arc::from(ns::XML));
        }
        let found = self.scope.iter().rev().find(|(known, _)| known == prefix);
        match found {
            Some((_, namespace)) => Ok(Arc::clone(namespace)),
            None if prefix.is_empty() => Ok(Arc::from("")),
            None => Err(XmlError::Prefix(clip(prefix))),
        }
    }

    fn finish(self) -> Result<Document, XmlError> {
        if !self.open.is_empty() {
            return Err(XmlError::Truncated);
        }
        if self.nodes.is_empty() {
            return Err(XmlError::Empty);
        }
        Ok(Document {
            nodes: self.nodes,
            outer: self.outer,
        })
    }
}

/// Whether bytes that are UTF-8 are rightly called so; what is ASCII alone is the same in all of these.
fn is_utf8(name: &str, ascii: bool) -> bool {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "utf-8" | "utf8" => true,
        "us-ascii" | "ascii" | "iso-8859-1" | "windows-1252" => ascii,
        _ => false,
    }
}

fn broken(error: &quick_xml::Error) -> XmlError {
    use quick_xml::errors::SyntaxError;
    match error {
        quick_xml::Error::Syntax(SyntaxError::UnclosedDoctype) => XmlError::DocumentType,
        other => XmlError::Broken(clip(&other.to_string())),
    }
}

/// The declarations of namespaces among a start tag's attributes.
fn declared(raw: &[(String, String)]) -> Result<Declarations, XmlError> {
    let mut found = Vec::new();
    for (key, value) in raw {
        let prefix = match key.strip_prefix("xmlns") {
            Some("") => "",
            Some(rest) if rest.starts_with(':') => &rest[1..],
            _ => continue,
        };
        let refused = match prefix {
            "" => value == ns::XML || value == ns::XMLNS,
            "xmlns" => true,
            "xml" => value != ns::XML,
            _ => value.is_empty() || value == ns::XML || value == ns::XMLNS,
        };
        // A relative namespace makes canonicalisation fail, by its standard.
        let relative = !value.is_empty() && !value.contains(':');
        if refused || relative || (!prefix.is_empty() && !super::names::is_ncname(prefix)) {
            return Err(XmlError::Declaration(clip(key)));
        }
        if prefix != "xml" {
            found.push((prefix.to_owned(), Arc::from(value.as_str())));
        }
    }
    Ok(found)
}
