//! Exclusive XML canonicalisation 1.0 without comments.

use std::sync::Arc;

use super::{Attribute, Child, Declarations, Element, Limits, NodeId, XmlError};

/// Prefixes of an `InclusiveNamespaces` list; identity providers name one or two.
const MOST_PREFIXES: usize = 64;

/// The canonical bytes of an element and what is in it.
///
/// `without` is left out with all of its content: the enveloped-signature transform. `inclusive` are the prefixes of the
/// `InclusiveNamespaces` list, `#default` for the default namespace.
///
/// # Errors
/// Where the canonical form is larger than a message may be, or the list is longer than any that is meant well.
pub(crate) fn canonicalise(
    element: Element<'_>,
    without: Option<NodeId>,
    inclusive: &[String],
) -> Result<Vec<u8>, XmlError> {
    let limit = Limits::MESSAGE.bytes;
    if inclusive.len() > MOST_PREFIXES {
        return Err(XmlError::TooManyDeclarations {
            limit: MOST_PREFIXES,
        });
    }
    let inclusive: Vec<&str> = inclusive
        .iter()
        .map(|prefix| match prefix.as_str() {
            "#default" => "",
            other => other,
        })
        .collect();
    let mut out = String::new();
    let mut pass = Pass {
        without,
        inclusive: &inclusive,
        rendered: Vec::new(),
        limit,
        out: &mut out,
    };
    pass.element(element);
    match out.len() > limit {
        true => Err(XmlError::TooLarge { limit }),
        false => Ok(out.into_bytes()),
    }
}

struct Pass<'a> {
    without: Option<NodeId>,
    inclusive: &'a [&'a str],
    /// Declarations written on elements that are open in the output, the innermost last.
    rendered: Declarations,
    limit: usize,
    out: &'a mut String,
}

impl Pass<'_> {
    fn element(&mut self, element: Element<'_>) {
        // A declaration is written again on every element that needs it: what is small can have a large canonical form, and what is
        // over the bound is refused when all of it is written.
        if self.out.len() > self.limit {
            return;
        }
        let node = element.node();
        let mark = self.rendered.len();
        self.out.push('<');
        self.name(&node.prefix, &node.local);
        for (prefix, namespace) in self.declarations(element) {
            match prefix.is_empty() {
                true => self.out.push_str(" xmlns"),
                false => {
                    self.out.push_str(" xmlns:");
                    self.out.push_str(&prefix);
                }
            }
            self.value(&namespace);
            self.rendered.push((prefix, namespace));
        }
        let mut attributes: Vec<&Attribute> = node.attributes.iter().collect();
        attributes.sort_by(|a, b| (&a.namespace, &a.local).cmp(&(&b.namespace, &b.local)));
        for attribute in attributes {
            self.out.push(' ');
            self.name(&attribute.prefix, &attribute.local);
            self.value(&attribute.value);
        }
        self.out.push('>');
        for child in &node.children {
            match child {
                Child::Element(id) if Some(*id) == self.without => {}
                Child::Element(id) => self.element(Element {
                    document: element.document,
                    id: *id,
                }),
                Child::Text(text) => self.text(text),
                Child::Comment => {}
            }
        }
        self.out.push_str("</");
        self.name(&node.prefix, &node.local);
        self.out.push('>');
        self.rendered.truncate(mark);
    }

    /// What has to be declared on this element in the output, sorted by prefix.
    fn declarations(&self, element: Element<'_>) -> Declarations {
        let node = element.node();
        let mut wanted = Declarations::new();
        let mut want = |prefix: &str, namespace: &Arc<str>| {
            let known = wanted.iter().any(|(known, _)| known == prefix);
            if prefix != "xml" && !known {
                wanted.push((prefix.to_owned(), Arc::clone(namespace)));
            }
        };
        want(&node.prefix, &node.namespace);
        for attribute in node.attributes.iter().filter(|a| !a.prefix.is_empty()) {
            want(&attribute.prefix, &attribute.namespace);
        }
        for prefix in self.inclusive {
            match element.in_scope(prefix) {
                Some(namespace) => want(prefix, namespace),
                None if prefix.is_empty() => want("", &Arc::from("")),
                None => {}
            }
        }
        wanted.retain(|(prefix, namespace)| {
            let rendered = self
                .rendered
                .iter()
                .rev()
                .find(|(known, _)| known == prefix);
            match rendered {
                Some((_, rendered)) => rendered != namespace,
                // No default namespace needs no word, unless one was written further out.
                None => !namespace.is_empty(),
            }
        });
        wanted.sort();
        wanted
    }

    fn name(&mut self, prefix: &str, local: &str) {
        if !prefix.is_empty() {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(local);
    }

    fn value(&mut self, value: &str) {
        self.out.push_str("=\"");
        super::escape_attribute(value, self.out);
        self.out.push('"');
    }

    fn text(&mut self, text: &str) {
        super::escape_text(text, self.out);
    }
}
