//! Every file attached to a PDF, wherever it hangs (ISO 32000-1, 7.11.4 and 14.13).

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, Stream};

/// Name tree nodes and attachments visited at most: far above real files, low enough for a hostile one to end soon.
const MAX_VISITS: usize = 20_000;

/// What is known of an attached file without unpacking it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentInfo {
    /// File name as the PDF spells it.
    pub name: String,
    /// Media type that the PDF states, for example `text/xml`; unverified.
    pub media_type: Option<String>,
    /// `AFRelationship`, for example `Alternative`.
    pub relationship: Option<String>,
    /// Length in the PDF, packed, in bytes.
    pub packed_bytes: usize,
}

pub(super) struct Attachment<'a> {
    pub(super) id: ObjectIdentifier,
    pub(super) name: String,
    pub(super) relationship: Option<String>,
    pub(super) stream: Stream<'a>,
}

impl Attachment<'_> {
    pub(super) fn info(&self) -> AttachmentInfo {
        AttachmentInfo {
            name: self.name.clone(),
            media_type: self
                .stream
                .dict()
                .get::<Name<'_>>("Subtype")
                .map(|name| name.as_str().to_owned()),
            relationship: self.relationship.clone(),
            packed_bytes: self.stream.raw_data().len(),
        }
    }
}

/// All attachments of the document, each stream once, in the order found.
pub(super) fn collect(pdf: &Pdf) -> Vec<Attachment<'_>> {
    let mut walk = Walk {
        pdf,
        seen_nodes: HashSet::new(),
        seen_files: HashSet::new(),
        visits: 0,
        found: Vec::new(),
    };
    if let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) {
        if let Some(root) = catalog
            .get::<Dict<'_>>("Names")
            .and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles"))
        {
            walk.name_tree(root);
        }
        walk.associated_files(&catalog);
    }
    for page in pdf.pages().iter() {
        walk.associated_files(page.raw());
        walk.annotations(page.raw());
    }
    walk.found
}

struct Walk<'a> {
    pdf: &'a Pdf,
    seen_nodes: HashSet<ObjectIdentifier>,
    seen_files: HashSet<ObjectIdentifier>,
    visits: usize,
    found: Vec<Attachment<'a>>,
}

impl<'a> Walk<'a> {
    /// A work list instead of recursion, and a set of nodes seen, since `/Kids` may point back up.
    fn name_tree(&mut self, root: Dict<'a>) {
        let mut pending = vec![root];
        while let Some(node) = pending.pop() {
            if self.spent() {
                return;
            }
            if let Some(names) = node.get::<Array<'_>>("Names") {
                self.name_pairs(&names);
            }
            let Some(kids) = node.get::<Array<'_>>("Kids") else {
                continue;
            };
            let mut children: Vec<Dict<'a>> = kids
                .raw_iter()
                .filter_map(|kid| self.unseen_node(kid))
                .collect();
            // The work list is a stack: reversed, the leaves are met in the order of the document.
            children.reverse();
            pending.append(&mut children);
        }
    }

    fn unseen_node(&mut self, kid: MaybeRef<Object<'a>>) -> Option<Dict<'a>> {
        if let Some(reference) = kid.as_obj_ref()
            && !self.seen_nodes.insert(reference.into())
        {
            return None;
        }
        self.resolve(kid)?.into_dict()
    }

    /// `[key1 spec1 key2 spec2 ...]`; a key stands in where the specification has no name of its own.
    fn name_pairs(&mut self, names: &Array<'a>) {
        let mut key = None;
        for item in names.iter::<Object<'_>>() {
            match item {
                Object::String(text) => key = Some(decode_text(text.as_bytes())),
                Object::Dict(specification) => self.file(&specification, key.take()),
                _ => key = None,
            }
            if self.spent() {
                return;
            }
        }
    }

    fn associated_files(&mut self, owner: &Dict<'a>) {
        if let Some(files) = owner.get::<Array<'_>>("AF") {
            for specification in files.iter::<Dict<'_>>() {
                if self.spent() {
                    return;
                }
                self.file(&specification, None);
            }
        } else if let Some(specification) = owner.get::<Dict<'_>>("AF") {
            self.file(&specification, None);
        }
    }

    fn annotations(&mut self, page: &Dict<'a>) {
        let Some(annotations) = page.get::<Array<'_>>("Annots") else {
            return;
        };
        for annotation in annotations.iter::<Dict<'_>>() {
            if self.spent() {
                return;
            }
            let is_file = annotation
                .get::<Name<'_>>("Subtype")
                .is_some_and(|kind| kind.as_ref() == b"FileAttachment");
            if is_file && let Some(specification) = annotation.get::<Dict<'_>>("FS") {
                self.file(&specification, None);
            }
        }
    }

    fn file(&mut self, specification: &Dict<'a>, key: Option<String>) {
        let Some(streams) = specification.get::<Dict<'_>>("EF") else {
            return;
        };
        let Some(stream) = ["UF", "F", "Unix", "DOS", "Mac"]
            .iter()
            .find_map(|key| streams.get::<Stream<'_>>(key))
        else {
            return;
        };
        let id = stream.obj_id();
        if !self.seen_files.insert(id) {
            return;
        }
        let own_name = ["UF", "F"]
            .iter()
            .find_map(|key| specification.get::<hayro_syntax::object::String<'_>>(key));
        let name = own_name
            .map(|text| decode_text(text.as_bytes()))
            .or(key)
            .unwrap_or_default();
        let relationship = specification
            .get::<Name<'_>>("AFRelationship")
            .map(|name| name.as_str().to_owned());
        self.found.push(Attachment {
            id,
            name,
            relationship,
            stream,
        });
    }

    fn resolve(&self, object: MaybeRef<Object<'a>>) -> Option<Object<'a>> {
        match object {
            MaybeRef::Ref(reference) => self.pdf.xref().get::<Object<'_>>(reference.into()),
            MaybeRef::NotRef(object) => Some(object),
        }
    }

    fn spent(&mut self) -> bool {
        self.visits += 1;
        self.visits > MAX_VISITS
    }
}

/// A PDF text string (ISO 32000-1, 7.9.2.2): UTF-16 with a byte order mark, UTF-8 (PDF 2.0), or one byte a character.
pub(super) fn decode_text(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().copied().map(char::from).collect(),
        },
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    let units: Vec<u16> = pairs.iter().copied().map(unit).collect();
    String::from_utf16_lossy(&units)
}

#[cfg(test)]
mod tests {
    use super::decode_text;

    #[test]
    fn text_strings_are_read_in_every_encoding() {
        assert_eq!(decode_text(b"factur-x.xml"), "factur-x.xml");
        assert_eq!(decode_text(b"\xFE\xFF\0a\0\xE4"), "aä");
        assert_eq!(decode_text(b"\xFF\xFEa\0\xE4\0"), "aä");
        assert_eq!(decode_text(b"\xEF\xBB\xBF\xC3\xA4"), "ä");
        assert_eq!(decode_text(b"M\xFCller"), "Müller");
        assert_eq!(decode_text(b"\xFE\xFF\0a\xD8"), "a");
    }
}
