//! The document's XMP metadata: reading the invoice's profile, writing a packet that PDF/A-3 accepts.

use hayro_syntax::Pdf;
use hayro_syntax::object::{Dict, Stream};
use quick_xml::NsReader;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{Namespace, ResolveResult};

use super::inflate;

/// Namespace of the Factur-X schema (Factur-X 1.07, 6.3.2), which ZUGFeRD 2.1 and later share.
pub(super) const FACTUR_X_NAMESPACE: &str = "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#";
const OLDER_NAMESPACES: [&str; 2] = [
    "urn:zugferd:pdfa:CrossIndustryDocument:invoice:2p0#",
    "urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#",
];
const PDF_A_NAMESPACE: &str = "http://www.aiim.org/pdfa/ns/id/";

const MAX_XMP_BYTES: usize = 4 * 1024 * 1024;
const MAX_XMP_EVENTS: usize = 100_000;

/// What the XMP packet claims about the embedded invoice and about PDF/A. All of it is unverified.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct XmpProfile {
    /// `fx:DocumentFileName`, for example `factur-x.xml`.
    pub document_file_name: Option<String>,
    /// `fx:DocumentType`, for example `INVOICE`.
    pub document_type: Option<String>,
    /// `fx:Version` of the standard, for example `1.0`.
    pub version: Option<String>,
    /// `fx:ConformanceLevel`, for example `EN 16931` or `XRECHNUNG`.
    pub conformance_level: Option<String>,
    /// `pdfaid:part`, `3` for PDF/A-3.
    pub pdf_a_part: Option<String>,
}

/// Reads the packet of the catalog's `/Metadata`; `None` where there is none, or none that can be read.
pub(super) fn read_profile(pdf: &Pdf) -> Option<XmpProfile> {
    let catalog = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id())?;
    let packet = inflate::unpack(&catalog.get::<Stream<'_>>("Metadata")?, MAX_XMP_BYTES).ok()?;
    parse(&packet)
}

fn parse(packet: &[u8]) -> Option<XmpProfile> {
    let text = String::from_utf8_lossy(packet);
    let mut reader = NsReader::from_str(&text);
    let mut profile = XmpProfile::default();
    let mut current: Option<(bool, String)> = None;
    for _ in 0..MAX_XMP_EVENTS {
        match reader.read_event().ok()? {
            Event::Start(element) => {
                take_attributes(&reader, &element, &mut profile);
                let (namespace, local) = reader.resolver().resolve_element(element.name());
                let local = local.as_ref().to_owned();
                current = schema(&namespace).map(|is_pdf_a| (is_pdf_a, local));
            }
            Event::Empty(element) => take_attributes(&reader, &element, &mut profile),
            Event::Text(text) => {
                if let Some((is_pdf_a, local)) = &current {
                    set(&mut profile, *is_pdf_a, local, text.trim());
                }
            }
            Event::End(_) => current = None,
            Event::Eof => return (profile != XmpProfile::default()).then_some(profile),
            _ => {}
        }
    }
    None
}

/// RDF allows a simple property to be written as an attribute of `rdf:Description`.
fn take_attributes(reader: &NsReader<&[u8]>, element: &BytesStart<'_>, profile: &mut XmpProfile) {
    for attribute in element.attributes().flatten() {
        let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
        if let Some(is_pdf_a) = schema(&namespace) {
            set(profile, is_pdf_a, local.as_ref(), attribute.value.trim());
        }
    }
}

/// `Some(true)` for the PDF/A identification schema, `Some(false)` for an invoice schema.
fn schema(namespace: &ResolveResult<'_>) -> Option<bool> {
    let ResolveResult::Bound(Namespace(uri)) = namespace else {
        return None;
    };
    let is = |wanted: &str| *uri == wanted;
    if is(PDF_A_NAMESPACE) {
        Some(true)
    } else {
        (is(FACTUR_X_NAMESPACE) || OLDER_NAMESPACES.iter().any(|older| is(older))).then_some(false)
    }
}

fn set(profile: &mut XmpProfile, is_pdf_a: bool, local: &str, value: &str) {
    let place = match (is_pdf_a, local) {
        (true, "part") => &mut profile.pdf_a_part,
        (false, "DocumentFileName") => &mut profile.document_file_name,
        (false, "DocumentType") => &mut profile.document_type,
        (false, "Version") => &mut profile.version,
        (false, "ConformanceLevel") => &mut profile.conformance_level,
        _ => return,
    };
    if place.is_none() && !value.is_empty() {
        *place = Some(value.to_owned());
    }
}

/// What goes into the packet that we write.
pub(super) struct Packet<'a> {
    pub(super) title: &'a str,
    pub(super) author: &'a str,
    pub(super) producer: &'a str,
    /// ISO 8601 with zone, for example `2026-01-31T09:00:00Z`.
    pub(super) created: &'a str,
    pub(super) file_name: &'a str,
    pub(super) version: &'a str,
    pub(super) conformance_level: &'a str,
}

/// An XMP packet with the PDF/A identification (ISO 19005-3, 6.6.4), the Factur-X properties and the extension
/// schema description that PDF/A demands for them (6.6.2.3).
pub(super) fn write_packet(packet: &Packet<'_>) -> String {
    let Packet {
        created, version, ..
    } = packet;
    let [title, author, producer] = [packet.title, packet.author, packet.producer].map(escape);
    let [file_name, level] = [packet.file_name, packet.conformance_level].map(escape);
    let properties: String = [
        ("DocumentFileName", "name of the embedded XML invoice file"),
        ("DocumentType", "INVOICE"),
        (
            "Version",
            "version of the XML schema of the embedded invoice",
        ),
        (
            "ConformanceLevel",
            "conformance level of the embedded invoice",
        ),
    ]
    .iter()
    .map(|(name, text)| {
        format!(
            "<rdf:li rdf:parseType=\"Resource\"><pdfaProperty:name>{name}</pdfaProperty:name>\
             <pdfaProperty:valueType>Text</pdfaProperty:valueType>\
             <pdfaProperty:category>external</pdfaProperty:category>\
             <pdfaProperty:description>{text}</pdfaProperty:description></rdf:li>\n"
        )
    })
    .collect();
    format!(
        r#"<?xpacket begin="{bom}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer><xmp:CreatorTool>{producer}</xmp:CreatorTool>
<xmp:CreateDate>{created}</xmp:CreateDate><xmp:ModifyDate>{created}</xmp:ModifyDate>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:fx="{FACTUR_X_NAMESPACE}">
<fx:DocumentType>INVOICE</fx:DocumentType><fx:DocumentFileName>{file_name}</fx:DocumentFileName>
<fx:Version>{version}</fx:Version><fx:ConformanceLevel>{level}</fx:ConformanceLevel>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>Factur-X PDFA Extension Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>{FACTUR_X_NAMESPACE}</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>fx</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq>
{properties}</rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"#,
        bom = '\u{FEFF}',
    )
}

/// Text for XML content; characters that XML 1.0 has no way to write are left away.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{FFFE}' | '\u{FFFF}' => {}
            other if other.is_control() => {}
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{XmpProfile, parse};

    #[test]
    fn both_spellings_of_a_property_are_read() {
        let packet = br#"<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
            <r:Description xmlns:zf="urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#" zf:ConformanceLevel="BASIC"/>
            <r:Description xmlns:zf="urn:ferd:pdfa:CrossIndustryDocument:invoice:1p0#"><zf:Version>1.0</zf:Version></r:Description>
            <r:Description xmlns:zf="urn:somebody:else"><zf:DocumentType>X</zf:DocumentType></r:Description></r:RDF>"#;
        let expected = XmpProfile {
            conformance_level: Some("BASIC".to_owned()),
            version: Some("1.0".to_owned()),
            ..XmpProfile::default()
        };
        assert_eq!(parse(packet), Some(expected));
        assert_eq!(parse(b"<a/>"), None);
        assert_eq!(parse(b"<a"), None);
    }
}
