//! Writing a Factur-X file: pages of text with the invoice's XML attached, as PDF/A-3b.
//!
//! What PDF/A-3b asks for and how it is met: an sRGB output intent ([`super::icc`]), XMP metadata with the extension schema
//! ([`super::xmp`]), a font that is embedded by nature ([`super::glyphs`]), a file identifier, no encryption, no script.
//! There is no document information dictionary: it could only contradict the XMP packet.

use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::glyphs;
use super::icc;
use super::pdf_writer::{ObjectNumber, PdfWriter};
use super::xmp::{self, Packet};

const PAGE_WIDTH_PT: u32 = 595;
const PAGE_HEIGHT_PT: u32 = 842;
const MARGIN_PT: u32 = 50;
const FONT_SIZE_PT: u32 = 10;
const LINE_HEIGHT_PT: u32 = 15;
const LINES_PER_PAGE: usize = ((PAGE_HEIGHT_PT - 2 * MARGIN_PT) / LINE_HEIGHT_PT) as usize;
const CHARACTERS_PER_LINE: usize =
    ((PAGE_WIDTH_PT - 2 * MARGIN_PT) * 1000 / (glyphs::ADVANCE * FONT_SIZE_PT)) as usize;
/// A simple font has 256 codes; code 0 stays free.
const CODES_PER_FONT: usize = 255;

/// The profile that the XML follows (Factur-X 1.07, chapter 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Header totals only; not a complete invoice.
    Minimum,
    /// Header and totals without lines; not a complete invoice.
    BasicWithoutLines,
    /// A subset of EN 16931.
    Basic,
    /// EN 16931, also called COMFORT.
    En16931,
    /// EN 16931 with extensions.
    Extended,
    /// The German CIUS of EN 16931.
    Xrechnung,
}

impl Profile {
    /// The value of `fx:ConformanceLevel`.
    #[must_use]
    pub const fn conformance_level(self) -> &'static str {
        match self {
            Self::Minimum => "MINIMUM",
            Self::BasicWithoutLines => "BASIC WL",
            Self::Basic => "BASIC",
            Self::En16931 => "EN 16931",
            Self::Extended => "EXTENDED",
            Self::Xrechnung => "XRECHNUNG",
        }
    }

    /// The name under which the XML is attached.
    #[must_use]
    pub const fn file_name(self) -> &'static str {
        match self {
            Self::Xrechnung => "xrechnung.xml",
            _ => "factur-x.xml",
        }
    }

    /// `AFRelationship`: the two profiles that are no complete invoice accompany the page as data (Factur-X 1.07, 6.2.2).
    #[must_use]
    pub const fn relationship(self) -> &'static str {
        match self {
            Self::Minimum | Self::BasicWithoutLines => "Data",
            _ => "Alternative",
        }
    }

    const fn version(self) -> &'static str {
        match self {
            Self::Xrechnung => "3.0",
            _ => "1.0",
        }
    }
}

/// What [`embed`] writes besides the text and the XML.
#[derive(Debug, Clone, Copy)]
pub struct EmbedOptions<'a> {
    /// Profile of the XML.
    pub profile: Profile,
    /// Title of the document, for example `Invoice 471102`.
    pub title: &'a str,
    /// Who issued the document.
    pub author: &'a str,
    /// Time of creation, in UTC.
    pub created: DateTime,
}

/// Why a file cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EmbedError {
    /// There is no XML to embed.
    #[error("there is no invoice XML to embed: pass the complete XML document")]
    EmptyXml,
    /// The text needs more pages than a simple writer should make.
    #[error(
        "the text needs {pages} pages, more than {limit}: shorten it, the XML holds the complete invoice"
    )]
    TooLong {
        /// Pages needed.
        pages: usize,
        /// Pages allowed.
        limit: usize,
    },
}

const MAX_PAGES: usize = 1_000;

/// Writes a PDF/A-3b file that shows `lines` (wrapped at the page's width) and carries `xml` as its invoice.
///
/// The same arguments give the same bytes.
///
/// # Errors
/// [`EmbedError`] if there is no XML, or far too much text.
pub fn embed(
    lines: &[&str],
    xml: &[u8],
    options: &EmbedOptions<'_>,
) -> Result<Vec<u8>, EmbedError> {
    if xml.is_empty() {
        return Err(EmbedError::EmptyXml);
    }
    let wrapped: Vec<String> = lines.iter().flat_map(|line| wrap(line)).collect();
    let needed = wrapped.len().div_ceil(LINES_PER_PAGE).max(1);
    if needed > MAX_PAGES {
        return Err(EmbedError::TooLong {
            pages: needed,
            limit: MAX_PAGES,
        });
    }
    let mut pdf = PdfWriter::default();
    let pages = write_pages(&mut pdf, &wrapped);
    let metadata = write_metadata(&mut pdf, options);
    let intent = write_output_intent(&mut pdf);
    let file = write_attachment(&mut pdf, xml, options);
    let name = options.profile.file_name();
    let catalog = pdf.add(format!(
        "<< /Type /Catalog /Version /1.7 /Pages {pages} /Metadata {metadata} /OutputIntents [{intent}] /AF [{file}] \
         /Names << /EmbeddedFiles << /Names [({name}) {file}] >> >> /PageMode /UseAttachments \
         /ViewerPreferences << /DisplayDocTitle true >> >>"
    ));
    Ok(pdf.finish(catalog))
}

fn wrap(line: &str) -> Vec<String> {
    let characters: Vec<char> = line
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if characters.is_empty() {
        return vec![String::new()];
    }
    characters
        .chunks(CHARACTERS_PER_LINE)
        .map(|chunk| chunk.iter().collect())
        .collect()
}

fn write_pages(pdf: &mut PdfWriter, lines: &[String]) -> ObjectNumber {
    let alphabet: Vec<char> = lines
        .iter()
        .flat_map(|line| line.chars())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let fonts: Vec<ObjectNumber> = alphabet
        .chunks(CODES_PER_FONT)
        .map(|part| write_font(pdf, part))
        .collect();
    let font_entries: String = fonts
        .iter()
        .enumerate()
        .map(|(index, font)| format!("/F{index} {font} "))
        .collect();
    let parent = pdf.reserve();
    let mut sheets: Vec<&[String]> = lines.chunks(LINES_PER_PAGE).collect();
    if sheets.is_empty() {
        sheets.push(&[]);
    }
    let kids: Vec<ObjectNumber> = sheets
        .iter()
        .map(|sheet| {
            let content = pdf.add_stream("", page_content(sheet, &alphabet).as_bytes(), true);
            pdf.add(format!(
                "<< /Type /Page /Parent {parent} /MediaBox [0 0 {PAGE_WIDTH_PT} {PAGE_HEIGHT_PT}] \
                 /Resources << /Font << {font_entries}>> >> /Contents {content} >>"
            ))
        })
        .collect();
    let list = kids
        .iter()
        .map(ObjectNumber::to_string)
        .collect::<Vec<_>>()
        .join(" ");
    pdf.fill(
        parent,
        format!("<< /Type /Pages /Kids [{list}] /Count {} >>", kids.len()),
    );
    parent
}

/// One text object per page; runs of characters that share a font are one hexadecimal string.
fn page_content(lines: &[String], alphabet: &[char]) -> String {
    let top = PAGE_HEIGHT_PT - MARGIN_PT - FONT_SIZE_PT;
    let mut out = format!("BT\n0 g\n{LINE_HEIGHT_PT} TL\n{MARGIN_PT} {top} Td\n");
    for line in lines {
        let mut current_font = None;
        let mut open = false;
        for character in line.chars() {
            let index = alphabet
                .binary_search(&character)
                .expect("the alphabet was made from these lines");
            let (font, code) = (index / CODES_PER_FONT, index % CODES_PER_FONT + 1);
            if current_font != Some(font) {
                let close = if open { "> Tj\n" } else { "" };
                out.push_str(&format!("{close}/F{font} {FONT_SIZE_PT} Tf\n<"));
                (current_font, open) = (Some(font), true);
            }
            out.push_str(&format!("{code:02X}"));
        }
        out.push_str(if open { "> Tj\nT*\n" } else { "T*\n" });
    }
    out.push_str("ET\n");
    out
}

/// A Type 3 font whose codes 1, 2, 3 ... are the given characters.
fn write_font(pdf: &mut PdfWriter, characters: &[char]) -> ObjectNumber {
    let mut procedures = String::new();
    let mut differences = String::new();
    for character in characters {
        let glyph = pdf.add_stream("", glyphs::glyph_procedure(*character).as_bytes(), true);
        let name = format!("u{:04X}", u32::from(*character));
        procedures.push_str(&format!("/{name} {glyph} "));
        differences.push_str(&format!("/{name} "));
    }
    let widths = format!("{} ", glyphs::ADVANCE).repeat(characters.len());
    let to_unicode = pdf.add_stream("", to_unicode(characters).as_bytes(), true);
    pdf.add(format!(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 -300 600 800] /FontMatrix [0.001 0 0 0.001 0 0] /Resources << >> \
         /FirstChar 1 /LastChar {} /Widths [{widths}] /Encoding << /Type /Encoding /Differences [1 {differences}] >> \
         /CharProcs << {procedures}>> /ToUnicode {to_unicode} >>",
        characters.len()
    ))
}

/// A ToUnicode map (ISO 32000-1, 9.10.3); at most 100 entries stand in one block.
fn to_unicode(characters: &[char]) -> String {
    let mut out = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n/CMapName /Countersign-UCS def\n\
         /CMapType 2 def\n1 begincodespacerange\n<00> <FF>\nendcodespacerange\n",
    );
    let coded: Vec<(usize, char)> = characters
        .iter()
        .copied()
        .enumerate()
        .map(|(index, c)| (index + 1, c))
        .collect();
    for block in coded.chunks(100) {
        out.push_str(&format!("{} beginbfchar\n", block.len()));
        for (code, character) in block {
            let units: String = character
                .encode_utf16(&mut [0; 2])
                .iter()
                .map(|unit| format!("{unit:04X}"))
                .collect();
            out.push_str(&format!("<{code:02X}> <{units}>\n"));
        }
        out.push_str("endbfchar\n");
    }
    out.push_str("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
    out
}

fn write_metadata(pdf: &mut PdfWriter, options: &EmbedOptions<'_>) -> ObjectNumber {
    let created = options.created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let packet = xmp::write_packet(&Packet {
        title: options.title,
        author: options.author,
        producer: "Countersign",
        created: &created,
        file_name: options.profile.file_name(),
        version: options.profile.version(),
        conformance_level: options.profile.conformance_level(),
    });
    // Not packed, so that tools which only scan the bytes find it.
    pdf.add_stream("/Type /Metadata /Subtype /XML", packet.as_bytes(), false)
}

fn write_output_intent(pdf: &mut PdfWriter) -> ObjectNumber {
    let profile = pdf.add_stream("/N 3", &icc::srgb_profile(), true);
    pdf.add(format!(
        "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB) /Info (sRGB IEC61966-2.1) \
         /DestOutputProfile {profile} >>"
    ))
}

fn write_attachment(pdf: &mut PdfWriter, xml: &[u8], options: &EmbedOptions<'_>) -> ObjectNumber {
    let changed = options.created.strftime("D:%Y%m%d%H%M%SZ").to_string();
    let entries = format!(
        "/Type /EmbeddedFile /Subtype /text#2Fxml /Params << /Size {} /ModDate ({changed}) >>",
        xml.len()
    );
    let stream = pdf.add_stream(&entries, xml, true);
    let (name, relationship) = (options.profile.file_name(), options.profile.relationship());
    pdf.add(format!(
        "<< /Type /Filespec /F ({name}) /UF ({name}) /AFRelationship /{relationship} /Desc (The invoice as XML) \
         /EF << /F {stream} /UF {stream} >> >>"
    ))
}
