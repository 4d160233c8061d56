//! Whatever is accepted reads back equal, with the right sums, from equal bytes.

use countersign_bankfile::account::{Account, OtherAccount};
use countersign_bankfile::pain001::{
    Address, ChargeBearer, Group, Party, PaymentFile, Prepared, Remittance, ServiceLevel, Transfer,
    Unmappable, read, verify,
};
use countersign_money::{Currency, Money};
use jiff::Timestamp;
use proptest::prelude::*;

use crate::fixtures::{address, german_iban, prepared, simple};

fn text(max: usize) -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[A-Za-z][A-Za-z0-9äöüßéłŞ&;/'+.,() -]{0,15}",
        1 => proptest::string::string_regex(&format!("\\PC{{0,{max}}}")).expect("a pattern"),
        1 => any::<String>(),
    ]
}

fn party() -> impl Strategy<Value = Party> {
    let country = proptest::sample::select(vec!["DE", "FR", "CH", "XK", "US"]);
    let optional = || proptest::option::of(text(16));
    let address = (optional(), optional(), optional(), text(35), country).prop_map(
        |(street, building_number, post_code, town, country)| Address {
            street,
            building_number,
            post_code,
            town,
            country: country.parse().expect("a country"),
        },
    );
    (text(70), proptest::option::of(address)).prop_map(|(name, address)| Party { name, address })
}

fn remittance() -> impl Strategy<Value = Option<Remittance>> {
    prop_oneof![
        Just(None),
        text(140).prop_map(|text| Some(Remittance::Unstructured(text))),
        Just(Some(Remittance::CreditorReference(
            "RF18539007547034".parse().expect("a reference")
        ))),
    ]
}

fn money() -> impl Strategy<Value = Money> {
    let currency =
        prop_oneof![8 => Just(Currency::EUR), 1 => proptest::sample::select(Currency::LIST)];
    (1_i64..100_000_000_000, currency)
        .prop_map(|(minor, currency)| Money::from_minor(minor, currency))
}

fn transfer() -> impl Strategy<Value = Transfer> {
    let account = prop_oneof![
        8 => any::<u64>().prop_map(german_iban),
        1 => "[A-Z0-9]{4,34}".prop_map(|text| Account::Other(OtherAccount::parse(&text).expect("a number"))),
    ];
    let bic = proptest::option::of(Just("DEUTDEFF500".parse().expect("a BIC")));
    (
        any::<bool>(),
        "[A-Za-z0-9?:().,'+-]{1,20}",
        money(),
        party(),
        account,
        bic,
        remittance(),
    )
        .prop_map(
            |(instruction, id, amount, creditor, creditor_account, creditor_bic, remittance)| {
                Transfer {
                    instruction_id: instruction.then(|| id.clone()),
                    end_to_end_id: id,
                    uetr: None,
                    amount,
                    creditor,
                    creditor_account,
                    creditor_bic,
                    remittance,
                }
            },
        )
}

fn group() -> impl Strategy<Value = Group> {
    let level = prop_oneof![
        Just((ServiceLevel::Sepa, ChargeBearer::ServiceLevel)),
        Just((ServiceLevel::NonUrgent, ChargeBearer::Shared)),
        Just((ServiceLevel::Urgent, ChargeBearer::Debtor)),
    ];
    let transfers = proptest::collection::vec(transfer(), 1..4);
    (
        "[A-Za-z0-9]{1,30}",
        any::<bool>(),
        level,
        party(),
        any::<u64>(),
        transfers,
    )
        .prop_map(
            |(
                payment_information_id,
                batch_booking,
                (service_level, charge_bearer),
                debtor,
                number,
                transfers,
            )| {
                let mut group = Group {
                    payment_information_id,
                    batch_booking,
                    service_level,
                    requested_execution_date: "2026-12-31".parse().expect("a date"),
                    debtor,
                    debtor_account: german_iban(number),
                    debtor_bic: None,
                    charge_bearer,
                    transfers,
                };
                if service_level != ServiceLevel::Sepa {
                    as_banks_abroad_demand(&mut group);
                }
                group
            },
        )
}

/// What may be missing in SEPA alone is filled in, so that not nearly every such group is refused.
fn as_banks_abroad_demand(group: &mut Group) {
    group.batch_booking = false;
    group.debtor.address.get_or_insert_with(address);
    for transfer in &mut group.transfers {
        transfer.creditor.address.get_or_insert_with(address);
        let bic = "DEUTDEFF".parse().expect("a BIC");
        transfer.creditor_bic.get_or_insert(bic);
    }
}

fn file() -> impl Strategy<Value = PaymentFile> {
    let seconds = 0_i64..253_402_207_200;
    (
        "[A-Za-z0-9]{1,35}",
        seconds,
        text(70),
        proptest::collection::vec(group(), 1..3),
    )
        .prop_map(
            |(message_id, seconds, initiating_party, groups)| PaymentFile {
                message_id,
                created: Timestamp::from_second(seconds).expect("before the year 10000"),
                initiating_party,
                groups,
            },
        )
}

/// The bytes themselves are a promise: a stored file's hash must be found again by a later version.
#[test]
fn the_bytes_of_a_small_file() {
    let text = String::from_utf8(prepared(simple(1)).to_bytes()).expect("UTF-8");
    let address = "<PstlAdr><StrtNm>Hauptstrasse</StrtNm><BldgNb>12a</BldgNb><PstCd>10115</PstCd>\
                   <TwnNm>Berlin</TwnNm><Ctry>DE</Ctry></PstlAdr>";
    let expected = [
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn>",
        "<GrpHdr><MsgId>MSG-2026-1</MsgId><CreDtTm>2026-11-23T08:15:30Z</CreDtTm>",
        "<NbOfTxs>1</NbOfTxs><CtrlSum>1.38</CtrlSum>",
        "<InitgPty><Nm>Countersign Beispiel AG</Nm></InitgPty></GrpHdr>",
        "<PmtInf><PmtInfId>RUN-1</PmtInfId><PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>",
        "<NbOfTxs>1</NbOfTxs><CtrlSum>1.38</CtrlSum>",
        "<PmtTpInf><SvcLvl><Cd>SEPA</Cd></SvcLvl></PmtTpInf><ReqdExctnDt><Dt>2026-12-01</Dt></ReqdExctnDt>",
        "<Dbtr><Nm>Countersign Beispiel AG</Nm>",
        address,
        "</Dbtr><DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct>",
        "<DbtrAgt><FinInstnId><Othr><Id>NOTPROVIDED</Id></Othr></FinInstnId></DbtrAgt><ChrgBr>SLEV</ChrgBr>",
        "<CdtTrfTxInf><PmtId><InstrId>I-1</InstrId><EndToEndId>E2E-1</EndToEndId></PmtId>",
        "<Amt><InstdAmt Ccy=\"EUR\">1.38</InstdAmt></Amt>",
        "<CdtrAgt><FinInstnId><BICFI>DEUTDEFF</BICFI></FinInstnId></CdtrAgt>",
        "<Cdtr><Nm>Mueller + Soehne GmbH</Nm>",
        address,
        "</Cdtr><CdtrAcct><Id><IBAN>DE09000000000000000001</IBAN></Id></CdtrAcct>",
        "<RmtInf><Ustrd>Invoice 1</Ustrd></RmtInf></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>\n",
    ];
    assert_eq!(text, expected.concat());
}

proptest! {
    #![proptest_config(ProptestConfig { max_global_rejects: 100_000, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn accepted_files_read_back_equal(input in file(), full_stop: bool) {
        let unmappable = if full_stop { Unmappable::FullStop } else { Unmappable::Refuse };
        let prepared = Prepared::new(input.clone(), unmappable);
        prop_assume!(prepared.is_ok());
        let prepared = prepared.expect("assumed");
        let bytes = prepared.to_bytes();
        let found = read(&bytes).expect("what we write can be read");
        prop_assert_eq!(&found, prepared.file());
        prop_assert_eq!(verify(&bytes, &prepared), Ok(()));
        let again = Prepared::new(prepared.file().clone(), Unmappable::Refuse).expect("preparing changes nothing twice");
        prop_assert_eq!(again.to_bytes(), bytes, "equal input, equal bytes");

        // What money is, no preparation touches.
        let transfers = |file: &PaymentFile| -> Vec<(Money, Account, String)> {
            let all = file.groups.iter().flat_map(|group| group.transfers.clone());
            all.map(|one| (one.amount, one.creditor_account.clone(), one.end_to_end_id.clone())).collect()
        };
        prop_assert_eq!(transfers(&found), transfers(&input));
        let euros: Vec<Money> = transfers(&input).into_iter().map(|(amount, ..)| amount).collect();
        if euros.iter().all(|amount| amount.currency() == Currency::EUR) {
            let sum = Money::sum(Currency::EUR, euros).expect("small");
            prop_assert_eq!(prepared.totals().control_sum(), sum.to_decimal_string());
        }
    }

    #[test]
    fn reading_garbage_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(read(&bytes).is_err());
    }
}
