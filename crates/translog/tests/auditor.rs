//! What an auditor reads to know what `countersign-verify` does: these files, all of each, and no others.

use std::collections::BTreeMap;
use std::path::Path;

const FOLDER: &str = "src/verifier";
/// The files, as `docs/journal.md` names them.
const FILES: [&str; 7] = [
    "main.rs",
    "form.rs",
    "tree.rs",
    "note.rs",
    "entry.rs",
    "bundle.rs",
    "payment.rs",
];
/// Fewer lines than this they have together, comments and all; and fewer than the other without what only payments need.
const LINES: usize = 1_000;
const LINES_WITHOUT_PAYMENTS: usize = 800;
/// What the files may name beside each other: the standard library and a handful of crates.
const OUTSIDE: [&str; 10] = [
    "std",
    "aws_lc_rs",
    "base64",
    "data_encoding",
    "jiff",
    "memchr",
    "serde",
    "serde_json",
    "thiserror",
    "super",
];

type Texts = BTreeMap<String, String>;

fn folder() -> Texts {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(FOLDER);
    let files = std::fs::read_dir(folder).expect("the folder is there");
    let text = |path: &Path| std::fs::read_to_string(path).expect("a source");
    files
        .map(|file| file.expect("a file").path())
        .map(|path| {
            let name = path.file_name().expect("a name").to_string_lossy();
            (name.into_owned(), text(&path))
        })
        .collect()
}

/// What is wrong with these files, if anything.
fn wrong(texts: &Texts) -> Option<String> {
    let mut expected = FILES.map(str::to_owned);
    expected.sort();
    if !texts.keys().eq(expected.iter()) {
        return Some(format!("other files than are listed: {:?}", texts.keys()));
    }
    let main = &texts["main.rs"];
    let modules: Vec<String> = main
        .lines()
        .filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'))
        .map(|name| format!("{name}.rs"))
        .collect();
    for (name, text) in texts {
        if name != "main.rs" && !modules.contains(name) {
            return Some(format!("{name} is not part of the program"));
        }
        for reach in ["#[path", "include!", "include_", "countersign_", "crate::"] {
            if text.contains(reach) {
                return Some(format!("{name} reaches elsewhere: {reach}"));
            }
        }
        let own = |first: &str| name == "main.rs" && modules.contains(&format!("{first}.rs"));
        for line in text.lines().filter_map(|line| line.strip_prefix("use ")) {
            let first = line.split([':', ';']).next().unwrap_or_default();
            if !OUTSIDE.contains(&first) && !own(first) {
                return Some(format!("{name} uses {first}"));
            }
        }
    }
    let lines = |text: &String| text.lines().count();
    let all: usize = texts.values().map(lines).sum();
    let journal = all - lines(&texts["payment.rs"]);
    (all >= LINES || journal >= LINES_WITHOUT_PAYMENTS)
        .then(|| format!("{all} lines, {journal} of them for the journal"))
}

#[test]
fn the_verifier_is_as_short_as_it_says_and_made_of_what_is_listed() {
    assert_eq!(wrong(&folder()), None);
}

#[test]
fn the_documentation_names_the_files() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/journal.md");
    let text = std::fs::read_to_string(path).expect("the documentation");
    let list = FILES.map(|file| format!("`{file}`")).join(", ");
    assert!(text.contains(&list), "not in docs/journal.md: {list}");
}

#[test]
fn a_file_or_a_line_too_many_is_found() {
    let found = |change: &dyn Fn(&mut Texts)| {
        let mut texts = folder();
        change(&mut texts);
        wrong(&texts).expect("it was changed")
    };
    let added = |texts: &mut Texts, name: &str, text: &str| {
        texts.get_mut(name).expect("listed").push_str(text);
    };
    let said = found(&|texts| drop(texts.insert("more.rs".to_owned(), String::new())));
    assert!(said.contains("other files"), "{said}");
    let said = found(&|texts| added(texts, "tree.rs", "\nuse crate::merkle::Node;\n"));
    assert!(said.contains("reaches elsewhere"), "{said}");
    let said = found(&|texts| added(texts, "main.rs", "\nuse countersign_translog::merkle;\n"));
    assert!(said.contains("reaches elsewhere"), "{said}");
    let said = found(&|texts| added(texts, "note.rs", "\nuse tokio::net;\n"));
    assert!(said.contains("uses tokio"), "{said}");
    let said = found(&|texts| {
        let main = texts.get_mut("main.rs").expect("listed");
        *main = main.replace("mod tree;\n", "");
    });
    assert!(said.contains("main.rs uses tree"), "{said}");
    let said = found(&|texts| added(texts, "payment.rs", &"\n".repeat(LINES)));
    assert!(said.contains("lines"), "{said}");
}
