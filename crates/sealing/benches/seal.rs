//! Sealing beside raw AES-256-GCM of the same library in the same run.

use std::hint::black_box;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use countersign_sealing::document::{
    DocumentContext, DocumentKey, open_bytes, open_document, seal_bytes, seal_document,
};
use countersign_sealing::{
    FieldNumber, Key, KeyVersion, OrganisationId, Place, RowId, SystemEntropy, ValueKey,
    open_value, seal_value,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const KIB: usize = 1024;
const MIB: usize = 1024 * KIB;

fn raw(criterion: &mut Criterion, group: &str, length: usize) {
    let key = UnboundKey::new(&AES_256_GCM, &[7; 32]).expect("32 bytes");
    let key = LessSafeKey::new(key);
    let mut buffer = vec![0; length];
    let mut group = criterion.benchmark_group(group);
    group.throughput(Throughput::Bytes(length as u64));
    group.bench_function("raw seal", |bencher| {
        bencher.iter(|| {
            let nonce = Nonce::assume_unique_for_key([1; 12]);
            let tag = key.seal_in_place_separate_tag(nonce, Aad::empty(), black_box(&mut buffer));
            black_box(tag.expect("within limits"))
        });
    });
    group.finish();
}

fn value(criterion: &mut Criterion) {
    raw(criterion, "1 KiB", KIB);
    let key = ValueKey::new(&Key::generate(&SystemEntropy), KeyVersion::FIRST);
    let place = Place {
        field: FieldNumber::new(1),
        organisation: OrganisationId::from_bytes([2; 16]),
        row: RowId::from_bytes([3; 16]),
    };
    let plain = vec![5; KIB];
    let sealed = seal_value(&key, &place, &plain, &SystemEntropy);
    let mut group = criterion.benchmark_group("1 KiB");
    group.throughput(Throughput::Bytes(KIB as u64));
    group.bench_function("seal_value", |bencher| {
        bencher.iter(|| seal_value(&key, &place, black_box(&plain), &SystemEntropy));
    });
    group.bench_function("open_value", |bencher| {
        bencher.iter(|| open_value(&key, &place, black_box(&sealed)).expect("its own place"));
    });
    group.finish();
}

fn document(criterion: &mut Criterion) {
    raw(criterion, "1 MiB", MIB);
    let key = DocumentKey::new(&Key::generate(&SystemEntropy), KeyVersion::FIRST);
    let context = DocumentContext {
        organisation: OrganisationId::from_bytes([2; 16]),
        document: &[4; 32],
    };
    let plain = vec![5; MIB];
    let mut sealed = Vec::new();
    seal_document(
        &key,
        &context,
        plain.as_slice(),
        &mut sealed,
        &SystemEntropy,
    )
    .expect("memory");
    let mut group = criterion.benchmark_group("1 MiB");
    group.throughput(Throughput::Bytes(MIB as u64));
    let mut out = Vec::with_capacity(sealed.len());
    group.bench_function("seal_bytes", |bencher| {
        bencher.iter(|| seal_bytes(&key, &context, black_box(&plain), &SystemEntropy));
    });
    group.bench_function("open_bytes", |bencher| {
        bencher.iter(|| open_bytes(&key, &context, black_box(&sealed)).expect("whole"));
    });
    group.bench_function("seal_document", |bencher| {
        bencher.iter(|| {
            out.clear();
            seal_document(
                &key,
                &context,
                black_box(plain.as_slice()),
                &mut out,
                &SystemEntropy,
            )
        });
    });
    group.bench_function("open_document", |bencher| {
        bencher.iter(|| {
            out.clear();
            open_document(&key, &context, black_box(sealed.as_slice()), &mut out)
        });
    });
    group.finish();
}

criterion_group!(benches, value, document);
criterion_main!(benches);
