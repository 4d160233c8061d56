//! How many entries a second one core proves, and what a head over a large tree costs.

#[path = "../tests/bundle/log.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod log;

use std::hint::black_box;

use countersign_translog::bundle::{Known, verify};
use countersign_translog::merkle::{Frontier, leaf_hash};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use log::{JOURNAL, Log};

const ENTRIES: u64 = 20_000;

fn bundle(criterion: &mut Criterion) {
    let bytes = Log::of(ENTRIES).bundle();
    let mut group = criterion.benchmark_group("bundle");
    group.throughput(Throughput::Elements(ENTRIES));
    group.bench_function("entries proven", |bencher| {
        bencher.iter(|| verify(black_box(bytes.as_slice()), &Known::default(), |_, _, _| {}));
    });
    group.finish();
}

fn checkpoint(criterion: &mut Criterion) {
    let mut tree = Frontier::new();
    for number in 0..10_000_000_u64 {
        tree.push(leaf_hash(&number.to_be_bytes()));
    }
    let stored = tree.to_bytes();
    let key = log::key(42, 1);
    criterion.bench_function("checkpoint over 10 million entries", |bencher| {
        bencher.iter(|| {
            let mut tree = Frontier::from_bytes(black_box(&stored)).expect("it was stored");
            tree.push(leaf_hash(b"one more"));
            let head = countersign_translog::epoch::Head {
                epoch: 1,
                size: tree.size(),
                root: tree.root(),
                time: log::time(1),
            };
            head.to_checkpoint(JOURNAL).sign(&key)
        });
    });
}

criterion_group!(benches, bundle, checkpoint);
criterion_main!(benches);
