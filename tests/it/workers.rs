//! The worker processes: confined, bounded, replaced; and what they read from real and from hostile PDFs.
#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::time::Duration;

use countersign::payables::intake::rules::pdf_page::PageOptions;
use countersign::payables::intake::rules::pdf_text::PdfText;
use countersign::payables::intake::rules::reading::{PDF_FACTS, PDF_PAGE, PDF_TEXT, PdfFacts};
use countersign::payables::intake::rules::sniff::FileKind;
use countersign::platform::workers::pool::WorkerPool;
use countersign::platform::workers::probe::{Act, LIMITS_TASK, Outcome};
use countersign::platform::workers::{WorkerConfig, WorkerError};

use crate::support;

fn config() -> WorkerConfig {
    let mut config = WorkerConfig::new(
        env!("CARGO_BIN_EXE_countersign").into(),
        vec!["worker".into()],
    );
    config.count = 1;
    config
}

async fn pool(change: impl FnOnce(&mut WorkerConfig)) -> WorkerPool {
    let mut config = config();
    change(&mut config);
    WorkerPool::new(config).await.unwrap()
}

async fn strain(pool: &WorkerPool, how: &str) -> Result<Vec<u8>, WorkerError> {
    pool.call(LIMITS_TASK, how.as_bytes(), b"").await
}

/// After whatever happened, the next caller is served.
async fn still_serves(pool: &WorkerPool) {
    assert_eq!(
        pool.call(LIMITS_TASK, b"echo", b"still here")
            .await
            .unwrap(),
        b"still here"
    );
}

#[tokio::test]
async fn a_confined_child_can_reach_nothing() {
    let pool = pool(|_| {}).await;
    assert!(
        pool.confinement().seccomp,
        "the system call filter works on this kind of machine"
    );
    if !pool.confinement().landlock {
        eprintln!("NOTE: no Landlock on this machine; the filter alone is tested");
    }
    for (act, outcome) in pool.probe().await {
        assert!(outcome.is_stopped(), "{}: {outcome:?}", act.name());
        if matches!(act, Act::OpenSocket | Act::StartProgram | Act::SignalParent) {
            assert_eq!(outcome, Outcome::Killed, "{}", act.name());
        }
    }
    still_serves(&pool).await;
}

/// The guard taken away: the same probe must turn red, or it proves nothing.
#[tokio::test]
async fn without_confinement_the_probe_turns_red() {
    let pool = pool(|config| config.confine = false).await;
    assert!(!pool.confinement().seccomp && !pool.confinement().landlock);
    for (act, outcome) in pool.probe().await {
        assert_eq!(outcome, Outcome::Allowed, "{}", act.name());
    }
}

#[tokio::test]
async fn a_child_that_loops_is_stopped_in_time() {
    let pool = pool(|config| config.timeout_ms = 300).await;
    assert_eq!(
        strain(&pool, "spin").await,
        Err(WorkerError::TimedOut { timeout_ms: 300 })
    );
    still_serves(&pool).await;
}

#[tokio::test]
async fn a_child_that_wants_all_memory_is_stopped() {
    let memory_bytes = 64 << 20;
    let pool = pool(|config| config.memory_bytes = memory_bytes).await;
    assert_eq!(
        strain(&pool, "allocate").await,
        Err(WorkerError::OutOfMemory { memory_bytes })
    );
    still_serves(&pool).await;
}

#[tokio::test]
async fn a_child_that_panics_or_exhausts_its_stack_is_replaced() {
    let pool = pool(|_| {}).await;
    for how in ["panic", "recurse"] {
        let result = strain(&pool, how).await;
        assert!(
            matches!(result, Err(WorkerError::Crashed { .. })),
            "{how}: {result:?}"
        );
        still_serves(&pool).await;
    }
    let unknown = pool.call("no-such-task", b"", b"").await;
    assert_eq!(
        unknown,
        Err(WorkerError::UnknownTask {
            task: "no-such-task".to_owned()
        })
    );
    still_serves(&pool).await;
}

#[tokio::test]
async fn what_a_reader_prints_does_not_disturb_the_answer() {
    let pool = pool(|_| {}).await;
    assert_eq!(strain(&pool, "print").await.unwrap(), b"printed");
    still_serves(&pool).await;
}

#[tokio::test]
async fn fifty_megabytes_pass_both_ways_and_more_than_the_limit_does_not() {
    let pool = pool(|config| {
        config.max_input_bytes = 50 << 20;
        config.max_answer_bytes = 50 << 20;
    })
    .await;
    let large: Vec<u8> = (0..50_u32 << 20).map(|index| (index % 251) as u8).collect();
    assert!(pool.call(LIMITS_TASK, b"echo", &large).await.unwrap() == large);
    let longer = [large.as_slice(), b"x"].concat();
    let refused = pool.call(LIMITS_TASK, b"echo", &longer).await;
    assert_eq!(
        refused,
        Err(WorkerError::TooLarge {
            bytes: longer.len(),
            limit_bytes: 50 << 20
        })
    );
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_not_taken() {
    let pool = pool(|config| config.max_answer_bytes = 1_000).await;
    let result = pool.call(LIMITS_TASK, b"echo", &[7; 1_001]).await;
    assert_eq!(
        result,
        Err(WorkerError::AnswerTooLarge { limit_bytes: 1_000 })
    );
    assert_eq!(
        pool.call(LIMITS_TASK, b"echo", &[7; 1_000])
            .await
            .unwrap()
            .len(),
        1_000
    );
}

/// A caller that goes away must not leave its answer to the next one.
#[tokio::test]
async fn a_caller_that_goes_away_takes_its_child_with_it() {
    let pool = pool(|_| {}).await;
    let abandoned = tokio::time::timeout(Duration::from_millis(100), strain(&pool, "spin")).await;
    assert!(abandoned.is_err());
    still_serves(&pool).await;
}

#[tokio::test]
async fn the_queue_is_bounded_and_empties() {
    let pool = pool(|config| {
        config.queue_limit = 1;
        config.timeout_ms = 700;
    })
    .await;
    let at_work = tokio::spawn({
        let pool = pool.clone();
        async move { strain(&pool, "spin").await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    let (waits, turned_away) = tokio::join!(
        pool.call(LIMITS_TASK, b"echo", b"first"),
        pool.call(LIMITS_TASK, b"echo", b"second"),
    );
    assert_eq!(waits.unwrap(), b"first");
    assert_eq!(turned_away, Err(WorkerError::Busy { waiting: 1 }));
    assert_eq!(
        at_work.await.unwrap(),
        Err(WorkerError::TimedOut { timeout_ms: 700 })
    );
    still_serves(&pool).await;
}

#[tokio::test]
async fn a_child_is_recycled_and_a_missing_program_is_named() {
    let recycling = pool(|config| config.tasks_per_worker = 1).await;
    for _ in 0..3 {
        still_serves(&recycling).await;
    }
    let mut missing = config();
    missing.program = "/nonexistent/countersign".into();
    let result = WorkerPool::new(missing).await;
    assert!(
        matches!(result, Err(WorkerError::Unavailable { .. })),
        "{result:?}"
    );
}

fn sample_pdfs() -> Vec<(String, Vec<u8>)> {
    let Some(folder) = support::material("zugferd-corpus") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pdf") {
                found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn every_sample_gives_facts_text_and_an_image() {
    let pool = pool(|_| {}).await;
    for (name, pdf) in sample_pdfs() {
        let facts = pool
            .call(PDF_FACTS, b"", &pdf)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let facts = PdfFacts::from_bytes(&facts).unwrap();
        assert_eq!(facts.finding, None, "{name}");
        assert!(facts.pages.unwrap() >= 1, "{name}");
        assert_eq!(
            facts.invoice.is_none(),
            name.contains("unstructured"),
            "{name}"
        );
        assert_eq!(facts.xml.is_empty(), facts.invoice.is_none(), "{name}");
        let text = pool
            .call(PDF_TEXT, b"", &pdf)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let text = PdfText::from_bytes(&text).unwrap();
        assert_eq!(
            (text.pages.len(), text.unreadable.len()),
            (facts.pages.unwrap(), 0),
            "{name}"
        );
        assert!(text.pages.concat().len() > 200, "{name}");
        let options = PageOptions {
            page: 1,
            width_px: 400,
        }
        .to_bytes();
        let png = pool
            .call(PDF_PAGE, &options, &pdf)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(png.len() > 1024 && png.starts_with(b"\x89PNG"), "{name}");
        assert_eq!(
            u32::from_be_bytes(*png[16..].first_chunk().unwrap()),
            400,
            "{name}: the asked width"
        );
    }
}

/// A PDF of these objects; readers repair the missing table.
fn pdf(objects: &[&str]) -> Vec<u8> {
    let mut out = String::from("%PDF-1.7\n");
    for (index, object) in objects.iter().enumerate() {
        out.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    out.push_str("trailer\n<< /Root 1 0 R >>\n%%EOF\n");
    out.into_bytes()
}

fn bomb() -> Vec<u8> {
    use flate2::{Compression, write::ZlibEncoder};
    use std::io::Write as _;
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    for _ in 0..160 {
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let packed = encoder.finish().unwrap();
    let mut out = pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R >>",
    ]);
    out.extend(
        format!(
            "4 0 obj\n<< /Filter /FlateDecode /Length {} >>\nstream\n",
            packed.len()
        )
        .bytes(),
    );
    out.extend(packed);
    out.extend(b"\nendstream\nendobj\n");
    out
}

fn hostile_pdfs() -> Vec<(String, Vec<u8>)> {
    let catalog = "<< /Type /Catalog /Pages 2 0 R >>";
    let mut files = vec![
        (
            "text".to_owned(),
            b"Dear Sirs, this is only called bill.pdf".to_vec(),
        ),
        ("empty".to_owned(), Vec::new()),
        ("header only".to_owned(), b"%PDF-1.7\n".to_vec()),
        (
            "page tree in a loop".to_owned(),
            pdf(&[
                catalog,
                "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>",
                "<< /Type /Page /Parent 3 0 R >>",
            ]),
        ),
        (
            "huge page".to_owned(),
            pdf(&[
                catalog,
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 1e12 1e12] >>",
            ]),
        ),
        (
            "thin page".to_owned(),
            pdf(&[
                catalog,
                "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 0.001 1e9] >>",
            ]),
        ),
        ("bomb".to_owned(), bomb()),
        (
            "deep".to_owned(),
            pdf(&[&format!(
                "<< /Type /Catalog /Pages 2 0 R /AF {} >>",
                "[".repeat(2_000)
            )]),
        ),
    ];
    if let Some((_, sample)) = sample_pdfs().into_iter().next() {
        let mut state = 0x2545_F491_4F6C_DD1D_u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state % below as u64) as usize
        };
        for round in 0..6 {
            let mut damaged = sample.clone();
            for _ in 0..40 {
                let at = random(damaged.len());
                damaged[at] ^= 1 << random(8);
            }
            files.push((format!("bits flipped {round}"), damaged));
            files.push((
                format!("cut short {round}"),
                sample[..random(sample.len())].to_vec(),
            ));
        }
    }
    files
}

/// Whatever the file, each task ends in a result or in an error that says something, and the next call works.
#[tokio::test]
async fn hostile_pdfs_end_in_an_answer_and_the_pool_goes_on() {
    let pool = pool(|config| {
        config.memory_bytes = 192 << 20;
        config.timeout_ms = 5_000;
    })
    .await;
    let options = PageOptions {
        page: 1,
        width_px: 400,
    }
    .to_bytes();
    let mut errors = 0;
    for (name, file) in hostile_pdfs() {
        for (task, options) in [(PDF_FACTS, &[][..]), (PDF_TEXT, &[]), (PDF_PAGE, &options)] {
            if let Err(error) = pool.call(task, options, &file).await {
                errors += 1;
                assert!(error.to_string().len() > 20, "{name}: {error}");
                let own_fault = matches!(
                    error,
                    WorkerError::Forbidden | WorkerError::Unavailable { .. }
                );
                assert!(!own_fault, "{name}, {task}: {error}");
            }
        }
        still_serves(&pool).await;
    }
    assert!(errors > 5, "the files are hostile indeed");
}

#[tokio::test]
async fn a_text_file_called_pdf_and_a_bomb_are_named() {
    let pool = pool(|config| config.memory_bytes = 96 << 20).await;
    let facts =
        PdfFacts::from_bytes(&pool.call(PDF_FACTS, b"", b"Dear Sirs").await.unwrap()).unwrap();
    assert_eq!(facts.kind, FileKind::Text);
    let options = PageOptions {
        page: 1,
        width_px: 400,
    }
    .to_bytes();
    let result = pool.call(PDF_PAGE, &options, &bomb()).await;
    assert_eq!(
        result,
        Err(WorkerError::OutOfMemory {
            memory_bytes: 96 << 20
        })
    );
    still_serves(&pool).await;
}
