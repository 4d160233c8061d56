//! Paths of local names over a tree of another parser.

use roxmltree::Node;
use rust_decimal::Decimal;

/// Elements at a path of local names below a node.
pub fn all<'a, 'i>(node: Node<'a, 'i>, path: &str) -> Vec<Node<'a, 'i>> {
    path.split('/').fold(vec![node], |nodes, name| {
        let children = nodes.into_iter().flat_map(|node| node.children());
        children
            .filter(|child| child.has_tag_name_local(name))
            .collect()
    })
}

pub trait Local {
    fn has_tag_name_local(&self, name: &str) -> bool;
}

impl Local for Node<'_, '_> {
    fn has_tag_name_local(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

pub fn value(node: Node<'_, '_>) -> Option<String> {
    let text: String = node
        .children()
        .filter(|child| child.is_text())
        .filter_map(|child| child.text())
        .collect();
    let text = text.trim().to_owned();
    (!text.is_empty()).then_some(text)
}

pub fn first(node: Node<'_, '_>, path: &str) -> Option<String> {
    all(node, path).into_iter().find_map(value)
}

/// A day as its digits only, so that 2024-02-29 and 20240229 are the same.
pub fn day(node: Node<'_, '_>, path: &str) -> Option<String> {
    first(node, path).map(|text| text.chars().filter(char::is_ascii_digit).take(8).collect())
}

pub fn number(node: Node<'_, '_>, path: &str) -> Option<Decimal> {
    first(node, path).map(|text| text.parse().expect("the material's numbers parse"))
}

/// The two ways of `xsd:boolean`.
pub fn is_true(text: Option<String>) -> bool {
    matches!(text.as_deref(), Some("true" | "1"))
}

/// An amount whose currency is, or is not, the given one.
pub fn vat_total(
    node: Node<'_, '_>,
    path: &str,
    currency: &Option<String>,
    same: bool,
) -> Option<Decimal> {
    let found = all(node, path).into_iter().find(|node| {
        let own = node.attribute("currencyID").map(str::to_owned);
        (own.is_none() || own == *currency) == same
    })?;
    value(found)?.parse().ok()
}
