//! Invoice lines. A document may have a great many, so that what is rare stands behind a pointer.

use super::{AllowanceCharge, Amount, Identifier, Period, Quantity};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// BG-25.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Line {
    /// BT-126.
    pub id: Option<Box<str>>,
    /// BT-127.
    pub note: Option<Box<str>>,
    /// BT-128.
    pub object: Option<Box<Identifier>>,
    /// BT-129 with its unit BT-130.
    pub quantity: Option<Quantity>,
    /// BT-131.
    pub net_amount: Option<Amount>,
    /// BT-132.
    pub purchase_order_line: Option<Box<str>>,
    /// BT-133.
    pub buyer_accounting: Option<Box<str>>,
    /// BG-26.
    pub period: Option<Box<Period>>,
    /// BG-27.
    pub allowances: Vec<AllowanceCharge>,
    /// BG-28.
    pub charges: Vec<AllowanceCharge>,
    /// BG-29.
    pub price: Price,
    /// BT-151, UNTDID 5305.
    pub vat_category: Option<Box<str>>,
    /// BT-152; in percent.
    pub vat_rate: Option<Decimal>,
    /// BG-31.
    pub item: Item,
}

/// BG-29.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Price {
    /// BT-146.
    pub net: Option<Amount>,
    /// BT-147.
    pub discount: Option<Amount>,
    /// BT-148.
    pub gross: Option<Amount>,
    /// BT-149 with its unit BT-150.
    pub base_quantity: Option<Quantity>,
}

/// BG-31.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Item {
    /// BT-153.
    pub name: Option<Box<str>>,
    /// BT-154.
    pub description: Option<Box<str>>,
    /// BT-155.
    pub seller_id: Option<Box<str>>,
    /// BT-156.
    pub buyer_id: Option<Box<str>>,
    /// BT-157.
    pub standard_id: Option<Box<Identifier>>,
    /// BT-158.
    pub classifications: Vec<ItemClassification>,
    /// BT-159, ISO 3166-1 alpha-2.
    pub origin_country: Option<Box<str>>,
    /// BG-32.
    pub attributes: Vec<ItemAttribute>,
}

/// BT-158.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemClassification {
    pub code: Box<str>,
    /// BT-158-1, UNTDID 7143.
    pub scheme: Option<Box<str>>,
    /// BT-158-2.
    pub version: Option<Box<str>>,
}

/// BG-32.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ItemAttribute {
    /// BT-160.
    pub name: Option<Box<str>>,
    /// BT-161.
    pub value: Option<Box<str>>,
}
