//! The official sample files: what we extract must be what another tool, and the recorded hash, say it is.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::path::{Path, PathBuf};
use std::process::Command;

use countersign_einvoice::facturx::{FacturXError, extract};
use serde_json::Value;

fn data() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    if !folder.join("verdicts-einvoice.jsonl").exists() {
        eprintln!("SKIPPED: no test data at {}", folder.display());
        return None;
    }
    Some(folder)
}

fn pdf_verdicts(data: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(data.join("verdicts-einvoice.jsonl")).unwrap();
    let all = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    all.filter(|verdict| verdict["kind"] == "pdf").collect()
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn every_sample_yields_the_recorded_invoice() {
    let Some(data) = data() else { return };
    let verdicts = pdf_verdicts(&data);
    assert!(verdicts.len() >= 20, "the data folder lists its PDFs");
    for verdict in &verdicts {
        let file = verdict["file"].as_str().unwrap();
        let result = extract(&std::fs::read(data.join(file)).unwrap());
        let Some(name) = verdict["embedded"].as_str() else {
            assert!(
                matches!(result, Err(FacturXError::NoInvoice { .. })),
                "{file}: {result:?}"
            );
            continue;
        };
        let found = result.unwrap_or_else(|error| panic!("{file}: {error}"));
        assert_eq!(found.name, name, "{file}");
        assert_eq!(
            sha256(&found.xml),
            verdict["embedded_sha256"].as_str().unwrap(),
            "{file}"
        );
        let profile = found.xmp_profile.unwrap();
        assert_eq!(
            profile.conformance_level.as_deref(),
            verdict["fx_level_claimed"].as_str(),
            "{file}"
        );
        assert_eq!(
            profile.pdf_a_part.as_deref(),
            verdict["pdfa_part_claimed"].as_str(),
            "{file}"
        );
        let mut names: Vec<&str> = found
            .attachments
            .iter()
            .map(|file| file.name.as_str())
            .collect();
        let mut expected: Vec<&str> = verdict["attachments"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(Value::as_str)
            .collect();
        names.sort_unstable();
        expected.sort_unstable();
        assert_eq!(names, expected, "{file}");
    }
}

/// The recorded hashes come from one tool; poppler is a second opinion.
#[test]
fn poppler_detaches_the_same_bytes() {
    let Some(data) = data() else { return };
    if Command::new("pdfdetach").arg("-v").output().is_err() {
        eprintln!("SKIPPED: pdfdetach (poppler-utils) is not installed");
        return;
    }
    let out = tempfile::tempdir().unwrap();
    for verdict in pdf_verdicts(&data)
        .iter()
        .filter(|verdict| verdict["embedded"].is_string())
    {
        let file = verdict["file"].as_str().unwrap();
        let path = data.join(file);
        let found = extract(&std::fs::read(&path).unwrap()).unwrap();
        let status = Command::new("pdfdetach")
            .args(["-saveall", "-o"])
            .arg(out.path())
            .arg(&path)
            .status()
            .unwrap();
        assert!(status.success(), "{file}");
        let detached = std::fs::read(out.path().join(&found.name)).unwrap();
        assert!(
            detached == found.xml,
            "{file}: poppler detaches other bytes"
        );
    }
}
