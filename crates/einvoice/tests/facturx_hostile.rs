//! PDFs made to mislead or to stop a reader: each must end in an answer.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;
use std::io::Write as _;

use countersign_einvoice::facturx::{EmbedOptions, FacturXError, Profile, embed, extract};
use flate2::Compression;
use flate2::write::ZlibEncoder;
use jiff::civil::date;
use proptest::prelude::*;

/// A PDF of the given objects (numbered from 1; object 1 is the catalog).
fn pdf(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        writeln!(table, "{:010} 00000 n ", out.len()).unwrap();
        out.extend(format!("{} 0 obj\n", index + 1).bytes());
        out.extend(object);
        out.extend(b"\nendobj\n");
    }
    let at = out.len();
    out.extend(table.bytes());
    let trailer = format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{at}\n%%EOF\n",
        objects.len() + 1
    );
    out.extend(trailer.bytes());
    out
}

fn stream(entries: &str, content: &[u8]) -> Vec<u8> {
    let mut out = format!("<< {entries} /Length {} >>\nstream\n", content.len()).into_bytes();
    out.extend(content);
    out.extend(b"\nendstream");
    out
}

const PAGES: &[u8] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>";
const PAGE: &[u8] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] >>";

fn with_catalog(catalog: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let mut objects = vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>").into_bytes(),
        PAGES.to_vec(),
        PAGE.to_vec(),
    ];
    objects.extend_from_slice(more);
    pdf(&objects)
}

fn specification(name: &str, stream: usize) -> Vec<u8> {
    format!("<< /Type /Filespec /F ({name}) /EF << /F {stream} 0 R >> >>").into_bytes()
}

#[test]
fn other_files_are_named_as_what_they_are_not() {
    assert_eq!(extract(b""), Err(FacturXError::NotPdf));
    assert_eq!(
        extract(b"Dear Sirs, please find enclosed"),
        Err(FacturXError::NotPdf)
    );
    assert_eq!(
        extract(b"%PDF-1.7\nnothing else"),
        Err(FacturXError::Broken)
    );
    assert_eq!(
        extract(&with_catalog("", &[])),
        Err(FacturXError::NoInvoice {
            attachments: vec![]
        })
    );
}

#[test]
fn a_name_tree_that_points_at_itself_ends_and_still_yields_its_leaf() {
    let catalog = "/Names << /EmbeddedFiles 4 0 R >>";
    let more = [
        b"<< /Kids [4 0 R 5 0 R 5 0 R] >>".to_vec(),
        b"<< /Kids [4 0 R 6 0 R] >>".to_vec(),
        b"<< /Names [(factur-x.xml) 7 0 R] /Kids [5 0 R] >>".to_vec(),
        specification("factur-x.xml", 8),
        stream("", b"<a/>"),
    ];
    assert_eq!(extract(&with_catalog(catalog, &more)).unwrap().xml, b"<a/>");
}

#[test]
fn a_page_tree_that_points_at_itself_ends() {
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R /AF [4 0 R] >>".to_vec(),
        b"<< /Type /Pages /Kids [2 0 R 3 0 R 2 0 R] /Count 3 >>".to_vec(),
        PAGE.to_vec(),
        specification("ZUGFeRD-invoice.xml", 5),
        stream("", b"<b/>"),
    ];
    let found = extract(&pdf(&objects)).unwrap();
    assert_eq!(
        (found.name.as_str(), found.xml.as_slice()),
        ("ZUGFeRD-invoice.xml", &b"<b/>"[..])
    );
}

#[test]
fn the_associated_file_of_a_page_and_an_attachment_annotation_are_found() {
    for owner in [
        "/AF [4 0 R]",
        "/AF 4 0 R",
        "/Annots [<< /Subtype /FileAttachment /FS 4 0 R >>]",
    ] {
        let page =
            format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] {owner} >>").into_bytes();
        let catalog = b"<< /Type /Catalog /Pages 2 0 R >>".to_vec();
        let bytes = pdf(&[
            catalog,
            PAGES.to_vec(),
            page,
            specification("xrechnung.xml", 5),
            stream("", b"<c/>"),
        ]);
        assert_eq!(extract(&bytes).unwrap().xml, b"<c/>", "{owner}");
    }
}

#[test]
fn two_different_invoices_under_one_name_are_refused() {
    let build = |second: &[u8]| {
        let more = [
            specification("factur-x.xml", 6),
            specification("Factur-X.xml", 7),
            stream("", b"<pay>1</pay>"),
            stream("", second),
        ];
        extract(&with_catalog(
            "/Names << /EmbeddedFiles << /Names [(a) 4 0 R] >> >> /AF [5 0 R]",
            &more,
        ))
    };
    assert_eq!(
        build(b"<pay>1000</pay>"),
        Err(FacturXError::Ambiguous {
            name: "factur-x.xml".to_owned()
        })
    );
    assert_eq!(build(b"<pay>1</pay>").unwrap().xml, b"<pay>1</pay>");
}

#[test]
fn a_bomb_is_stopped_at_the_limit() {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
    for _ in 0..80 {
        encoder.write_all(&vec![b' '; 1 << 20]).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    assert!(bomb.len() < 200_000);
    let more = [
        specification("factur-x.xml", 5),
        stream("/Filter /FlateDecode", &bomb),
    ];
    let result = extract(&with_catalog("/AF [4 0 R]", &more));
    assert!(
        matches!(result, Err(FacturXError::TooLarge { .. })),
        "{result:?}"
    );
}

#[test]
fn packing_we_do_not_know_is_never_taken_for_none() {
    for (filter, name) in [
        ("/Filter /LZWDecode", "LzwDecode"),
        ("/Filter [/Secret]", "Secret"),
    ] {
        let more = [
            specification("factur-x.xml", 5),
            stream(filter, b"\x80\x0b"),
        ];
        let result = extract(&with_catalog("/AF [4 0 R]", &more));
        let expected = FacturXError::Packing {
            name: "factur-x.xml".to_owned(),
            filter: name.to_owned(),
        };
        assert_eq!(result, Err(expected));
    }
    let more = [
        specification("factur-x.xml", 5),
        stream("/Filter /FlateDecode", b"not packed"),
    ];
    let result = extract(&with_catalog("/AF [4 0 R]", &more));
    assert_eq!(
        result,
        Err(FacturXError::Damaged {
            name: "factur-x.xml".to_owned()
        })
    );
}

#[test]
fn a_file_that_needs_a_password_is_named_as_encrypted() {
    let plain = String::from_utf8(with_catalog("/AF [4 0 R]", &[])).unwrap();
    let encrypt = format!(
        "/ID [<00> <00>] /Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{0}> /U <{0}> >> /Root",
        "5A".repeat(32)
    );
    let result = extract(plain.replace("/Root", &encrypt).as_bytes());
    assert!(
        matches!(result, Err(FacturXError::Encrypted { .. })),
        "{result:?}"
    );
}

#[test]
fn deep_nesting_does_not_exhaust_the_stack() {
    for (open, close) in [("[", "]"), ("<< /A ", " >>")] {
        let nested = format!("{}1{}", open.repeat(3_000), close.repeat(3_000));
        let bytes = with_catalog(
            &format!("/Names << /EmbeddedFiles {nested} >> /AF {nested}"),
            &[],
        );
        assert!(extract(&bytes).is_err());
    }
}

fn sample() -> Vec<u8> {
    let options = EmbedOptions {
        profile: Profile::En16931,
        title: "Invoice 1",
        author: "Vendor",
        created: date(2026, 1, 31).at(9, 0, 0, 0),
    };
    embed(
        &["Invoice 1", "Total 12.34 EUR"],
        b"<invoice>12.34</invoice>",
        &options,
    )
    .unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = extract(&bytes);
        let _ = extract(&[b"%PDF-1.7\n".as_slice(), &bytes].concat());
    }

    #[test]
    fn a_damaged_file_gives_an_answer(cut in 0.0..1.0_f64, flips in proptest::collection::vec((0.0..1.0_f64, any::<u8>()), 0..20)) {
        let mut bytes = sample();
        for (place, value) in flips {
            let at = (place * (bytes.len() - 1) as f64) as usize;
            bytes[at] ^= value;
        }
        let _ = extract(&bytes);
        bytes.truncate((cut * bytes.len() as f64) as usize);
        let _ = extract(&bytes);
    }
}
