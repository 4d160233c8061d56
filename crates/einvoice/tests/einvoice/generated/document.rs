//! Whole invoices at random, as far as every syntax can carry them.

use super::parts::{
    address, allowance, amount, day, identifier, line, number, party, period, secret, text,
};
use countersign_einvoice::model::{
    Amount, CreditTransfer, Currency, Delivery, Embedded, Invoice, Note, Party, Payment,
    PaymentCard, PaymentMeans, PrecedingInvoice, References, SupportingDocument, Totals,
    VatBreakdown,
};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

fn payment() -> BoxedStrategy<Payment> {
    let transfer =
        (of(secret()), text(), of(text())).prop_map(|(account, name, bank)| CreditTransfer {
            account,
            account_name: Some(name),
            bank,
        });
    let card = (secret(), of(text())).prop_map(|(number, holder)| PaymentCard {
        number: Some(number),
        holder,
    });
    let means = ("[0-9]{2}", of(text()), of(transfer), of(card), of(secret())).prop_map(
        |(code, text, credit_transfer, card, debited_account)| PaymentMeans {
            code: Some(code),
            text,
            remittance_information: None,
            credit_transfer,
            card,
            debited_account,
        },
    );
    (
        of(text()),
        of(text()),
        of(secret()),
        of(secret()),
        vec(means, 1..3),
    )
        .prop_map(
            |(remittance_information, terms, mandate, creditor, means)| Payment {
                remittance_information,
                terms,
                mandate,
                creditor,
                means,
            },
        )
        .boxed()
}

fn references() -> BoxedStrategy<References> {
    (vec(of(text()), 9), of(identifier()))
        .prop_map(|(texts, invoiced_object)| {
            let mut texts = texts.into_iter().map(|text| text.or(None));
            let mut next = || texts.next().flatten();
            References {
                buyer: next(),
                project: next(),
                contract: next(),
                purchase_order: next(),
                sales_order: next(),
                receiving_advice: next(),
                despatch_advice: next(),
                tender_or_lot: next(),
                invoiced_object,
                buyer_accounting: next(),
            }
        })
        .boxed()
}

fn totals() -> BoxedStrategy<Totals> {
    (vec(of(amount()), 8), of(number()), of(number()))
        .prop_map(|(amounts, vat, accounting)| Totals {
            line_net: amounts[0],
            allowances: amounts[1],
            charges: amounts[2],
            without_vat: amounts[3],
            vat: vat.map(Amount::new),
            vat_in_tax_currency: accounting.map(|value| Amount {
                value,
                currency: Currency::parse("SEK"),
            }),
            with_vat: amounts[4],
            paid: amounts[5],
            rounding: amounts[6],
            due: amounts[7],
        })
        .boxed()
}

fn groups() -> BoxedStrategy<Invoice> {
    let note =
        (of("[A-Z]{3}"), text()).prop_map(|(subject_code, text)| Note { subject_code, text });
    let preceding = (of(text()), of(day()))
        .prop_map(|(number, issue_date)| PrecedingInvoice { number, issue_date });
    let vat = (
        of(amount()),
        of(amount()),
        of("[A-Z]"),
        of(number()),
        of(text()),
        of(text()),
    )
        .prop_map(
            |(taxable, tax, category, rate, exemption_reason, exemption_reason_code)| {
                VatBreakdown {
                    taxable,
                    tax,
                    category,
                    rate,
                    exemption_reason,
                    exemption_reason_code,
                }
            },
        );
    let embedded = (of(text()), of(text())).prop_map(|(mime, filename)| Embedded {
        mime,
        filename,
        offset: 0,
        len: 0,
    });
    let document = (of(text()), of(text()), of(text()), of(embedded)).prop_map(
        |(reference, description, location, embedded)| SupportingDocument {
            reference,
            description,
            location,
            embedded,
        },
    );
    let delivery = (text(), of(identifier()), of(day()), of(address())).prop_map(
        |(name, location, date, address)| Delivery {
            name: Some(name),
            location,
            date,
            address,
        },
    );
    let charges = (vec(allowance(true), 0..3), vec(allowance(true), 0..3));
    (
        vec(note, 0..3),
        vec(preceding, 0..3),
        vec(vat, 1..3),
        vec(document, 0..3),
        of(delivery),
        charges,
        vec(line(), 0..4),
    )
        .prop_map(
            |(
                notes,
                preceding_invoices,
                vat_breakdown,
                supporting_documents,
                delivery,
                charges,
                lines,
            )| Invoice {
                notes,
                preceding_invoices,
                vat_breakdown,
                supporting_documents,
                delivery,
                allowances: charges.0,
                charges: charges.1,
                lines,
                ..Invoice::default()
            },
        )
        .boxed()
}

pub fn invoice() -> BoxedStrategy<Invoice> {
    let seller =
        (party(), of(secret()), of(text())).prop_map(|(party, tax_registration, information)| {
            Party {
                tax_registration,
                additional_legal_information: information,
                ..party
            }
        });
    let payee = party().prop_map(|p| Party {
        name: p.name,
        identifiers: p.identifiers,
        legal_registration: p.legal_registration,
        ..Party::default()
    });
    let representative = party().prop_map(|p| Party {
        name: p.name,
        vat_id: p.vat_id,
        address: p.address,
        ..Party::default()
    });
    let parties = (seller, party(), of(payee), of(representative));
    let dates = (of(day()), of(day()), of(day()), of(period()));
    let tax_point = of(prop_oneof![Just("3"), Just("35"), Just("432")]);
    let texts = (
        of(text()),
        of("[0-9]{3}"),
        of(text()),
        of(text()),
        tax_point,
    );
    (
        groups(),
        parties,
        dates,
        texts,
        payment(),
        references(),
        totals(),
    )
        .prop_map(
            |(groups, parties, dates, texts, payment, references, totals)| Invoice {
                number: texts.0,
                type_code: texts.1,
                business_process: texts.2,
                specification: texts.3,
                tax_point_code: texts.4.map(str::to_owned),
                issue_date: dates.0,
                tax_point_date: dates.1,
                due_date: dates.2,
                period: dates.3,
                currency: Currency::parse("EUR"),
                tax_currency: Currency::parse("SEK"),
                seller: parties.0,
                buyer: parties.1,
                payee: parties.2,
                tax_representative: parties.3,
                payment,
                references,
                totals,
                ..groups
            },
        )
        .boxed()
}
