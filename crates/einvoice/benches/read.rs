//! How long one document takes: generated invoices of several sizes, and one with a large attachment.

use countersign_einvoice::model::{Amount, Embedded, Invoice, Line, SupportingDocument};
use countersign_einvoice::read::read;
use countersign_einvoice::write;
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rust_decimal::Decimal;
use std::hint::black_box;

fn invoice(lines: usize) -> Invoice {
    let line = |number: usize| {
        let mut line = Line {
            id: Some(number.to_string().into()),
            ..Line::default()
        };
        line.net_amount = Some(Amount::new(Decimal::new(5125, 2)));
        line.price.net = line.net_amount;
        line.item.name = Some("Consulting, by the hour".into());
        line
    };
    let mut invoice = Invoice {
        lines: (1..=lines).map(line).collect(),
        ..Invoice::default()
    };
    invoice.number = Some("R-1".to_owned());
    invoice.totals.due = Some(Amount::new(Decimal::new(5125, 2)));
    invoice
}

fn by_lines(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    for lines in [1, 20, 1_000] {
        let invoice = invoice(lines);
        let ubl = write::ubl_invoice(&invoice, &[]).expect("it can be written");
        let cii = write::cii(&invoice, &[]).expect("it can be written");
        for (syntax, document) in [("ubl", ubl), ("cii", cii)] {
            group.throughput(Throughput::Bytes(document.len() as u64));
            group.bench_with_input(
                BenchmarkId::new(syntax, lines),
                &document,
                |bencher, document| {
                    bencher.iter(|| read(black_box(&document[..])));
                },
            );
        }
    }
    group.finish();
}

fn attachment(criterion: &mut Criterion) {
    let mut invoice = invoice(1);
    let embedded = Some(Embedded::default());
    invoice.supporting_documents.push(SupportingDocument {
        embedded,
        ..SupportingDocument::default()
    });
    let content = "QUJD".repeat(1 << 20);
    let document = write::ubl_invoice(&invoice, &[&content]).expect("it can be written");
    let mut group = criterion.benchmark_group("attachment");
    group.throughput(Throughput::Bytes(document.len() as u64));
    group.bench_function("4 MB", |bencher| {
        bencher.iter(|| read(black_box(&document[..])))
    });
    group.finish();
}

criterion_group!(benches, by_lines, attachment);
criterion_main!(benches);
