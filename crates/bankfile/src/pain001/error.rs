use std::fmt;

use countersign_money::{Currency, Money};
use thiserror::Error;

/// The file can't be written as asked. It holds all that was found, in the order of the file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the payment file cannot be written: {first}{}", more(.others.len()))]
pub struct Rejected {
    /// What was found first.
    pub first: Finding,
    /// What was found after it.
    pub others: Vec<Finding>,
}

fn more(others: usize) -> String {
    match others {
        0 => String::new(),
        1 => " (and one more finding)".to_owned(),
        _ => format!(" (and {others} more findings)"),
    }
}

impl Rejected {
    pub(super) fn from_findings(findings: Vec<Finding>) -> Option<Self> {
        let mut findings = findings.into_iter();
        let first = findings.next()?;
        Some(Self {
            first,
            others: findings.collect(),
        })
    }

    /// All findings, in the order of the file.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        std::iter::once(&self.first).chain(&self.others)
    }
}

/// One thing wrong, where, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which part of the file.
    pub place: Place,
    /// Which field of it.
    pub field: Field,
    /// What is wrong with the field.
    pub problem: Problem,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} {}", self.place, self.field, self.problem)
    }
}

/// Where in a payment file; numbers are indices from 0, and are shown from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The file's own fields.
    File,
    /// A group's own fields.
    Group { group: usize },
    /// A transfer's fields.
    Transfer { group: usize, transfer: usize },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File => f.write_str("file"),
            Self::Group { group } => write!(f, "group {}", group + 1),
            Self::Transfer { group, transfer } => {
                write!(f, "group {}, transfer {}", group + 1, transfer + 1)
            }
        }
    }
}

macro_rules! fields {
    ($($variant:ident $words:literal $element:literal,)*) => {
        /// A field of a payment file.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Field {
            $(#[doc = concat!("`", $element, "`")] $variant,)*
        }

        impl Field {
            /// The element of ISO 20022 that holds it.
            pub const fn element(self) -> &'static str {
                match self { $(Self::$variant => $element,)* }
            }
        }

        impl fmt::Display for Field {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $words,)* })
            }
        }
    };
}

fields! {
    MessageId "the message id" "MsgId",
    Created "the time of creation" "CreDtTm",
    InitiatingParty "the initiating party's name" "InitgPty/Nm",
    ControlSum "the control sum" "CtrlSum",
    Groups "the list of groups" "PmtInf",
    PaymentInformationId "the payment information id" "PmtInfId",
    BatchBooking "batch booking" "BtchBookg",
    RequestedExecutionDate "the requested execution date" "ReqdExctnDt",
    DebtorName "the debtor's name" "Dbtr/Nm",
    DebtorAddress "the debtor's address" "Dbtr/PstlAdr",
    DebtorStreet "the debtor's street" "Dbtr/PstlAdr/StrtNm",
    DebtorBuildingNumber "the debtor's building number" "Dbtr/PstlAdr/BldgNb",
    DebtorPostCode "the debtor's post code" "Dbtr/PstlAdr/PstCd",
    DebtorTown "the debtor's town" "Dbtr/PstlAdr/TwnNm",
    DebtorAccount "the debtor's account" "DbtrAcct",
    ChargeBearer "the charge bearer" "ChrgBr",
    Transfers "the list of transfers" "CdtTrfTxInf",
    InstructionId "the instruction id" "InstrId",
    EndToEndId "the end-to-end id" "EndToEndId",
    Uetr "the UETR" "UETR",
    Amount "the amount" "InstdAmt",
    CreditorName "the creditor's name" "Cdtr/Nm",
    CreditorAddress "the creditor's address" "Cdtr/PstlAdr",
    CreditorStreet "the creditor's street" "Cdtr/PstlAdr/StrtNm",
    CreditorBuildingNumber "the creditor's building number" "Cdtr/PstlAdr/BldgNb",
    CreditorPostCode "the creditor's post code" "Cdtr/PstlAdr/PstCd",
    CreditorTown "the creditor's town" "Cdtr/PstlAdr/TwnNm",
    CreditorAccount "the creditor's account" "CdtrAcct",
    CreditorBic "the BIC of the creditor's bank" "CdtrAgt",
    Remittance "the remittance text" "RmtInf/Ustrd",
}

/// What is wrong with a field. Each reads on from the field's name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Problem {
    #[error("is empty; fill it in")]
    Empty,
    #[error(
        "has {found} characters (counted as the bank gets them), {max} are allowed; shorten it"
    )]
    TooLong { max: usize, found: usize },
    #[error(
        "has a character that banks do not take ({character:?}); replace it with letters A to Z"
    )]
    Character { character: char },
    #[error("has no letter or digit that banks take; write it in letters A to Z")]
    NothingLeft,
    #[error(
        "may only have letters A to Z, digits and / - ? : ( ) . , ' + and spaces between them, not {character:?}"
    )]
    IdentifierCharacter { character: char },
    #[error("must not begin or end with a slash or a space, nor have two slashes in a row")]
    IdentifierShape,
    #[error("is already used by {first}; give each its own")]
    Duplicate { first: Place },
    #[error("is not in the years 1970 to 9999")]
    Year,
    #[error("is {amount}; only amounts above zero can be paid")]
    NotPositive { amount: Money },
    #[error("is {amount}; the format allows at most {max}")]
    TooLarge { amount: Money, max: String },
    #[error(
        "is in {currency}, but SEPA transfers are in EUR; use another service level or currency"
    )]
    NotEuro { currency: Currency },
    #[error("is in {currency}, which is no longer paid; use the currency that replaced it")]
    CurrencyWithdrawn { currency: Currency },
    #[error("has more than 18 digits; split the file")]
    SumTooLarge,
    #[error("is not an IBAN, which SEPA transfers need; use another service level")]
    NotAnIban,
    #[error("is in {country}, which SEPA transfers do not reach; use another service level")]
    NotInSepa { country: String },
    #[error("must be SLEV for SEPA transfers: each side pays its own bank")]
    ChargeBearerNotSlev,
    #[error(
        "is missing; banks outside the European Economic Area demand it, so enter at least town and country"
    )]
    AddressNeeded,
    #[error("is missing; outside SEPA a transfer is routed by it")]
    BicNeeded,
    #[error("is one debit for several currencies; use one group for each, or book each transfer")]
    SeveralCurrencies,
    #[error("is not part of SEPA transfers; leave it out")]
    NotInSepaFile,
}
