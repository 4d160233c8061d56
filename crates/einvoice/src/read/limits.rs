//! What the reader takes at most. A document beyond these is unreadable, with the limit named.
//!
//! They are far above what real documents need, and low enough that no document can make the reader slow or large.

/// Depth of elements.
pub const MAX_DEPTH: usize = 64;
/// Attributes of one element, namespace declarations included.
pub const MAX_ATTRIBUTES: usize = 64;
/// Bytes of one tag, comment, processing instruction or run of text, in UTF-8. Embedded files are not counted.
pub const MAX_PIECE_BYTES: usize = 1 << 20;
/// Bytes of one value, in UTF-8.
pub const MAX_VALUE_BYTES: usize = 1 << 20;
/// Invoice lines, and every other repeated group or term within one parent.
pub const MAX_REPEATS: u32 = 100_000;
/// Values and groups in one element whose meaning is only known at its end (an allowance or charge, for example).
pub const MAX_WAITING: usize = 10_000;
/// Facts in all.
pub const MAX_FACTS: usize = 1_500_000;
/// Findings that are kept; beyond, they are only counted.
pub const MAX_FINDINGS: usize = 1_000;
/// Bytes of the whole document.
pub const MAX_DOCUMENT_BYTES: u64 = 1 << 30;
