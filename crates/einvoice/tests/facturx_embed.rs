//! The files we write: read back by ourselves, opened by poppler, and checked against what PDF/A-3b asks of the structure.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::Path;
use std::process::{Command, Output};

use countersign_einvoice::facturx::{EmbedError, EmbedOptions, Profile, embed, extract};
use jiff::civil::date;

const XML: &[u8] = b"<?xml version=\"1.0\"?><invoice>M\xC3\xBCller</invoice>";

fn options(profile: Profile) -> EmbedOptions<'static> {
    EmbedOptions {
        profile,
        title: "Invoice <1> & more",
        author: "Müller",
        created: date(2026, 1, 31).at(9, 8, 7, 0),
    }
}

fn write(lines: &[&str]) -> Vec<u8> {
    embed(lines, XML, &options(Profile::En16931)).unwrap()
}

fn count(bytes: &[u8], needle: &str) -> usize {
    bytes
        .windows(needle.len())
        .filter(|window| *window == needle.as_bytes())
        .count()
}

#[test]
fn what_is_embedded_is_extracted_again() {
    for profile in [
        Profile::Minimum,
        Profile::BasicWithoutLines,
        Profile::En16931,
        Profile::Extended,
        Profile::Xrechnung,
    ] {
        let found = extract(&embed(&["Invoice"], XML, &options(profile)).unwrap()).unwrap();
        assert_eq!(found.xml, XML);
        assert_eq!(found.name, profile.file_name());
        assert_eq!(found.relationship.as_deref(), Some(profile.relationship()));
        assert_eq!(found.attachments.len(), 1);
        assert_eq!(found.attachments[0].media_type.as_deref(), Some("text/xml"));
        let xmp = found.xmp_profile.unwrap();
        assert_eq!(
            xmp.conformance_level.as_deref(),
            Some(profile.conformance_level())
        );
        assert_eq!(xmp.document_file_name.as_deref(), Some(profile.file_name()));
        assert_eq!(xmp.document_type.as_deref(), Some("INVOICE"));
        assert_eq!(xmp.pdf_a_part.as_deref(), Some("3"));
    }
    assert_eq!(
        write(&["same"]),
        write(&["same"]),
        "the same arguments give the same bytes"
    );
    assert_eq!(
        embed(&[], b"", &options(Profile::Basic)),
        Err(EmbedError::EmptyXml)
    );
}

/// ISO 19005-3: 6.1.2 header, 6.1.3 trailer, 6.2.3 output intent, 6.6 metadata, 6.8 embedded files, 6.2.11 fonts.
#[test]
fn the_structure_meets_pdf_a_3b() {
    let bytes = write(&["Invoice 1", "Müller & Söhne", "日本"]);
    assert!(bytes.starts_with(b"%PDF-1.7\n%") && bytes[10..14].iter().all(|byte| *byte > 127));
    assert!(bytes.ends_with(b"%%EOF\n"));
    for (needle, times) in [
        ("/ID [<", 1),
        ("/Encrypt", 0),
        ("/JavaScript", 0),
        ("/Info <", 0),
        ("/OutputIntents [", 1),
        ("/S /GTS_PDFA1", 1),
        ("/DestOutputProfile ", 1),
        ("/Type /Metadata /Subtype /XML", 1),
        (
            "<pdfaid:part>3</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>",
            1,
        ),
        ("<pdfaExtension:schemas>", 1),
        ("<pdfaProperty:name>", 4),
        ("Invoice &lt;1&gt; &amp; more", 1),
        ("2026-01-31T09:08:07Z", 2),
        ("/AF [", 1),
        ("/EmbeddedFiles", 1),
        ("/AFRelationship /Alternative", 1),
        ("/ModDate (D:20260131090807Z)", 1),
        ("/Subtype /Type3", 1),
        ("/Subtype /Type1", 0),
        ("/Subtype /TrueType", 0),
    ] {
        assert_eq!(count(&bytes, needle), times, "{needle}");
    }
    offsets_point_at_their_objects(&bytes);
}

fn offsets_point_at_their_objects(bytes: &[u8]) {
    let at = bytes
        .windows(7)
        .rposition(|window| window == b"\nxref\n0")
        .unwrap()
        + 1;
    let table = String::from_utf8(bytes[at..].to_vec()).unwrap();
    let entries: Vec<&str> = table
        .lines()
        .filter(|line| line.ends_with(" 00000 n "))
        .collect();
    assert!(entries.len() > 10);
    for (index, entry) in entries.iter().enumerate() {
        let offset: usize = entry[..10].parse().unwrap();
        assert!(
            bytes[offset..].starts_with(format!("{} 0 obj\n", index + 1).as_bytes()),
            "object {}",
            index + 1
        );
    }
    assert!(table.contains(&format!("startxref\n{at}\n")));
}

fn poppler(tool: &str, arguments: &[&str], file: &Path) -> Option<Output> {
    let output = Command::new(tool)
        .args(arguments)
        .arg(file)
        .arg("-")
        .output();
    if output.is_err() {
        eprintln!("SKIPPED: {tool} (poppler-utils) is not installed");
    }
    output.ok()
}

#[test]
fn poppler_opens_it_and_reads_the_text_and_the_attachment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("invoice.pdf");
    let many: Vec<String> = (0..120)
        .map(|line| format!("Line {line} of Müller & Söhne, Größe 3 × 4, 日本 €"))
        .collect();
    let lines: Vec<&str> = many.iter().map(String::as_str).collect();
    std::fs::write(&path, write(&lines)).unwrap();

    let Some(text) = poppler("pdftotext", &["-layout", "-enc", "UTF-8"], &path) else {
        return;
    };
    let read = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&text.stderr)
    );
    assert!(
        read.contains("Line 119 of Müller & Söhne, Größe 3 × 4, 日本 €"),
        "{read}"
    );

    let image = folder.path().join("page");
    let render = Command::new("pdftoppm")
        .args(["-r", "60", "-png"])
        .arg(&path)
        .arg(&image)
        .output()
        .unwrap();
    assert!(
        render.status.success() && render.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&render.stderr)
    );
    assert_eq!(
        std::fs::read_dir(folder.path()).unwrap().count(),
        1 + 3,
        "120 lines on three pages"
    );

    let detach = Command::new("pdfdetach")
        .args(["-saveall", "-o"])
        .arg(folder.path())
        .arg(&path)
        .output()
        .unwrap();
    assert!(detach.status.success());
    assert_eq!(
        std::fs::read(folder.path().join("factur-x.xml")).unwrap(),
        XML
    );
}
