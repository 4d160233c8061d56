//! The hostile files: made from real material by fixed seeds.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use countersign_sealing::{Entropy as _, SeededEntropy};
use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::super::intake::{IBAN, VAT_ID, ubl};
use super::super::support::material;

/// What a file is, which stands in its name too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    NaughtyText,
    NaughtyFile,
    Cut,
    Flipped,
    BrokenPdf,
    Renamed,
    XmlBomb,
    ZipBomb,
    PdfBomb,
    PdfLoop,
}

impl Harm {
    const ALL: [Self; 10] = [
        Self::NaughtyText,
        Self::NaughtyFile,
        Self::Cut,
        Self::Flipped,
        Self::BrokenPdf,
        Self::Renamed,
        Self::XmlBomb,
        Self::ZipBomb,
        Self::PdfBomb,
        Self::PdfLoop,
    ];

    /// Whether nothing of the kind can be read as an invoice.
    pub fn is_never_a_bill(self) -> bool {
        matches!(
            self,
            Self::NaughtyFile | Self::Cut | Self::Renamed | Self::XmlBomb | Self::ZipBomb
        )
    }
}

pub struct Hostile {
    pub harm: Harm,
    pub name: String,
    pub bytes: Vec<u8>,
}

/// The real documents that are broken here.
pub struct Sources {
    texts: Vec<String>,
    invoices: Vec<Vec<u8>>,
    pdf: Vec<u8>,
}

impl Sources {
    pub fn read() -> Option<Self> {
        let list = fs::read_to_string(material("blns")?.join("blns.json")).expect("it reads");
        let invoices = material("xrechnung-testsuite/technical-cases/cius")?;
        let mut paths: Vec<PathBuf> = fs::read_dir(invoices)
            .expect("it reads")
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "xml"))
            .collect();
        paths.sort();
        let pdf = material("zugferd-corpus/unstructured")?
            .join("RE-E-974-Hetzner_2016-01-19_R0005532486.pdf");
        let read = |path: &PathBuf| fs::read(path).expect("it reads");
        Some(Self {
            texts: serde_json::from_str(&list).expect("a list of strings"),
            invoices: paths.iter().map(read).collect(),
            pdf: read(&pdf),
        })
    }

    pub fn make(&self, n: usize, random: &SeededEntropy) -> Hostile {
        let harm = Harm::ALL[n % Harm::ALL.len()];
        let round = n / Harm::ALL.len();
        let text = &self.texts[(round * 7 + 11) % self.texts.len()];
        let invoice = &self.invoices[round % self.invoices.len()];
        let (extension, bytes) = match harm {
            Harm::NaughtyText => {
                let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
                let number = format!("{n} {escaped}");
                ("xml", ubl(&number, &number, "119.00", IBAN, VAT_ID))
            }
            Harm::NaughtyFile => ("xml", text.as_bytes().to_vec()),
            Harm::Cut => (
                "xml",
                invoice[..below(random, invoice.len() * 9 / 10)].to_vec(),
            ),
            Harm::Flipped => ("xml", flipped(invoice, random)),
            Harm::BrokenPdf if round.is_multiple_of(2) => ("pdf", flipped(&self.pdf, random)),
            Harm::BrokenPdf => ("pdf", self.pdf[..below(random, self.pdf.len())].to_vec()),
            Harm::Renamed => ("pdf", format!("Dear Sirs, {n} {text}").into_bytes()),
            Harm::XmlBomb => ("xml", xml_bomb(round)),
            Harm::ZipBomb => ("zip", zip_bomb(n)),
            Harm::PdfBomb => ("pdf", pdf_bomb(n)),
            Harm::PdfLoop => ("pdf", pdf_loop(round)),
        };
        let shown: String = text
            .chars()
            .filter(|c| !"/\0".contains(*c))
            .take(40)
            .collect();
        Hostile {
            harm,
            name: format!("{n:04}-{harm:?}-{shown}.{extension}"),
            bytes,
        }
    }
}

fn below(random: &SeededEntropy, end: usize) -> usize {
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    usize::try_from(u32::from_le_bytes(bytes)).expect("it fits") % end.max(1)
}

fn flipped(bytes: &[u8], random: &SeededEntropy) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=below(random, 24) {
        let at = below(random, bytes.len());
        bytes[at] ^= 1 << below(random, 8);
    }
    bytes
}

fn xml_bomb(round: usize) -> Vec<u8> {
    match round % 4 {
        0 => {
            let mut text = format!("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a0 'lol{round}'>");
            for n in 1..10 {
                let inner = format!("&a{};", n - 1).repeat(10);
                text.push_str(&format!("<!ENTITY a{n} '{inner}'>"));
            }
            text + "]><Invoice>&a9;</Invoice>"
        }
        1 => format!(
            "<?xml version='1.0'?><!DOCTYPE x SYSTEM 'file:///etc/passwd' [<!ENTITY e SYSTEM 'file:///etc/hostname'>]><Invoice n='{round}'>&e;</Invoice>"
        ),
        2 => "<Invoice>".repeat(100_000 + round),
        _ => format!("<Invoice a='{}'/>", "x".repeat(8_000_000 + round)),
    }
    .into_bytes()
}

/// So many MiB of zeros as a zlib stream (RFC 1950), made of one block written again and again.
fn deflated(mebibytes: usize) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder
        .write_all(&vec![0; 1 << 20])
        .and_then(|()| encoder.flush())
        .expect("memory takes it");
    // Adler-32 of zeros alone: one sum stays 1, the other counts the bytes.
    let count = u32::try_from((mebibytes << 20) % 65_521).expect("it is small");
    let sum = (count << 16) | 1;
    let last_block = [3, 0];
    let blocks = encoder.get_ref().repeat(mebibytes);
    [&[0x78, 0x9c][..], &blocks, &last_block, &sum.to_be_bytes()].concat()
}

/// A ZIP archive (APPNOTE 4.3.7) of one file that says that it unpacks to 4 GB.
fn zip_bomb(n: usize) -> Vec<u8> {
    let data = deflated(32);
    let name = format!("{n}.xml");
    let mut bytes = b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0\0\0\0\0".to_vec();
    bytes.extend(
        u32::try_from(data.len())
            .expect("it is small")
            .to_le_bytes(),
    );
    bytes.extend(u32::MAX.to_le_bytes());
    bytes.extend(
        u16::try_from(name.len())
            .expect("it is short")
            .to_le_bytes(),
    );
    bytes.extend([0, 0]);
    bytes.extend(name.bytes());
    bytes.extend(data);
    bytes
}

/// A PDF whose page and whose attached invoice unpack to 256 MiB each.
fn pdf_bomb(n: usize) -> Vec<u8> {
    let data = deflated(256);
    let head = format!(
        "%PDF-1.7\n% {n}\n1 0 obj<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(factur-x.xml) 5 0 R]>>>>>>endobj\n\
         2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n\
         5 0 obj<</Type/Filespec/F(factur-x.xml)/UF(factur-x.xml)/EF<</F 4 0 R>>>>endobj\n\
         4 0 obj<</Type/EmbeddedFile/Filter/FlateDecode/Length {}>>stream\n",
        data.len()
    );
    let tail = b"\nendstream endobj\ntrailer<</Root 1 0 R/Size 6>>\nstartxref\n0\n%%EOF";
    [head.as_bytes(), &data, tail].concat()
}

/// PDFs whose parts refer to themselves: pages, names, a length, the table before the table.
fn pdf_loop(round: usize) -> Vec<u8> {
    let (catalog, pages, page) = match round % 3 {
        0 => ("/Pages 2 0 R", "/Kids[2 0 R 2 0 R]/Count 99", ""),
        1 => (
            "/Pages 2 0 R/Names<</EmbeddedFiles 4 0 R>>",
            "/Kids[3 0 R]/Count 1",
            "4 0 obj<</Kids[4 0 R 4 0 R]>>endobj\n",
        ),
        _ => (
            "/Pages 2 0 R",
            "/Kids[3 0 R]/Count 1",
            "4 0 obj<</Length 4 0 R>>stream\nx\nendstream endobj\n",
        ),
    };
    format!(
        "%PDF-1.7\n% {round}\n1 0 obj<</Type/Catalog{catalog}>>endobj\n2 0 obj<</Type/Pages/Parent 2 0 R{pages}>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n{page}\
         xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 5/Prev 9>>\nstartxref\n9\n%%EOF"
    )
    .into_bytes()
}
