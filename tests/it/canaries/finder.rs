//! Finding what should not be there, in whatever form it hides.

use std::collections::HashMap;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::Canary;

/// The ways in which bytes hide: as they are, as UTF-16, in base64 at any offset, and each of these in hexadecimal.
fn forms(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = vec![bytes.to_vec()];
    if let Ok(text) = std::str::from_utf8(bytes) {
        forms.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
        forms.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
        for shift in 0..3 {
            let shifted = [vec![0; shift], bytes.to_vec()].concat();
            let encoded = engine.encode(&shifted);
            // Digits that hold bits of what stands before or after say nothing.
            let (from, to) = ((shift * 8).div_ceil(6), shifted.len() * 8 / 6);
            forms.push(encoded.as_bytes()[from..to].to_vec());
        }
    }
    let hex: Vec<Vec<u8>> = forms.iter().map(|form| hex(form).into_bytes()).collect();
    forms.push(hex[0].to_ascii_uppercase());
    forms.extend(hex);
    forms
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Looks for many things at once, by their first bytes.
pub struct Finder {
    by_start: HashMap<[u8; Self::START], Vec<(Vec<u8>, String)>>,
}

impl Finder {
    const START: usize = 8;

    pub fn new<'a>(canaries: impl Iterator<Item = &'a Canary>) -> Self {
        let mut by_start: HashMap<_, Vec<_>> = HashMap::new();
        for canary in canaries {
            for form in forms(&canary.bytes) {
                let start = form.first_chunk().copied();
                let start = start.unwrap_or_else(|| panic!("{} is too short", canary.what));
                by_start
                    .entry(start)
                    .or_default()
                    .push((form, canary.what.clone()));
            }
        }
        Self { by_start }
    }

    /// What of all stands in `bytes` first.
    pub fn find(&self, bytes: &[u8]) -> Option<&str> {
        (0..bytes.len()).find_map(|at| {
            let rest = &bytes[at..];
            let candidates = self.by_start.get(rest.first_chunk()?)?;
            let found = candidates.iter().find(|(form, _)| rest.starts_with(form));
            found.map(|(_, what)| what.as_str())
        })
    }

    /// The files below `folder` that hold something, each with what.
    pub fn below(&self, folder: &Path) -> Vec<String> {
        let mails = folder.join("mail");
        let hit = |path: &Path| {
            let bytes = std::fs::read(path).unwrap_or_default();
            Some(format!("{} in {}", self.find(&bytes)?, path.display()))
        };
        let all = files(folder);
        let elsewhere = all.iter().filter(|path| !path.starts_with(&mails));
        elsewhere.filter_map(|path| hit(path)).collect()
    }
}

pub fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let list = if path.is_dir() { &mut open } else { &mut found };
            list.push(path);
        }
    }
    found
}
