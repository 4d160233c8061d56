//! A pull reader that knows which element must come next, for messages without optional structure beyond
//! what we write. Whatever is not expected is an error: a payment file has no room for surprises.

use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

use super::read::{ReadError, ReadProblem};

/// Longest name of a found element that an error repeats.
const MAX_SHOWN: usize = 40;

pub(super) struct Pull<'a> {
    reader: Reader<&'a [u8]>,
    peeked: Option<Tag<'a>>,
}

enum Tag<'a> {
    Open(BytesStart<'a>),
    Close,
    End,
}

impl<'a> Pull<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let text = str::from_utf8(bytes).map_err(|error| ReadError {
            offset: error.valid_up_to() as u64,
            problem: ReadProblem::NotUtf8,
        })?;
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Ok(Self {
            reader,
            peeked: None,
        })
    }

    /// An error at the place reached so far.
    pub(super) fn error(&self, problem: ReadProblem) -> ReadError {
        ReadError {
            offset: self.reader.buffer_position(),
            problem,
        }
    }

    /// Goes into the element `name`, which must be next and have no attribute.
    pub(super) fn open(&mut self, name: &'static str) -> Result<(), ReadError> {
        let start = self.start(name)?;
        if start.attributes_raw().trim().is_empty() {
            Ok(())
        } else {
            Err(self.error(ReadProblem::Attributes { element: name }))
        }
    }

    /// Goes into the element `name`, whose one attribute must be `attribute`; gives that one's value.
    pub(super) fn open_with(
        &mut self,
        name: &'static str,
        attribute: &str,
    ) -> Result<String, ReadError> {
        let start = self.start(name)?;
        let mut attributes = start.attributes();
        match (attributes.next(), attributes.next()) {
            (Some(Ok(only)), None) if only.key.as_ref() == attribute => Ok(only.value.into_owned()),
            _ => Err(self.error(ReadProblem::Attributes { element: name })),
        }
    }

    /// Whether the element `name` is next.
    pub(super) fn is_next(&mut self, name: &str) -> Result<bool, ReadError> {
        let tag = self.next_tag()?;
        let answer = matches!(&tag, Tag::Open(start) if start.name().as_ref() == name);
        self.peeked = Some(tag);
        Ok(answer)
    }

    /// Leaves the element: nothing may be left in it.
    pub(super) fn close(&mut self) -> Result<(), ReadError> {
        match self.next_tag()? {
            Tag::Close => Ok(()),
            other => Err(self.unexpected("the end of the element", &other)),
        }
    }

    /// The end of the file must be next.
    pub(super) fn finish(&mut self) -> Result<(), ReadError> {
        match self.next_tag()? {
            Tag::End => Ok(()),
            other => Err(self.unexpected("the end of the file", &other)),
        }
    }

    /// Everything inside an element, which must be next.
    pub(super) fn element<T>(
        &mut self,
        name: &'static str,
        content: impl FnOnce(&mut Self) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        self.open(name)?;
        let value = content(self)?;
        self.close()?;
        Ok(value)
    }

    /// The text of an element without children, which must be next.
    pub(super) fn leaf(&mut self, name: &'static str) -> Result<String, ReadError> {
        self.open(name)?;
        self.text_to_end(name)
    }

    /// The text of an element without children, if that is next.
    pub(super) fn optional_leaf(
        &mut self,
        name: &'static str,
    ) -> Result<Option<String>, ReadError> {
        if self.is_next(name)? {
            self.leaf(name).map(Some)
        } else {
            Ok(None)
        }
    }

    /// A leaf whose text one function understands.
    pub(super) fn value<T>(
        &mut self,
        name: &'static str,
        understand: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, ReadError> {
        let text = self.leaf(name)?;
        understand(&text).ok_or_else(|| self.error(ReadProblem::Value { element: name }))
    }

    /// A leaf that can only have one text.
    pub(super) fn fixed(&mut self, name: &'static str, text: &str) -> Result<(), ReadError> {
        self.value(name, |found| (found == text).then_some(()))
    }

    /// The text up to the end of the element that was opened last.
    pub(super) fn text_to_end(&mut self, name: &'static str) -> Result<String, ReadError> {
        let mut text = String::new();
        loop {
            match self.event()? {
                Event::Text(piece) => text.push_str(&piece.xml10_content()),
                Event::GeneralRef(reference) => {
                    let character = reference.resolve_char_ref().map_err(|_| self.malformed())?;
                    match (character, resolve_xml_entity(&reference)) {
                        (Some(character), _) => text.push(character),
                        (None, Some(entity)) => text.push_str(entity),
                        (None, None) => {
                            return Err(self.error(ReadProblem::Forbidden("an entity of its own")));
                        }
                    }
                }
                Event::End(_) => return Ok(text),
                other => return Err(self.not_in_text(name, &other)),
            }
        }
    }

    fn start(&mut self, name: &'static str) -> Result<BytesStart<'a>, ReadError> {
        match self.next_tag()? {
            Tag::Open(start) if start.name().as_ref() == name => Ok(start),
            other => Err(self.unexpected(name, &other)),
        }
    }

    fn next_tag(&mut self) -> Result<Tag<'a>, ReadError> {
        if let Some(tag) = self.peeked.take() {
            return Ok(tag);
        }
        loop {
            match self.event()? {
                Event::Decl(_) => {}
                Event::Text(text) if text.trim_matches([' ', '\t', '\r', '\n']).is_empty() => {}
                Event::Start(start) => return Ok(Tag::Open(start)),
                Event::End(_) => return Ok(Tag::Close),
                Event::Eof => return Ok(Tag::End),
                other => return Err(self.error(ReadProblem::Forbidden(kind(&other)))),
            }
        }
    }

    fn event(&mut self) -> Result<Event<'a>, ReadError> {
        self.reader.read_event().map_err(|_| ReadError {
            offset: self.reader.error_position(),
            problem: ReadProblem::Malformed,
        })
    }

    fn malformed(&self) -> ReadError {
        self.error(ReadProblem::Malformed)
    }

    fn not_in_text(&self, name: &'static str, event: &Event<'_>) -> ReadError {
        self.error(match event {
            Event::Start(_) | Event::Eof => ReadProblem::Value { element: name },
            other => ReadProblem::Forbidden(kind(other)),
        })
    }

    fn unexpected(&self, expected: &'static str, found: &Tag<'_>) -> ReadError {
        let found = match found {
            Tag::Open(start) => start.name().as_ref().chars().take(MAX_SHOWN).collect(),
            Tag::Close => "the end of the element".to_owned(),
            Tag::End => "the end of the file".to_owned(),
        };
        self.error(ReadProblem::Unexpected { expected, found })
    }
}

fn kind(event: &Event<'_>) -> &'static str {
    match event {
        Event::DocType(_) => "a document type declaration",
        Event::Comment(_) => "a comment",
        Event::PI(_) => "a processing instruction",
        Event::CData(_) => "a CDATA section",
        _ => "text between elements",
    }
}
