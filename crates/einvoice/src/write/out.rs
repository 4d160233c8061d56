//! A small writer of elements: an element that would hold nothing is not written.

use super::{Unwritable, allowed};
use crate::model::{Amount, Currency, Identifier, Quantity};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use rust_decimal::Decimal;
use std::io;

/// Attributes of one element.
pub(crate) type Attributes<'a> = &'a [(&'static str, Option<&'a str>)];
pub(crate) type Done = Result<(), Unwritable>;

/// Writes one document into memory.
pub(crate) struct Out {
    writer: Writer<Vec<u8>>,
    /// Elements that are begun and not written yet.
    waiting: Vec<&'static str>,
}

impl Out {
    /// Begins a document with its outermost element and the namespaces that it declares.
    pub(crate) fn begin(
        root: &'static str,
        namespaces: &[(&str, &str)],
    ) -> Result<Self, Unwritable> {
        let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
        writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let mut start = BytesStart::new(root);
        for namespace in namespaces {
            start.push_attribute(*namespace);
        }
        writer.write_event(Event::Start(start))?;
        Ok(Out {
            writer,
            waiting: Vec::new(),
        })
    }

    /// Ends the document.
    pub(crate) fn end(mut self, root: &'static str) -> Result<Vec<u8>, Unwritable> {
        self.writer.write_event(Event::End(BytesEnd::new(root)))?;
        Ok(self.writer.into_inner())
    }

    /// An element with elements inside; nothing when they write nothing.
    pub(crate) fn group(
        &mut self,
        name: &'static str,
        inside: impl FnOnce(&mut Out) -> Done,
    ) -> Done {
        self.waiting.push(name);
        inside(self)?;
        // Still waiting: nothing inside was written. Otherwise writing emptied the list.
        if self.waiting.pop().is_none() {
            self.writer.write_event(Event::End(BytesEnd::new(name)))?;
        }
        Ok(())
    }

    /// The same for one of a list, which is written even when it holds nothing.
    pub(crate) fn one_of(
        &mut self,
        name: &'static str,
        inside: impl FnOnce(&mut Out) -> Done,
    ) -> Done {
        self.group(name, |out| {
            out.write_waiting()?;
            inside(out)
        })
    }

    /// An element with text, when there is one.
    pub(crate) fn text(&mut self, name: &'static str, text: Option<&str>) -> Done {
        self.text_with(name, &[], text)
    }

    /// An element with attributes and text, when there is a text.
    pub(crate) fn text_with(
        &mut self,
        name: &'static str,
        attributes: Attributes<'_>,
        text: Option<&str>,
    ) -> Done {
        let Some(text) = text else {
            return Ok(());
        };
        self.write_waiting()?;
        let mut start = BytesStart::new(name);
        for (key, value) in attributes {
            if let Some(value) = value {
                start.push_attribute((*key, allowed(value)?));
            }
        }
        self.writer.write_event(Event::Start(start))?;
        self.writer
            .write_event(Event::Text(BytesText::new(allowed(text)?)))?;
        self.writer.write_event(Event::End(BytesEnd::new(name)))?;
        Ok(())
    }

    pub(crate) fn identifier(
        &mut self,
        name: &'static str,
        identifier: Option<&Identifier>,
    ) -> Done {
        identifier.map_or(Ok(()), |id| {
            self.text_with(name, &[("schemeID", id.scheme.as_deref())], Some(&id.value))
        })
    }

    pub(crate) fn decimal(&mut self, name: &'static str, value: Option<Decimal>) -> Done {
        self.text(name, value.map(|value| value.to_string()).as_deref())
    }

    pub(crate) fn quantity(&mut self, name: &'static str, quantity: Option<&Quantity>) -> Done {
        quantity.map_or(Ok(()), |quantity| {
            self.text_with(
                name,
                &[("unitCode", quantity.unit.as_deref())],
                Some(&quantity.value.to_string()),
            )
        })
    }

    /// An amount with its own currency or else with `currency`, where the syntax wants one.
    pub(crate) fn amount(
        &mut self,
        name: &'static str,
        amount: Option<Amount>,
        currency: Option<Currency>,
    ) -> Done {
        let Some(amount) = amount else {
            return Ok(());
        };
        let currency = amount.currency.or(currency);
        let code = currency.as_ref().map(Currency::as_str);
        self.text_with(
            name,
            &[("currencyID", code)],
            Some(&amount.value.to_string()),
        )
    }

    /// Writes the begun elements. Whoever closes one finds the list empty and ends the element in the text.
    fn write_waiting(&mut self) -> io::Result<()> {
        for name in self.waiting.drain(..) {
            self.writer
                .write_event(Event::Start(BytesStart::new(name)))?;
        }
        Ok(())
    }
}
