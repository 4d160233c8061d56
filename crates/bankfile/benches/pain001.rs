//! Ten thousand transfers: prepared, written, read back.

use std::hint::black_box;

use countersign_bankfile::account::Iban;
use countersign_bankfile::pain001::{
    Address, ChargeBearer, Group, Party, PaymentFile, Prepared, Remittance, ServiceLevel, Transfer,
    Unmappable, verify,
};
use countersign_money::{Currency, Money};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

const TRANSFERS: usize = 10_000;

fn party(name: &str) -> Party {
    Party {
        name: name.to_owned(),
        address: Some(Address {
            street: Some("Hauptstr.".to_owned()),
            building_number: Some("12".to_owned()),
            post_code: Some("10115".to_owned()),
            town: "Berlin".to_owned(),
            country: "DE".parse().expect("a country"),
        }),
    }
}

fn transfer(number: usize) -> Transfer {
    Transfer {
        instruction_id: None,
        end_to_end_id: format!("E2E-{number}"),
        uetr: None,
        amount: Money::from_minor(1_000 + i64::try_from(number).expect("small"), Currency::EUR),
        creditor: party(if number.is_multiple_of(4) {
            "Müller & Söhne GmbH"
        } else {
            "Mustermann GmbH"
        }),
        creditor_account: Iban::parse("DE89370400440532013000")
            .expect("a valid IBAN")
            .into(),
        creditor_bic: None,
        remittance: Some(Remittance::Unstructured(format!("Invoice {number}"))),
    }
}

fn payment_file() -> PaymentFile {
    PaymentFile {
        message_id: "BENCH-1".to_owned(),
        created: "2026-11-23T08:15:30Z".parse().expect("a time"),
        initiating_party: "Beispiel AG".to_owned(),
        groups: vec![Group {
            payment_information_id: "BENCH-1-1".to_owned(),
            batch_booking: true,
            service_level: ServiceLevel::Sepa,
            requested_execution_date: "2026-12-01".parse().expect("a date"),
            debtor: party("Beispiel AG"),
            debtor_account: Iban::parse("DE89370400440532013000")
                .expect("a valid IBAN")
                .into(),
            debtor_bic: None,
            charge_bearer: ChargeBearer::ServiceLevel,
            transfers: (0..TRANSFERS).map(transfer).collect(),
        }],
    }
}

fn ten_thousand_transfers(criterion: &mut Criterion) {
    let file = payment_file();
    let prepared = Prepared::new(file.clone(), Unmappable::Refuse).expect("acceptable");
    let bytes = prepared.to_bytes();
    let mut group = criterion.benchmark_group("pain001 10,000 transfers");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.sample_size(30);
    group.bench_function("prepare", |bencher| {
        let prepare = |file| Prepared::new(file, Unmappable::Refuse).expect("acceptable");
        bencher.iter_batched(|| file.clone(), prepare, BatchSize::LargeInput);
    });
    group.bench_function("write", |bencher| {
        bencher.iter(|| black_box(&prepared).to_bytes())
    });
    group.bench_function("verify", |bencher| {
        bencher.iter(|| verify(black_box(&bytes), &prepared).expect("equal"));
    });
    group.finish();
}

criterion_group!(benches, ten_thousand_transfers);
criterion_main!(benches);
