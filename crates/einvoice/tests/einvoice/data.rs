//! The shared material, found at run time.

use serde_json::Value;
use std::path::PathBuf;

/// One XML file of the material with its bytes.
pub struct Document {
    pub name: String,
    pub bytes: Vec<u8>,
}

pub fn folder() -> Option<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if folder.join("verdicts-einvoice.jsonl").exists() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED: {} is not there, so nothing of the shared material is tested",
        folder.display()
    );
    None
}

/// Every file of the verdicts that is XML and has a syntax.
pub fn documents() -> Vec<Document> {
    let Some(folder) = folder() else {
        return Vec::new();
    };
    let list = std::fs::read_to_string(folder.join("verdicts-einvoice.jsonl"))
        .expect("the verdicts are text");
    let entries = list
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"));
    let xml = entries.filter(|entry| entry["kind"] == "xml" && entry["syntax"].is_string());
    let documents: Vec<Document> = xml
        .map(|entry| {
            let name = entry["file"].as_str().expect("each has a file").to_owned();
            let bytes = std::fs::read(folder.join(&name)).expect("each file is there");
            Document { name, bytes }
        })
        .collect();
    assert!(
        documents.len() > 200,
        "the material has shrunk to {}",
        documents.len()
    );
    documents
}
