//! Values, parties and lines at random.

use countersign_einvoice::model::{
    Address, AllowanceCharge, Amount, Contact, Currency, Identifier, Item, ItemAttribute,
    ItemClassification, Line, Party, Period, Price, Quantity, Sensitive,
};
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use rust_decimal::Decimal;

pub fn text() -> impl Strategy<Value = String> {
    "[A-Za-z0-9äß€&<>\"'/.-]([A-Za-z0-9ä€&<>\"' \n/.]{0,10}[A-Za-z0-9ß&<>\"'])?"
}

pub fn short() -> impl Strategy<Value = Box<str>> {
    text().prop_map(String::into_boxed_str)
}

pub fn secret() -> impl Strategy<Value = Sensitive> {
    "[A-Z]{2}[0-9]{2}[A-Z0-9]{4,20}".prop_map(Sensitive::new)
}

pub fn number() -> impl Strategy<Value = Decimal> {
    (any::<i64>(), 0u32..8).prop_map(|(digits, scale)| Decimal::new(digits, scale))
}

/// In the invoice currency, which is EUR here, or in another.
pub fn amount() -> impl Strategy<Value = Amount> {
    let currency = prop_oneof![4 => Just(None), 1 => Just(Currency::parse("USD"))];
    (number(), currency).prop_map(|(value, currency)| Amount { value, currency })
}

pub fn day() -> impl Strategy<Value = Date> {
    (1i16..9999, 1i8..=12, 1i8..=28)
        .prop_map(|(year, month, day)| Date::new(year, month, day).expect("it exists"))
}

pub fn identifier() -> impl Strategy<Value = Identifier> {
    (text(), of("[0-9]{4}")).prop_map(|(value, scheme)| Identifier { value, scheme })
}

pub fn quantity() -> impl Strategy<Value = Quantity> {
    (number(), of("[A-Z]{2,3}".prop_map(String::into_boxed_str)))
        .prop_map(|(value, unit)| Quantity { value, unit })
}

/// With one end at least: a group that holds nothing is not written.
pub fn period() -> impl Strategy<Value = Period> {
    (day(), of(day())).prop_map(|(start, end)| Period {
        start: Some(start),
        end,
    })
}

pub fn address() -> BoxedStrategy<Address> {
    (
        of(text()),
        of(text()),
        of(text()),
        of(text()),
        of(text()),
        of(text()),
        "[A-Z]{2}",
    )
        .prop_map(
            |(line1, line2, line3, city, post_code, subdivision, country)| Address {
                line1,
                line2,
                line3,
                city,
                post_code,
                subdivision,
                country: Some(country),
            },
        )
        .boxed()
}

pub fn contact() -> BoxedStrategy<Contact> {
    (text(), of(text()), of(text()))
        .prop_map(|(name, telephone, email)| Contact {
            name: Some(name),
            telephone,
            email,
        })
        .boxed()
}

/// What buyers have: no tax number beside the one for VAT, no legal information.
pub fn party() -> BoxedStrategy<Party> {
    let ids = vec(identifier(), 0..3);
    (
        text(),
        of(text()),
        ids,
        of(identifier()),
        of(secret()),
        of(identifier()),
        of(address()),
        of(contact()),
    )
        .prop_map(
            |(
                name,
                trading_name,
                mut identifiers,
                legal_registration,
                vat_id,
                electronic_address,
                address,
                contact,
            )| {
                // CII has two elements for identifiers, those without a scheme first.
                identifiers.sort_by_key(|id| id.scheme.is_some());
                Party {
                    name: Some(name),
                    trading_name,
                    identifiers,
                    legal_registration,
                    vat_id,
                    electronic_address,
                    address,
                    contact,
                    ..Party::default()
                }
            },
        )
        .boxed()
}

pub fn allowance(with_vat: bool) -> BoxedStrategy<AllowanceCharge> {
    (
        of(amount()),
        of(amount()),
        of(number()),
        of("[A-Z]"),
        of(number()),
        of(text()),
        of("[0-9]{2}"),
    )
        .prop_map(
            move |(
                amount,
                base_amount,
                percentage,
                vat_category,
                vat_rate,
                reason,
                reason_code,
            )| AllowanceCharge {
                amount,
                base_amount,
                percentage,
                vat_category: vat_category.filter(|_| with_vat),
                vat_rate: vat_rate.filter(|_| with_vat),
                reason,
                reason_code,
            },
        )
        .boxed()
}

pub fn item() -> BoxedStrategy<Item> {
    let class = (short(), of(short()), of(short()));
    let class = class.prop_map(|(code, scheme, version)| ItemClassification {
        code,
        scheme,
        version,
    });
    let attribute =
        (of(short()), of(short())).prop_map(|(name, value)| ItemAttribute { name, value });
    let ids = (
        of(short()),
        of(short()),
        of(identifier().prop_map(Box::new)),
    );
    (
        of(short()),
        of(short()),
        ids,
        vec(class, 0..3),
        of("[A-Z]{2}"),
        vec(attribute, 0..3),
    )
        .prop_map(
            |(
                name,
                description,
                (seller_id, buyer_id, standard_id),
                classifications,
                country,
                attributes,
            )| Item {
                name,
                description,
                seller_id,
                buyer_id,
                standard_id,
                classifications,
                origin_country: country.map(String::into_boxed_str),
                attributes,
            },
        )
        .boxed()
}

pub fn line() -> BoxedStrategy<Line> {
    let price = (of(amount()), of(amount()), of(amount()), of(quantity()));
    let price = price.prop_map(|(net, discount, gross, base_quantity)| Price {
        net,
        discount,
        gross,
        base_quantity,
    });
    let texts = (of(short()), of(short()), of(short()), of(short()));
    let rest = (
        of(identifier().prop_map(Box::new)),
        of(quantity()),
        of(amount()),
        of(period().prop_map(Box::new)),
    );
    let charges = (vec(allowance(false), 0..2), vec(allowance(false), 0..2));
    (
        texts,
        rest,
        charges,
        price,
        of("[A-Z]".prop_map(String::into_boxed_str)),
        of(number()),
        item(),
    )
        .prop_map(
            |(texts, rest, (allowances, charges), price, vat_category, vat_rate, item)| Line {
                id: texts.0,
                note: texts.1,
                purchase_order_line: texts.2,
                buyer_accounting: texts.3,
                object: rest.0,
                quantity: rest.1,
                net_amount: rest.2,
                period: rest.3,
                allowances,
                charges,
                price,
                vat_category,
                vat_rate,
                item,
            },
        )
        .boxed()
}
