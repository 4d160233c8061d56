//! How much is read, and what is wrong with what is not.

/// How large a document may be. The defaults are far above what an identity provider sends.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub bytes: usize,
    pub depth: usize,
    /// Elements, and pieces of text, in the whole document.
    pub nodes: usize,
    /// Attributes and declarations of namespaces on one element.
    pub attributes: usize,
    /// Declarations of namespaces in force at one place.
    pub declarations: usize,
    /// Bytes of the name of one namespace.
    pub namespace_bytes: usize,
}

impl Limits {
    /// A response: 1 MiB, 64 levels, 20,000 nodes, 64 attributes on an element, 256 namespaces.
    pub const MESSAGE: Limits = Limits {
        bytes: 1024 * 1024,
        depth: 64,
        nodes: 20_000,
        attributes: 64,
        declarations: 256,
        namespace_bytes: 1024,
    };
    /// Metadata, which federations publish for many providers at once: 32 MiB and a million nodes.
    pub const METADATA: Limits = Limits {
        bytes: 32 * 1024 * 1024,
        depth: 64,
        nodes: 1_000_000,
        attributes: 64,
        declarations: 256,
        namespace_bytes: 1024,
    };
}

/// Why bytes are not taken for a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlError {
    #[error("the document is larger than {limit} bytes")]
    TooLarge { limit: usize },
    #[error("elements are nested deeper than {limit} levels")]
    TooDeep { limit: usize },
    #[error("there are more than {limit} elements and texts")]
    TooMany { limit: usize },
    #[error("an element has more than {limit} attributes")]
    TooManyAttributes { limit: usize },
    #[error("more than {limit} declarations of namespaces are in force at one place")]
    TooManyDeclarations { limit: usize },
    #[error("the name of a namespace has more than {limit} bytes")]
    LongNamespace { limit: usize },
    #[error("the bytes are not UTF-8")]
    NotUtf8,
    #[error("the document is declared to be in {0}, and only UTF-8 is read")]
    Encoding(String),
    #[error("there is a document type (DOCTYPE), which may define entities")]
    DocumentType,
    #[error("there is a processing instruction inside of an element")]
    ProcessingInstruction,
    #[error("the entity “{0}” is none of the five of XML itself")]
    Entity(String),
    #[error("there is a character that XML does not allow")]
    Character,
    #[error("“{0}” is no name")]
    Name(String),
    #[error("the prefix “{0}” is not declared")]
    Prefix(String),
    #[error("the namespace of “{0}” may not be declared so")]
    Declaration(String),
    #[error("the attribute “{0}” is there twice")]
    DuplicateAttribute(String),
    #[error("two elements have the ID “{0}”")]
    DuplicateId(String),
    #[error("the XML is broken: {0}")]
    Broken(String),
    #[error("the document ends before its last element is closed")]
    Truncated,
    #[error("there is no element")]
    Empty,
}
