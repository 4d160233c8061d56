//! A document of 50 MB, made while it is read, whose attachment is never held.

use crate::sample;
use countersign_einvoice::read::read;
use std::io::{self, Read};

/// Gives the parts one after the other, each as often as it says.
struct Parts {
    parts: Vec<(Vec<u8>, usize)>,
    at: usize,
}

impl Read for Parts {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let Some((part, times)) = self.parts.first_mut() {
            if self.at == part.len() {
                self.at = 0;
                *times -= 1;
            }
            if *times == 0 {
                self.parts.remove(0);
                continue;
            }
            let count = out.len().min(part.len() - self.at);
            out[..count].copy_from_slice(&part[self.at..self.at + count]);
            self.at += count;
            return Ok(count);
        }
        Ok(0)
    }
}

#[test]
fn fifty_megabytes_with_an_attachment_of_thirty_are_read() {
    let ubl = sample::ubl();
    let (head, rest) = ubl.split_at(ubl.find("<cac:AccountingSupplierParty>").unwrap());
    let (body, lines) = rest.split_at(rest.find("<cac:InvoiceLine>").unwrap());
    let line = &lines[..lines.find("</cac:InvoiceLine>").unwrap() + "</cac:InvoiceLine>".len()];
    let open = "<cac:AdditionalDocumentReference><cbc:ID>scan</cbc:ID><cac:Attachment><cbc:EmbeddedDocumentBinaryObject mimeCode=\"application/pdf\" filename=\"scan.pdf\">";
    let close =
        "</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>";
    let row = format!("{}\n", "QUJD".repeat(19));
    let (rows, copies) = (30_000_000 / row.len(), 20_000_000 / line.len());
    let parts = [
        (head, 1),
        (open, 1),
        (&row, rows),
        (close, 1),
        (body, 1),
        (line, copies),
        ("</Invoice>", 1),
    ];
    let parts = parts
        .map(|(text, times)| (text.as_bytes().to_vec(), times))
        .to_vec();
    assert!(
        parts
            .iter()
            .map(|(text, times)| text.len() * times)
            .sum::<usize>()
            > 49_900_000
    );
    let reading = read(Parts { parts, at: 0 }).unwrap();
    assert_eq!(reading.invoice.lines.len(), copies);
    assert_eq!(reading.invoice.lines[copies - 1].id.as_deref(), Some("1"));
    let file = reading.invoice.supporting_documents[0]
        .embedded
        .as_ref()
        .unwrap();
    assert_eq!(
        (file.filename.as_deref(), file.mime.as_deref()),
        (Some("scan.pdf"), Some("application/pdf"))
    );
    assert_eq!(
        (file.offset, file.len),
        ((head.len() + open.len()) as u64, (row.len() * rows) as u64)
    );
    let raw: usize = reading.facts.iter().map(|fact| fact.raw.len()).sum();
    assert!(raw < 5_000_000, "the facts hold {raw} bytes");
}

#[test]
fn the_place_of_an_attachment_holds_all_of_its_content() {
    let open = "<cbc:EmbeddedDocumentBinaryObject mimeCode=\"text/csv\" filename=\"a.csv\">";
    for content in [
        "",
        "QUJD",
        "\n  QUJD\n",
        "QUJD&#13;\nQUJD",
        "<![CDATA[QUJD]]>",
    ] {
        let reference = format!(
            "<cac:AdditionalDocumentReference><cbc:ID>a</cbc:ID><cac:Attachment>{open}{content}</cbc:EmbeddedDocumentBinaryObject></cac:Attachment></cac:AdditionalDocumentReference>"
        );
        let party = "<cac:AccountingSupplierParty>";
        let document = sample::ubl().replacen(party, &format!("{reference}{party}"), 1);
        let reading = read(document.as_bytes()).unwrap();
        let file = reading.invoice.supporting_documents[0]
            .embedded
            .as_ref()
            .unwrap();
        let (start, end) = (file.offset as usize, (file.offset + file.len) as usize);
        assert_eq!(&document[start..end], content);
    }
}
