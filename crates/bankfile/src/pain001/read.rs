use std::fmt::Display;
use std::str::FromStr;

use countersign_money::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use super::NAMESPACE;
use super::error::Place;
use super::model::{
    Address, ChargeBearer, Group, Party, PaymentFile, Remittance, ServiceLevel, Transfer,
};
use super::pull::Pull;
use super::totals::Totals;
use crate::account::{Account, Bic, CreditorReference, Iban, OtherAccount};

/// Why bytes are not a payment file as this crate writes them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the payment file cannot be read, near byte {offset}: {problem}")]
pub struct ReadError {
    /// Bytes before the place where reading stopped.
    pub offset: u64,
    /// What is wrong there.
    pub problem: ReadProblem,
}

/// What is wrong with a payment file. Values are never repeated, for they may be account numbers.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ReadProblem {
    #[error("it is not UTF-8 text")]
    NotUtf8,
    #[error("it is not well-formed XML")]
    Malformed,
    #[error("it has {0}, which payment files of ours never have")]
    Forbidden(&'static str),
    #[error("it is not a pain.001.001.09 message")]
    Namespace,
    #[error("{expected} should come next, but there is {found}")]
    Unexpected {
        expected: &'static str,
        found: String,
    },
    #[error("{element} has attributes that do not belong there")]
    Attributes { element: &'static str },
    #[error("the value of {element} is not one that can stand there")]
    Value { element: &'static str },
    #[error("the number of transactions ({place}) is not that of the transfers")]
    Count { place: Place },
    #[error("the control sum ({place}) is not the sum of the transfers")]
    ControlSum { place: Place },
}

/// Reads a file that [`super::Prepared::to_bytes`] wrote, knowing nothing of how it was written. Counts and
/// control sums are compared with the transfers at both levels. An element, attribute, comment, entity or
/// declaration that we do not write is an error, never skipped, and so is a date or number in another spelling.
///
/// # Errors
/// [`ReadError`] with the byte at which reading stopped.
pub fn read(bytes: &[u8]) -> Result<PaymentFile, ReadError> {
    let pull = &mut Pull::new(bytes)?;
    if pull.open_with("Document", "xmlns")? != NAMESPACE {
        return Err(pull.error(ReadProblem::Namespace));
    }
    pull.open("CstmrCdtTrfInitn")?;
    let (mut file, stated) = group_header(pull)?;
    while pull.is_next("PmtInf")? {
        let place = Place::Group {
            group: file.groups.len(),
        };
        file.groups
            .push(pull.element("PmtInf", |pull| group(pull, place))?);
    }
    pull.close()?;
    pull.close()?;
    pull.finish()?;
    stated.compare(pull, Place::File, Totals::of_file(&file))?;
    Ok(file)
}

/// Counts and sums as a file states them.
struct Stated {
    transactions: String,
    control_sum: String,
}

impl Stated {
    fn read(pull: &mut Pull<'_>) -> Result<Self, ReadError> {
        Ok(Self {
            transactions: pull.leaf("NbOfTxs")?,
            control_sum: pull.leaf("CtrlSum")?,
        })
    }

    fn compare(&self, pull: &Pull<'_>, place: Place, actual: Totals) -> Result<(), ReadError> {
        if self.transactions != actual.transactions().to_string() {
            return Err(pull.error(ReadProblem::Count { place }));
        }
        if self.control_sum != actual.control_sum() {
            return Err(pull.error(ReadProblem::ControlSum { place }));
        }
        Ok(())
    }
}

fn group_header(pull: &mut Pull<'_>) -> Result<(PaymentFile, Stated), ReadError> {
    pull.element("GrpHdr", |pull| {
        let message_id = pull.leaf("MsgId")?;
        let created = pull.value("CreDtTm", exact::<Timestamp>)?;
        let stated = Stated::read(pull)?;
        let initiating_party = pull.element("InitgPty", |pull| pull.leaf("Nm"))?;
        let file = PaymentFile {
            message_id,
            created,
            initiating_party,
            groups: Vec::new(),
        };
        Ok((file, stated))
    })
}

fn group(pull: &mut Pull<'_>, place: Place) -> Result<Group, ReadError> {
    let payment_information_id = pull.leaf("PmtInfId")?;
    pull.fixed("PmtMtd", "TRF")?;
    let batch_booking = pull.value("BtchBookg", |text| text.parse().ok())?;
    let stated = Stated::read(pull)?;
    let service_level = pull.element("PmtTpInf", |pull| {
        pull.element("SvcLvl", |pull| pull.value("Cd", ServiceLevel::from_code))
    })?;
    let requested_execution_date =
        pull.element("ReqdExctnDt", |pull| pull.value("Dt", exact::<Date>))?;
    let debtor = party(pull, "Dbtr")?;
    let debtor_account = account(pull, "DbtrAcct")?;
    let debtor_bic = pull.element("DbtrAgt", |pull| pull.element("FinInstnId", debtor_bank))?;
    let charge_bearer = pull.value("ChrgBr", ChargeBearer::from_code)?;
    let mut transfers = Vec::new();
    while pull.is_next("CdtTrfTxInf")? {
        transfers.push(pull.element("CdtTrfTxInf", transfer)?);
    }
    let group = Group {
        payment_information_id,
        batch_booking,
        service_level,
        requested_execution_date,
        debtor,
        debtor_account,
        debtor_bic,
        charge_bearer,
        transfers,
    };
    stated.compare(pull, place, Totals::of_group(&group))?;
    Ok(group)
}

fn debtor_bank(pull: &mut Pull<'_>) -> Result<Option<Bic>, ReadError> {
    if pull.is_next("Othr")? {
        pull.element("Othr", |pull| pull.fixed("Id", "NOTPROVIDED"))?;
        return Ok(None);
    }
    bic(pull).map(Some)
}

fn transfer(pull: &mut Pull<'_>) -> Result<Transfer, ReadError> {
    pull.open("PmtId")?;
    let instruction_id = pull.optional_leaf("InstrId")?;
    let end_to_end_id = pull.leaf("EndToEndId")?;
    let uetr = if pull.is_next("UETR")? {
        Some(pull.value("UETR", |text| text.parse().ok())?)
    } else {
        None
    };
    pull.close()?;
    Ok(Transfer {
        instruction_id,
        end_to_end_id,
        uetr,
        amount: pull.element("Amt", amount)?,
        creditor_bic: if pull.is_next("CdtrAgt")? {
            Some(pull.element("CdtrAgt", |pull| pull.element("FinInstnId", bic))?)
        } else {
            None
        },
        creditor: party(pull, "Cdtr")?,
        creditor_account: account(pull, "CdtrAcct")?,
        remittance: if pull.is_next("RmtInf")? {
            Some(pull.element("RmtInf", remittance)?)
        } else {
            None
        },
    })
}

fn amount(pull: &mut Pull<'_>) -> Result<Money, ReadError> {
    let currency = pull.open_with("InstdAmt", "Ccy")?;
    let text = pull.text_to_end("InstdAmt")?;
    let amount = currency
        .parse()
        .ok()
        .and_then(|currency| Money::parse(&text, currency).ok());
    amount.filter(|amount| amount.is_positive()).ok_or_else(|| {
        pull.error(ReadProblem::Value {
            element: "InstdAmt",
        })
    })
}

/// A value in the one spelling that we write.
fn exact<T: FromStr + Display>(text: &str) -> Option<T> {
    text.parse()
        .ok()
        .filter(|value: &T| value.to_string() == text)
}

fn bic(pull: &mut Pull<'_>) -> Result<Bic, ReadError> {
    pull.value("BICFI", exact::<Bic>)
}

fn party(pull: &mut Pull<'_>, element: &'static str) -> Result<Party, ReadError> {
    pull.element(element, |pull| {
        Ok(Party {
            name: pull.leaf("Nm")?,
            address: if pull.is_next("PstlAdr")? {
                Some(pull.element("PstlAdr", address)?)
            } else {
                None
            },
        })
    })
}

fn address(pull: &mut Pull<'_>) -> Result<Address, ReadError> {
    Ok(Address {
        street: pull.optional_leaf("StrtNm")?,
        building_number: pull.optional_leaf("BldgNb")?,
        post_code: pull.optional_leaf("PstCd")?,
        town: pull.leaf("TwnNm")?,
        country: pull.value("Ctry", |text| text.parse().ok())?,
    })
}

/// Only the electronic form counts: what the bank reads must be what we compare, to the byte.
fn account(pull: &mut Pull<'_>, element: &'static str) -> Result<Account, ReadError> {
    pull.element(element, |pull| {
        pull.element("Id", |pull| {
            if pull.is_next("IBAN")? {
                let iban = pull.value("IBAN", |text| {
                    Iban::parse(text).ok().filter(|iban| iban.expose() == text)
                })?;
                return Ok(Account::Iban(iban));
            }
            let number = |text: &str| {
                OtherAccount::parse(text)
                    .ok()
                    .filter(|number| number.expose() == text)
            };
            pull.element("Othr", |pull| pull.value("Id", number).map(Account::Other))
        })
    })
}

fn remittance(pull: &mut Pull<'_>) -> Result<Remittance, ReadError> {
    if pull.is_next("Ustrd")? {
        return pull.leaf("Ustrd").map(Remittance::Unstructured);
    }
    pull.element("Strd", |pull| {
        pull.element("CdtrRefInf", |pull| {
            pull.element("Tp", |pull| {
                pull.element("CdOrPrtry", |pull| pull.fixed("Cd", "SCOR"))?;
                pull.fixed("Issr", "ISO")
            })?;
            pull.value("Ref", exact::<CreditorReference>)
                .map(Remittance::CreditorReference)
        })
    })
}
