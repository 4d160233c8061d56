//! Writing PDF syntax: numbered objects, a cross-reference table, a trailer (ISO 32000-1, 7.5).

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Number of an indirect object; the generation is always 0.
#[derive(Debug, Clone, Copy)]
pub(super) struct ObjectNumber(usize);

impl std::fmt::Display for ObjectNumber {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} 0 R", self.0)
    }
}

/// The objects of a document in the making. Numbers are handed out first, so that objects may point at later ones.
#[derive(Debug, Default)]
pub(super) struct PdfWriter {
    bodies: Vec<Vec<u8>>,
}

impl PdfWriter {
    pub(super) fn reserve(&mut self) -> ObjectNumber {
        self.bodies.push(b"null".to_vec());
        ObjectNumber(self.bodies.len())
    }

    pub(super) fn fill(&mut self, number: ObjectNumber, body: String) {
        self.bodies[number.0 - 1] = body.into_bytes();
    }

    pub(super) fn add(&mut self, body: String) -> ObjectNumber {
        let number = self.reserve();
        self.fill(number, body);
        number
    }

    /// `entries` are the dictionary's entries apart from `/Length` and `/Filter`.
    pub(super) fn add_stream(&mut self, entries: &str, content: &[u8], pack: bool) -> ObjectNumber {
        let packed = if pack {
            deflate(content)
        } else {
            content.to_vec()
        };
        let filter = if pack { "/Filter /FlateDecode " } else { "" };
        let mut body =
            format!("<< {entries} {filter}/Length {} >>\nstream\n", packed.len()).into_bytes();
        body.extend(packed);
        body.extend(b"\nendstream");
        self.bodies.push(body);
        ObjectNumber(self.bodies.len())
    }

    /// The file. The binary comment in the second line tells transfer programs that this is no text (ISO 19005-3, 6.1.2).
    pub(super) fn finish(self, catalog: ObjectNumber) -> Vec<u8> {
        let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut offsets = Vec::with_capacity(self.bodies.len());
        for (index, body) in self.bodies.iter().enumerate() {
            offsets.push(out.len());
            out.extend(format!("{} 0 obj\n", index + 1).bytes());
            out.extend(body);
            out.extend(b"\nendobj\n");
        }
        let id = identifier(&out);
        let table_at = out.len();
        let count = offsets.len() + 1;
        out.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").bytes());
        for offset in offsets {
            out.extend(format!("{offset:010} 00000 n \n").bytes());
        }
        let trailer = format!(
            "trailer\n<< /Size {count} /Root {catalog} /ID [<{id}> <{id}>] >>\nstartxref\n{table_at}\n%%EOF\n"
        );
        out.extend(trailer.bytes());
        out
    }
}

fn deflate(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(content)
        .expect("writing to memory cannot fail");
    encoder.finish().expect("writing to memory cannot fail")
}

/// A file identifier (ISO 32000-1, 14.4): 128 bits of FNV-1a over the content. It names the file and proves nothing.
fn identifier(content: &[u8]) -> String {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013B;
    const OFFSET: u128 = 0x6C62_272E_07BB_0142_62B8_2175_6295_C58D;
    let hash = content.iter().fold(OFFSET, |hash, byte| {
        (hash ^ u128::from(*byte)).wrapping_mul(PRIME)
    });
    format!("{hash:032X}")
}
