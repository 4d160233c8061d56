//! Invoice lines, allowances and charges in UBL.

use super::iso;
use super::out::{Done, Out};
use super::ubl::{Form, tax_scheme};
use crate::model::{AllowanceCharge, Currency, Item, Line, Price};
use rust_decimal::Decimal;

pub(crate) fn line(out: &mut Out, line: &Line, currency: Option<Currency>, form: Form) -> Done {
    let (name, quantity) = match form {
        Form::Invoice => ("cac:InvoiceLine", "cbc:InvoicedQuantity"),
        Form::CreditNote => ("cac:CreditNoteLine", "cbc:CreditedQuantity"),
    };
    out.one_of(name, |out| {
        out.text("cbc:ID", line.id.as_deref())?;
        out.text("cbc:Note", line.note.as_deref())?;
        out.quantity(quantity, line.quantity.as_ref())?;
        out.amount("cbc:LineExtensionAmount", line.net_amount, currency)?;
        out.text("cbc:AccountingCost", line.buyer_accounting.as_deref())?;
        out.group("cac:InvoicePeriod", |out| {
            let period = line.period.as_deref().copied().unwrap_or_default();
            out.text("cbc:StartDate", iso(period.start).as_deref())?;
            out.text("cbc:EndDate", iso(period.end).as_deref())
        })?;
        out.group("cac:OrderLineReference", |out| {
            out.text("cbc:LineID", line.purchase_order_line.as_deref())
        })?;
        if let Some(object) = &line.object {
            out.group("cac:DocumentReference", |out| {
                out.identifier("cbc:ID", Some(object))?;
                out.text("cbc:DocumentTypeCode", Some("130"))
            })?;
        }
        let allowances = line.allowances.iter().map(|one| (false, one));
        for (charge, one) in allowances.chain(line.charges.iter().map(|one| (true, one))) {
            allowance_charge(out, one, charge, currency)?;
        }
        item(out, line)?;
        price(out, &line.price, currency)
    })
}

fn item(out: &mut Out, line: &Line) -> Done {
    let Item {
        name,
        description,
        seller_id,
        buyer_id,
        standard_id,
        classifications,
        origin_country,
        attributes,
    } = &line.item;
    out.group("cac:Item", |out| {
        out.text("cbc:Description", description.as_deref())?;
        out.text("cbc:Name", name.as_deref())?;
        out.group("cac:BuyersItemIdentification", |out| {
            out.text("cbc:ID", buyer_id.as_deref())
        })?;
        out.group("cac:SellersItemIdentification", |out| {
            out.text("cbc:ID", seller_id.as_deref())
        })?;
        out.group("cac:StandardItemIdentification", |out| {
            out.identifier("cbc:ID", standard_id.as_deref())
        })?;
        out.group("cac:OriginCountry", |out| {
            out.text("cbc:IdentificationCode", origin_country.as_deref())
        })?;
        for class in classifications {
            let attributes = [
                ("listID", class.scheme.as_deref()),
                ("listVersionID", class.version.as_deref()),
            ];
            out.group("cac:CommodityClassification", |out| {
                out.text_with("cbc:ItemClassificationCode", &attributes, Some(&class.code))
            })?;
        }
        tax_category(
            out,
            "cac:ClassifiedTaxCategory",
            line.vat_category.as_deref(),
            line.vat_rate,
        )?;
        for attribute in attributes {
            out.one_of("cac:AdditionalItemProperty", |out| {
                out.text("cbc:Name", attribute.name.as_deref())?;
                out.text("cbc:Value", attribute.value.as_deref())
            })?;
        }
        Ok(())
    })
}

fn price(out: &mut Out, price: &Price, currency: Option<Currency>) -> Done {
    out.group("cac:Price", |out| {
        out.amount("cbc:PriceAmount", price.net, currency)?;
        out.quantity("cbc:BaseQuantity", price.base_quantity.as_ref())?;
        if price.discount.is_none() && price.gross.is_none() {
            return Ok(());
        }
        out.group("cac:AllowanceCharge", |out| {
            out.text("cbc:ChargeIndicator", Some("false"))?;
            out.amount("cbc:Amount", price.discount, currency)?;
            out.amount("cbc:BaseAmount", price.gross, currency)
        })
    })
}

pub(crate) fn allowance_charge(
    out: &mut Out,
    one: &AllowanceCharge,
    charge: bool,
    currency: Option<Currency>,
) -> Done {
    out.one_of("cac:AllowanceCharge", |out| {
        out.text(
            "cbc:ChargeIndicator",
            Some(if charge { "true" } else { "false" }),
        )?;
        out.text("cbc:AllowanceChargeReasonCode", one.reason_code.as_deref())?;
        out.text("cbc:AllowanceChargeReason", one.reason.as_deref())?;
        out.decimal("cbc:MultiplierFactorNumeric", one.percentage)?;
        out.amount("cbc:Amount", one.amount, currency)?;
        out.amount("cbc:BaseAmount", one.base_amount, currency)?;
        tax_category(
            out,
            "cac:TaxCategory",
            one.vat_category.as_deref(),
            one.vat_rate,
        )
    })
}

fn tax_category(
    out: &mut Out,
    name: &'static str,
    category: Option<&str>,
    rate: Option<Decimal>,
) -> Done {
    if category.is_none() && rate.is_none() {
        return Ok(());
    }
    out.group(name, |out| {
        out.text("cbc:ID", category)?;
        out.decimal("cbc:Percent", rate)?;
        tax_scheme(out)
    })
}
