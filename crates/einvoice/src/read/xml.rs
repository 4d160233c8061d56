//! One pull reader over quick-xml's events that names namespaces, knows positions and refuses what invoices never need.

use super::limits::{MAX_ATTRIBUTES, MAX_DEPTH};
use super::source::{Source, after_space};
use super::unreadable::{Cause, Unreadable};
use crate::facts::Position;
use quick_xml::XmlVersion;
use quick_xml::escape::{EscapeError, resolve_predefined_entity};
use quick_xml::events::attributes::{Attribute, Attributes};
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;
use std::io::Read;

/// The reader. Call [`Xml::next`] until [`Piece::End`].
pub(crate) struct Xml<R: Read> {
    reader: NsReader<Source<R>>,
    buffer: Vec<u8>,
    element: Element,
    text: String,
    depth: usize,
    rooted: bool,
    started: bool,
    keep_text: bool,
}

/// A start tag. Attributes in a namespace and the declarations of namespaces are left out.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub namespace: String,
    pub local: String,
    pub attributes: Vec<(String, String)>,
}

/// What comes next in the document.
pub(crate) enum Piece<'a> {
    Open(&'a Element, Position),
    /// A part of a text, references resolved, line ends as `\n`; the position is that of its first visible character.
    Text(&'a str, Position),
    Close,
    End,
}

enum Step {
    Open,
    Text(Position),
    Close,
    End,
    Nothing,
}

impl<R: Read> Xml<R> {
    pub(crate) fn new(source: Source<R>) -> Self {
        let mut reader = NsReader::from_reader(source);
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        config.check_end_names = true;
        Xml {
            reader,
            buffer: Vec::new(),
            element: Element::default(),
            text: String::new(),
            depth: 0,
            rooted: false,
            started: false,
            keep_text: true,
        }
    }

    /// Says whether the text up to the next tag is wanted. What is not wanted is skipped without being held.
    pub(crate) fn want_text(&mut self, wanted: bool) {
        self.keep_text = wanted;
    }

    pub(crate) fn position(&self) -> Position {
        self.reader.get_ref().position()
    }

    /// Skips the text up to the next tag and says how many bytes of the document it took.
    pub(crate) fn skip_text(&mut self) -> Result<u64, Unreadable> {
        let skipped = self.reader.get_mut().skip_text();
        skipped.map_err(|_| self.fault(Cause::Truncated))
    }

    /// The next piece of the document.
    pub(crate) fn next(&mut self) -> Result<Piece<'_>, Unreadable> {
        loop {
            if !self.keep_text && self.depth > 0 {
                self.skip_text()?;
            }
            self.reader.get_mut().next_piece();
            let at = self.position();
            let step = self.step(at)?;
            return Ok(match step {
                Step::Open => Piece::Open(&self.element, at),
                Step::Text(at) => Piece::Text(&self.text, at),
                Step::Close => Piece::Close,
                Step::End => Piece::End,
                Step::Nothing => continue,
            });
        }
    }

    fn step(&mut self, at: Position) -> Result<Step, Unreadable> {
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.clear();
        let result = match self.reader.read_event_into(&mut buffer) {
            Ok(event) => self.accept(event, at),
            Err(error) => Err(self.broken(error, at)),
        };
        self.buffer = buffer;
        result
    }

    fn accept(&mut self, event: Event<'_>, at: Position) -> Result<Step, Unreadable> {
        let refuse = |cause| {
            Err(Unreadable {
                cause,
                at: Some(at),
            })
        };
        let first = !std::mem::replace(&mut self.started, true);
        match event {
            Event::Start(start) => self.open(&start, at),
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Step::Close)
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                let start = after_space(at, &text, self.reader.get_ref().encoding());
                if text.contains("]]>") {
                    return refuse(Cause::Broken("“]]>” stands in a text".to_owned()));
                }
                self.text_piece(&text, start)
            }
            Event::CData(data) => self.text_piece(&data.xml10_content(), at),
            Event::GeneralRef(reference) => {
                let resolved = resolve(&reference).map_err(|cause| Unreadable {
                    cause,
                    at: Some(at),
                })?;
                self.text_piece(resolved.encode_utf8(&mut [0; 4]), at)
            }
            Event::Decl(declaration) if first && is_declaration(&declaration) => Ok(Step::Nothing),
            Event::Decl(_) => refuse(Cause::Broken("an XML declaration is wrong here".to_owned())),
            Event::PI(pi) if !is_name(pi.target()) => refuse(Cause::Broken(
                "a processing instruction has no name".to_owned(),
            )),
            Event::PI(_) | Event::Comment(_) => Ok(Step::Nothing),
            Event::DocType(_) => refuse(Cause::DocumentType),
            Event::Eof if self.depth > 0 => refuse(Cause::Truncated),
            Event::Eof if !self.rooted => refuse(Cause::NotXml),
            Event::Eof => Ok(Step::End),
            Event::Empty(_) => refuse(Cause::Broken(
                "an element could not be told apart".to_owned(),
            )),
        }
    }

    fn text_piece(&mut self, text: &str, at: Position) -> Result<Step, Unreadable> {
        if self.depth > 0 {
            if !self.keep_text {
                return Ok(Step::Nothing);
            }
            self.text.clear();
            self.text.push_str(text);
            return Ok(Step::Text(at));
        }
        if text.trim_matches([' ', '\t', '\n', '\r']).is_empty() {
            return Ok(Step::Nothing);
        }
        let cause = match self.rooted {
            true => Cause::Broken("text stands after the last element".to_owned()),
            false => Cause::NotXml,
        };
        Err(Unreadable {
            cause,
            at: Some(at),
        })
    }

    fn open(&mut self, start: &BytesStart<'_>, at: Position) -> Result<Step, Unreadable> {
        let refuse = |cause| Unreadable {
            cause,
            at: Some(at),
        };
        if self.depth == 0 && std::mem::replace(&mut self.rooted, true) {
            return Err(refuse(Cause::Broken(
                "there is a second outermost element".to_owned(),
            )));
        }
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(refuse(Cause::TooDeep));
        }
        let name = start.name();
        if !is_name(name.into_inner()) {
            return Err(refuse(Cause::Broken(format!(
                "“{}” is not a name",
                clip(name.into_inner())
            ))));
        }
        self.read_attributes(start).map_err(refuse)?;
        let (resolved, local) = self.reader.resolver().resolve_element(name);
        self.element.namespace.clear();
        match resolved {
            ResolveResult::Bound(namespace) => {
                self.element.namespace.push_str(namespace.into_inner())
            }
            ResolveResult::Unbound => {}
            ResolveResult::Unknown(prefix) => return Err(refuse(undeclared(&prefix))),
        }
        self.element.local.clear();
        self.element.local.push_str(local.into_inner());
        Ok(Step::Open)
    }

    fn read_attributes(&mut self, start: &BytesStart<'_>) -> Result<(), Cause> {
        self.element.attributes.clear();
        if start.attributes_raw().is_empty() {
            return Ok(());
        }
        // Counted before the check for doubles, whose cost grows with the square of their number.
        if start.attributes().with_checks(false).count() > MAX_ATTRIBUTES {
            return Err(Cause::TooManyAttributes);
        }
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| Cause::Broken(clip(&error.to_string())))?;
            let key = attribute.key.into_inner();
            if !is_name(key) {
                return Err(Cause::Broken(format!("“{}” is not a name", clip(key))));
            }
            let value = attribute_value(&attribute)?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            match self.reader.resolver().resolve_attribute(attribute.key) {
                (ResolveResult::Unbound, local) => {
                    self.element
                        .attributes
                        .push((local.into_inner().to_owned(), value));
                }
                (ResolveResult::Bound(_), _) => {}
                (ResolveResult::Unknown(prefix), _) => return Err(undeclared(&prefix)),
            }
        }
        Ok(())
    }

    /// A reason of the source's own, if it had one.
    fn fault(&mut self, otherwise: Cause) -> Unreadable {
        let at = Some(self.position());
        Unreadable {
            cause: self.reader.get_mut().take_fault().unwrap_or(otherwise),
            at,
        }
    }

    fn broken(&mut self, error: quick_xml::Error, start: Position) -> Unreadable {
        use quick_xml::Error;
        use quick_xml::errors::SyntaxError;
        let cause = match error {
            Error::Io(error) => return self.fault(Cause::Io(error.to_string())),
            Error::Syntax(SyntaxError::UnclosedDoctype) => Cause::DocumentType,
            Error::Syntax(SyntaxError::InvalidBangMarkup) => {
                Cause::Broken("“<!” begins nothing that is known".to_owned())
            }
            Error::Syntax(_) => Cause::Truncated,
            other => Cause::Broken(clip(&other.to_string())),
        };
        Unreadable {
            cause,
            at: Some(start),
        }
    }
}

fn attribute_value(attribute: &Attribute<'_>) -> Result<String, Cause> {
    if attribute.value.contains('<') {
        return Err(Cause::Broken(
            "“<” stands in the value of an attribute".to_owned(),
        ));
    }
    match attribute.normalized_value(XmlVersion::Implicit1_0) {
        Ok(value) if value.chars().all(is_xml_char) => Ok(value.into_owned()),
        Ok(_) => Err(Cause::Control(0)),
        Err(quick_xml::Error::Escape(EscapeError::UnrecognizedEntity(_, name))) => {
            Err(Cause::Entity(clip(&name)))
        }
        Err(error) => Err(Cause::Broken(clip(&error.to_string()))),
    }
}

/// Numeric references and the five entities of XML itself; everything else would need a document type.
fn resolve(reference: &BytesRef<'_>) -> Result<char, Cause> {
    let resolved = reference
        .resolve_char_ref()
        .map_err(|error| Cause::Broken(clip(&error.to_string())))?;
    if let Some(c) = resolved {
        return if is_xml_char(c) {
            Ok(c)
        } else {
            Err(Cause::Control(c as u8))
        };
    }
    let name = reference.xml10_content();
    let known = resolve_predefined_entity(&name).and_then(|text| text.chars().next());
    known.ok_or_else(|| Cause::Entity(clip(&name)))
}

/// XML 1.0, production 23: a version, then perhaps an encoding, then perhaps `standalone`.
fn is_declaration(content: &str) -> bool {
    let mut expected = ["version", "encoding", "standalone"].into_iter();
    let mut versioned = false;
    content.starts_with("xml")
        && Attributes::new(content, "xml".len()).all(|attribute| {
            let Ok(attribute) = attribute else {
                return false;
            };
            let value = &*attribute.value;
            let key = attribute.key.into_inner();
            let in_order = expected.any(|name| name == key);
            versioned |= key == "version" && value.starts_with("1.");
            in_order && (key != "standalone" || matches!(value, "yes" | "no"))
        })
        && versioned
}

/// XML 1.0, production 2.
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// XML 1.0, production 5, with every character beyond ASCII taken as a letter.
fn is_name(name: &str) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || !c.is_ascii();
    let mut parts = name.split(':');
    let good = |part: &str| {
        part.starts_with(letter)
            && part
                .chars()
                .all(|c| letter(c) || c.is_ascii_digit() || matches!(c, '-' | '.'))
    };
    parts.next().is_some_and(good) && parts.next().is_none_or(good) && parts.next().is_none()
}

fn undeclared(prefix: &str) -> Cause {
    Cause::Broken(format!("the prefix “{}” is not declared", clip(prefix)))
}

/// Keeps what a hostile document puts into a message short.
pub(crate) fn clip(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
