//! How the seller asks to be paid. All of it is a claim of the document until somebody has verified the account.

use super::Sensitive;
use serde::{Deserialize, Serialize};

/// BG-16.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Payment {
    /// BT-83; the first, where a UBL document gives each means of payment its own.
    pub remittance_information: Option<String>,
    /// BT-20.
    pub terms: Option<String>,
    /// BT-89.
    pub mandate: Option<Sensitive>,
    /// BT-90.
    pub creditor: Option<Sensitive>,
    /// The means of payment that the document offers, in its order.
    pub means: Vec<PaymentMeans>,
}

impl Payment {
    /// The accounts to which the document asks to be paid (BT-84), in its order: claims, never payable by themselves.
    pub fn account_claims(&self) -> impl Iterator<Item = &CreditTransfer> {
        self.means
            .iter()
            .filter_map(|means| means.credit_transfer.as_ref())
            .filter(|transfer| transfer.account.is_some())
    }
}

/// One means of payment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentMeans {
    /// BT-81, UNTDID 4461 (30 and 58 credit transfer, 48 card, 49 and 59 direct debit).
    pub code: Option<String>,
    /// BT-82.
    pub text: Option<String>,
    /// BT-83 where it differs from [`Payment::remittance_information`].
    pub remittance_information: Option<String>,
    /// BG-17.
    pub credit_transfer: Option<CreditTransfer>,
    /// BG-18.
    pub card: Option<PaymentCard>,
    /// BT-91.
    pub debited_account: Option<Sensitive>,
}

/// BG-17.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CreditTransfer {
    /// BT-84, an IBAN or another account number.
    pub account: Option<Sensitive>,
    /// BT-85.
    pub account_name: Option<String>,
    /// BT-86, a BIC or another identifier of a bank.
    pub bank: Option<String>,
}

/// BG-18.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PaymentCard {
    /// BT-87, by the standard only its last digits.
    pub number: Option<Sensitive>,
    /// BT-88.
    pub holder: Option<String>,
}
