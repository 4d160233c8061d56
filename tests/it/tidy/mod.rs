//! The rules of the house that no compiler knows: who may import whom, where SQL and transactions live,
//! what a field folder holds, how long a file is. Each checker is fed a bad example too.

mod code;
mod imports;
mod randomness;
mod source;
mod tree;

use std::path::{Path, PathBuf};

use crate::support::root;

/// Every file of the tree below `folder`, as paths from the repository's root, sorted; what is built or made
/// at run time is left out.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![root().join(folder)];
    while let Some(dir) = open.pop() {
        let Ok(entries) = std::fs::read_dir(&dir) else {
            continue;
        };
        for entry in entries.flatten() {
            let (path, name) = (entry.path(), entry.file_name());
            if path.is_dir() {
                if !["target", ".git", "data", "corpus", "artifacts"]
                    .iter()
                    .any(|skip| name == *skip)
                {
                    open.push(path);
                }
            } else if name != ".git" {
                found.push(
                    path.strip_prefix(root())
                        .expect("found below the root")
                        .to_owned(),
                );
            }
        }
    }
    found.sort();
    found
}

fn rust_files(folder: &str) -> Vec<PathBuf> {
    files(folder)
        .into_iter()
        .filter(|f| f.extension().is_some_and(|e| e == "rs"))
        .collect()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}
