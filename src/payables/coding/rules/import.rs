//! A chart as a spreadsheet saves it: `code,name` on each line.

use std::collections::BTreeMap;

use super::{code, name};
use crate::text_enum;

/// Lines of one file, at most.
pub const LINES_MAX: usize = 10_000;
/// Bytes of one file, at most.
pub const BYTES_MAX: usize = 2 << 20;

text_enum! {
    /// What is wrong with a line.
    pub enum ImportProblem {
        NotText = "not-text",
        Columns = "columns",
        Code = "code",
        Name = "name",
        Twice = "twice",
        TooMany = "too-many",
    }
}

/// One line that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ImportFinding {
    /// The line, from 1.
    pub line: u64,
    pub problem: ImportProblem,
    /// What stood there, shortened.
    pub text: String,
}

/// A file's good lines by code, and what is wrong with the others. Nothing of the file is lost: each line is one or the other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    pub entries: BTreeMap<String, String>,
    pub findings: Vec<ImportFinding>,
}

/// Reads a file with comma, semicolon or tab between code and name, with or without a heading.
pub fn read(bytes: &[u8]) -> Import {
    let mut import = Import::default();
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if bytes.len() > BYTES_MAX {
        import.add(1, ImportProblem::TooMany, "");
        return import;
    }
    let heading = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let count = |mark: u8| heading.iter().filter(|byte| **byte == mark).count();
    let delimiter = [b',', b';', b'\t']
        .into_iter()
        .max_by_key(|mark| (count(*mark), *mark == b','))
        .unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let (mut first, mut line, mut counted) = (true, 1, 0);
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        // The reader's own count lags behind where lines end in CR LF.
        let start = record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(start)
            .unwrap_or(bytes.len())
            .min(bytes.len());
        while bytes.get(start).is_some_and(|byte| b"\r\n".contains(byte)) {
            start += 1;
        }
        line += bytes[counted..start.max(counted)]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count() as u64;
        counted = start.max(counted);
        if import.entries.len() >= LINES_MAX {
            import.add(line, ImportProblem::TooMany, "");
            break;
        }
        import.line(line, std::mem::take(&mut first), &record);
    }
    import
}

impl Import {
    fn add(&mut self, line: u64, problem: ImportProblem, text: &str) {
        self.findings.push(ImportFinding {
            line,
            problem,
            text: text.chars().take(60).collect(),
        });
    }

    fn line(&mut self, line: u64, first: bool, record: &csv::ByteRecord) {
        let texts: Result<Vec<&str>, _> = record.iter().map(str::from_utf8).collect();
        let Ok(texts) = texts else {
            let shown: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
            return self.add(line, ImportProblem::NotText, &shown.join(" "));
        };
        let (given_code, given_name) = match texts.as_slice() {
            [""] => return,
            [code, name, rest @ ..] if rest.iter().all(|cell| cell.trim().is_empty()) => {
                (*code, *name)
            }
            _ => return self.add(line, ImportProblem::Columns, &texts.join(" ")),
        };
        if first && given_code.trim().eq_ignore_ascii_case("code") {
            return;
        }
        match (code(given_code), name(given_name)) {
            (Err(_), _) => self.add(line, ImportProblem::Code, given_code),
            (_, Err(_)) => self.add(line, ImportProblem::Name, given_name),
            (Ok(code), Ok(_)) if self.entries.contains_key(&code) => {
                self.add(line, ImportProblem::Twice, &code);
            }
            (Ok(code), Ok(name)) => {
                self.entries.insert(code, name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn good_lines_are_taken_and_bad_ones_named() {
        let file = "\u{feff}Code;Name\r\n4000;Goods\r\n;No code\r\n4100\r\n4000;Again\r\n4200;\"Rent; offices\";\r\n\r\n";
        let import = read(file.as_bytes());
        let expected = [("4000", "Goods"), ("4200", "Rent; offices")];
        assert!(
            import
                .entries
                .iter()
                .map(|(c, n)| (c.as_str(), n.as_str()))
                .eq(expected)
        );
        let found: Vec<(u64, ImportProblem)> = import
            .findings
            .iter()
            .map(|f| (f.line, f.problem))
            .collect();
        assert_eq!(
            found,
            [
                (3, ImportProblem::Code),
                (4, ImportProblem::Columns),
                (5, ImportProblem::Twice)
            ]
        );
    }

    #[test]
    fn a_file_in_another_encoding_is_named_not_guessed() {
        let import = read(b"4000,B\xfcro\n4100,Rent\n");
        assert_eq!(import.entries.len(), 1);
        assert_eq!(import.findings[0].problem, ImportProblem::NotText);
        assert_eq!(
            read(&vec![b'x'; BYTES_MAX + 1]).findings[0].problem,
            ImportProblem::TooMany
        );
    }

    proptest! {
        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = read(&bytes);
        }
    }
}
