//! The material of another project (ruby-saml): every response and every metadata file, with the settings that it was made for.

mod metadata;
mod responses;
mod table;

use std::path::PathBuf;

/// The folder, or none with a loud word about it.
fn folder() -> Option<PathBuf> {
    let folder =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/saml/ruby-saml");
    if folder.join("responses").exists() {
        return Some(folder);
    }
    eprintln!(
        "SKIPPED: {} is not there, so nothing of others' material is tested",
        folder.display()
    );
    None
}

/// The names of all files of a folder, sorted.
fn files(folder: &str) -> Vec<String> {
    let Some(root) = self::folder() else {
        return Vec::new();
    };
    let entries = std::fs::read_dir(root.join(folder)).expect("a folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_file())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn read(file: &str) -> Vec<u8> {
    let root = folder().expect("asked for only where it is there");
    std::fs::read(root.join(file)).expect(file)
}
