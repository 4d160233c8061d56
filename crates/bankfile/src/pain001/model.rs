use std::fmt;
use std::str::FromStr;

use countersign_money::Money;
use jiff::Timestamp;
use jiff::civil::Date;
use thiserror::Error;

use crate::account::{Account, Bic, Country, CreditorReference};

/// One file for one bank (`CstmrCdtTrfInitn`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentFile {
    /// `MsgId`: unique per file and sender; at most 35 characters of the identifier set.
    pub message_id: String,
    /// `CreDtTm`. The file has whole seconds; a fraction is dropped when it is prepared.
    pub created: Timestamp,
    /// `InitgPty/Nm`: who sends the file; at most 70 characters.
    pub initiating_party: String,
    /// `PmtInf`: at least one.
    pub groups: Vec<Group>,
}

/// Transfers from one account on one day (`PmtInf`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// `PmtInfId`: unique in the file; at most 35 characters of the identifier set.
    pub payment_information_id: String,
    /// `BtchBookg`: whether the statement shall show one debit for the group rather than one per transfer.
    pub batch_booking: bool,
    /// `PmtTpInf/SvcLvl/Cd`.
    pub service_level: ServiceLevel,
    /// `ReqdExctnDt/Dt`.
    pub requested_execution_date: Date,
    /// `Dbtr`: whose money it is.
    pub debtor: Party,
    /// `DbtrAcct`.
    pub debtor_account: Account,
    /// `DbtrAgt`; without it the bank is found by the account (`NOTPROVIDED`).
    pub debtor_bic: Option<Bic>,
    /// `ChrgBr`: who pays the banks' charges.
    pub charge_bearer: ChargeBearer,
    /// `CdtTrfTxInf`: at least one.
    pub transfers: Vec<Transfer>,
}

/// One payment to one creditor (`CdtTrfTxInf`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// `InstrId`: between us and our bank; unique in the file.
    pub instruction_id: Option<String>,
    /// `EndToEndId`: reaches the creditor and comes back in statements and returns; unique in the file.
    pub end_to_end_id: String,
    /// `UETR`: for tracking outside SEPA.
    pub uetr: Option<Uetr>,
    /// `InstdAmt`: above zero.
    pub amount: Money,
    /// `Cdtr`: who is paid.
    pub creditor: Party,
    /// `CdtrAcct`.
    pub creditor_account: Account,
    /// `CdtrAgt`: needed outside SEPA.
    pub creditor_bic: Option<Bic>,
    /// `RmtInf`: what the creditor books by.
    pub remittance: Option<Remittance>,
}

/// A debtor or creditor (`PartyIdentification135`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// `Nm`: at most 70 characters.
    pub name: String,
    /// `PstlAdr`.
    pub address: Option<Address>,
}

/// A structured address (`PostalAddress24`). Town and country are what every bank demands of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// `StrtNm`: at most 70 characters.
    pub street: Option<String>,
    /// `BldgNb`: at most 16 characters.
    pub building_number: Option<String>,
    /// `PstCd`: at most 16 characters.
    pub post_code: Option<String>,
    /// `TwnNm`: at most 35 characters.
    pub town: String,
    /// `Ctry`.
    pub country: Country,
}

/// What the creditor learns of the reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remittance {
    /// `Ustrd`: one text of at most 140 characters.
    Unstructured(String),
    /// `Strd/CdtrRefInf` with type `SCOR` and issuer `ISO`.
    CreditorReference(CreditorReference),
}

/// `ExternalServiceLevel1Code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ServiceLevel {
    /// `SEPA`: euro between IBANs of SEPA countries.
    Sepa,
    /// `URGP`: urgent, usually through TARGET the same day.
    Urgent,
    /// `NURG`: not urgent.
    NonUrgent,
}

/// `ChargeBearerType1Code`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChargeBearer {
    /// `SLEV`: as the service level says; the only one in SEPA.
    ServiceLevel,
    /// `SHAR`: each side pays its own bank.
    Shared,
    /// `DEBT`: the debtor pays all.
    Debtor,
    /// `CRED`: the creditor pays all.
    Creditor,
}

impl ServiceLevel {
    const ALL: [Self; 3] = [Self::Sepa, Self::Urgent, Self::NonUrgent];

    /// The code in the file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sepa => "SEPA",
            Self::Urgent => "URGP",
            Self::NonUrgent => "NURG",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.code() == code)
    }
}

impl ChargeBearer {
    const ALL: [Self; 4] = [
        Self::ServiceLevel,
        Self::Shared,
        Self::Debtor,
        Self::Creditor,
    ];

    /// The code in the file.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ServiceLevel => "SLEV",
            Self::Shared => "SHAR",
            Self::Debtor => "DEBT",
            Self::Creditor => "CRED",
        }
    }

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|bearer| bearer.code() == code)
    }
}

/// A Unique End-to-end Transaction Reference: a random UUID (RFC 9562, version 4) in small letters.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Uetr([u8; 36]);

/// The text is not a UETR.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "a UETR is a version 4 UUID in small letters, such as eb6305c9-1f7f-49de-aed0-16487c27b42d"
)]
pub struct UetrError;

impl Uetr {
    /// The 36 characters.
    pub fn as_str(&self) -> &str {
        str::from_utf8(&self.0).expect("only ASCII is ever stored")
    }
}

impl FromStr for Uetr {
    type Err = UetrError;

    fn from_str(text: &str) -> Result<Self, UetrError> {
        let characters = <[u8; 36]>::try_from(text.as_bytes()).map_err(|_| UetrError)?;
        let fits = characters
            .iter()
            .enumerate()
            .all(|(index, byte)| match index {
                8 | 13 | 18 | 23 => *byte == b'-',
                14 => *byte == b'4',
                19 => matches!(byte, b'8' | b'9' | b'a' | b'b'),
                _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            });
        if fits {
            Ok(Self(characters))
        } else {
            Err(UetrError)
        }
    }
}

impl fmt::Debug for Uetr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Uetr({})", self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uetr_is_a_random_uuid_in_small_letters() {
        let good = "eb6305c9-1f7f-49de-aed0-16487c27b42d";
        assert_eq!(good.parse::<Uetr>().expect("valid").as_str(), good);
        for wrong in [
            "",
            "EB6305C9-1F7F-49DE-AED0-16487C27B42D",
            "eb6305c9-1f7f-19de-aed0-16487c27b42d",
            "eb6305c9-1f7f-49de-ced0-16487c27b42d",
            "eb6305c9 1f7f-49de-aed0-16487c27b42d",
            "eb6305c9-1f7f-49de-aed0-16487c27b42ä",
        ] {
            assert_eq!(wrong.parse::<Uetr>(), Err(UetrError), "{wrong}");
        }
    }

    #[test]
    fn codes_read_back() {
        for level in ServiceLevel::ALL {
            assert_eq!(ServiceLevel::from_code(level.code()), Some(level));
        }
        for bearer in ChargeBearer::ALL {
            assert_eq!(ChargeBearer::from_code(bearer.code()), Some(bearer));
        }
        assert_eq!(ServiceLevel::from_code("sepa"), None);
    }
}
