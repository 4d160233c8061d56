//! The one tree that everything here reads: namespaces resolved, bounded, without entities or document types.
//!
//! A document is parsed once. What a signature covers is canonicalised from this tree, and what was canonicalised is parsed by
//! the same [`parse()`] again before anything is read from it, so that there is no second opinion on what the bytes say.

mod bounds;
mod c14n;
mod names;
mod parse;
mod values;
mod write;

use std::sync::Arc;

pub use bounds::{Limits, XmlError};
pub(crate) use c14n::canonicalise;
pub use parse::parse;
pub(crate) use parse::parse_fragment;
pub(crate) use write::{Writer, escape_attribute, escape_text};

/// The namespaces that SAML and its signatures use.
pub mod ns {
    pub const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
    pub const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
    pub const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
    pub const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";
    pub const ENCRYPTION: &str = "http://www.w3.org/2001/04/xmlenc#";
    pub const ENCRYPTION_11: &str = "http://www.w3.org/2009/xmlenc11#";
    pub const EXCLUSIVE_C14N: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
    pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
    pub const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
}

/// Prefixes with the namespaces that they stand for. A namespace is shared: a long one that many elements are in is there once.
pub(crate) type Declarations = Vec<(String, Arc<str>)>;

/// Where an element stands in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeId(u32);

#[derive(Debug)]
pub(crate) struct Attribute {
    pub prefix: String,
    pub local: String,
    /// Empty for an attribute without a prefix: it is in no namespace.
    pub namespace: Arc<str>,
    pub value: String,
}

#[derive(Debug)]
struct ElementNode {
    prefix: String,
    local: String,
    namespace: Arc<str>,
    attributes: Vec<Attribute>,
    /// Prefix and namespace as declared on this very element; the empty prefix is the default namespace.
    declarations: Declarations,
    parent: Option<NodeId>,
    children: Vec<Child>,
}

#[derive(Debug)]
enum Child {
    Element(NodeId),
    Text(String),
    /// Kept as a place only: canonical forms without comments leave it out, and a text reads across it.
    Comment,
}

/// A parsed document.
#[derive(Debug)]
pub struct Document {
    nodes: Vec<ElementNode>,
    /// What prefixes mean outside the outermost element; empty but for what was decrypted out of another document.
    outer: Declarations,
}

impl Document {
    #[must_use]
    pub fn root(&self) -> Element<'_> {
        Element {
            document: self,
            id: NodeId(0),
        }
    }

    fn node(&self, id: NodeId) -> &ElementNode {
        &self.nodes[id.0 as usize]
    }

    /// Every element, in the order of the document.
    pub fn elements(&self) -> impl Iterator<Item = Element<'_>> {
        (0..self.nodes.len() as u32).map(|number| Element {
            document: self,
            id: NodeId(number),
        })
    }
}

/// An element of a [`Document`].
#[derive(Debug, Clone, Copy)]
pub struct Element<'d> {
    document: &'d Document,
    id: NodeId,
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.id == other.id
    }
}

impl<'d> Element<'d> {
    fn node(self) -> &'d ElementNode {
        self.document.node(self.id)
    }

    #[must_use]
    pub fn local(self) -> &'d str {
        &self.node().local
    }

    #[must_use]
    pub fn namespace(self) -> &'d str {
        &self.node().namespace
    }

    #[must_use]
    pub fn is(self, namespace: &str, local: &str) -> bool {
        self.node().local == local && &*self.node().namespace == namespace
    }

    #[must_use]
    pub fn parent(self) -> Option<Element<'d>> {
        let document = self.document;
        self.node().parent.map(|id| Element { document, id })
    }

    /// The value of an attribute in no namespace.
    #[must_use]
    pub fn attribute(self, local: &str) -> Option<&'d str> {
        let found = self
            .node()
            .attributes
            .iter()
            .find(|a| a.namespace.is_empty() && a.local == local);
        found.map(|a| a.value.as_str())
    }

    pub fn children(self) -> impl Iterator<Item = Element<'d>> {
        let document = self.document;
        self.node()
            .children
            .iter()
            .filter_map(move |child| match child {
                Child::Element(id) => Some(Element { document, id: *id }),
                _ => None,
            })
    }

    pub fn children_named(
        self,
        namespace: &'static str,
        local: &'static str,
    ) -> impl Iterator<Item = Element<'d>> {
        self.children().filter(move |c| c.is(namespace, local))
    }

    /// The only child of that name.
    ///
    /// # Errors
    /// How many there are, where it is not exactly one.
    pub fn only(
        self,
        namespace: &'static str,
        local: &'static str,
    ) -> Result<Element<'d>, HowMany> {
        let mut found = self.children_named(namespace, local);
        match (found.next(), found.next()) {
            (Some(one), None) => Ok(one),
            (None, _) => Err(HowMany::None),
            _ => Err(HowMany::Several),
        }
    }

    /// The child of that name, which may be missing.
    ///
    /// # Errors
    /// Where there are several.
    pub fn at_most_one(
        self,
        namespace: &'static str,
        local: &'static str,
    ) -> Result<Option<Element<'d>>, HowMany> {
        match self.only(namespace, local) {
            Ok(one) => Ok(Some(one)),
            Err(HowMany::None) => Ok(None),
            Err(HowMany::Several) => Err(HowMany::Several),
        }
    }

    /// The text of this element: all of its own character data, across comments. An element inside breaks it: none then, since
    /// whoever reads the text would see less than what was signed.
    #[must_use]
    pub fn text(self) -> Option<String> {
        let mut text = String::new();
        for child in &self.node().children {
            match child {
                Child::Text(part) => text.push_str(part),
                Child::Comment => {}
                Child::Element(_) => return None,
            }
        }
        Some(text)
    }

    /// The character data of this element and of everything inside.
    #[must_use]
    pub fn deep_text(self) -> String {
        let mut text = String::new();
        self.gather(&mut text);
        text
    }

    fn gather(self, text: &mut String) {
        for child in &self.node().children {
            match child {
                Child::Text(part) => text.push_str(part),
                Child::Comment => {}
                Child::Element(id) => Element {
                    document: self.document,
                    id: *id,
                }
                .gather(text),
            }
        }
    }

    pub(crate) fn has_comment(self) -> bool {
        let children = &self.node().children;
        children.iter().any(|c| matches!(c, Child::Comment))
            || self.children().any(Element::has_comment)
    }

    pub(crate) fn id(self) -> NodeId {
        self.id
    }

    /// What a prefix means here, by this element's declarations and those around it.
    fn in_scope(self, prefix: &str) -> Option<&'d Arc<str>> {
        let mut at = Some(self);
        while let Some(element) = at {
            if let Some((_, namespace)) = element
                .node()
                .declarations
                .iter()
                .find(|(declared, _)| declared == prefix)
            {
                return Some(namespace);
            }
            at = element.parent();
        }
        let outer = &self.document.outer;
        outer
            .iter()
            .find(|(declared, _)| declared == prefix)
            .map(|(_, namespace)| namespace)
    }

    /// Every prefix that means something here, each once.
    pub(crate) fn scope(self) -> Declarations {
        let mut found = Declarations::new();
        let mut at = Some(self);
        let mut add = |declarations: &Declarations| {
            for (prefix, namespace) in declarations {
                if !found.iter().any(|(known, _)| known == prefix) {
                    found.push((prefix.clone(), namespace.clone()));
                }
            }
        };
        while let Some(element) = at {
            add(&element.node().declarations);
            at = element.parent();
        }
        add(&self.document.outer);
        found
    }
}

/// Why there is not exactly one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HowMany {
    None,
    Several,
}

#[cfg(test)]
mod oracle;
#[cfg(test)]
mod tests;
