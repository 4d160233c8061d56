//! Invoice lines, allowances and charges in CII.

use super::cii::date;
use super::out::{Done, Out};
use crate::model::{AllowanceCharge, Item, Line, Period, Price};
use rust_decimal::Decimal;

pub(crate) fn line(out: &mut Out, line: &Line) -> Done {
    out.one_of("ram:IncludedSupplyChainTradeLineItem", |out| {
        out.one_of("ram:AssociatedDocumentLineDocument", |out| {
            out.text("ram:LineID", line.id.as_deref())?;
            out.group("ram:IncludedNote", |out| {
                out.text("ram:Content", line.note.as_deref())
            })
        })?;
        product(out, &line.item)?;
        out.group("ram:SpecifiedLineTradeAgreement", |out| {
            out.group("ram:BuyerOrderReferencedDocument", |out| {
                out.text("ram:LineID", line.purchase_order_line.as_deref())
            })?;
            prices(out, &line.price)
        })?;
        out.group("ram:SpecifiedLineTradeDelivery", |out| {
            out.quantity("ram:BilledQuantity", line.quantity.as_ref())
        })?;
        settlement(out, line)
    })
}

fn product(out: &mut Out, item: &Item) -> Done {
    out.group("ram:SpecifiedTradeProduct", |out| {
        out.identifier("ram:GlobalID", item.standard_id.as_deref())?;
        out.text("ram:SellerAssignedID", item.seller_id.as_deref())?;
        out.text("ram:BuyerAssignedID", item.buyer_id.as_deref())?;
        out.text("ram:Name", item.name.as_deref())?;
        out.text("ram:Description", item.description.as_deref())?;
        for attribute in &item.attributes {
            out.one_of("ram:ApplicableProductCharacteristic", |out| {
                out.text("ram:Description", attribute.name.as_deref())?;
                out.text("ram:Value", attribute.value.as_deref())
            })?;
        }
        for class in &item.classifications {
            let attributes = [
                ("listID", class.scheme.as_deref()),
                ("listVersionID", class.version.as_deref()),
            ];
            out.group("ram:DesignatedProductClassification", |out| {
                out.text_with("ram:ClassCode", &attributes, Some(&class.code))
            })?;
        }
        out.group("ram:OriginTradeCountry", |out| {
            out.text("ram:ID", item.origin_country.as_deref())
        })
    })
}

fn prices(out: &mut Out, price: &Price) -> Done {
    out.group("ram:GrossPriceProductTradePrice", |out| {
        out.amount("ram:ChargeAmount", price.gross, None)?;
        let Some(discount) = price.discount else {
            return Ok(());
        };
        out.group("ram:AppliedTradeAllowanceCharge", |out| {
            indicator(out, false)?;
            out.amount("ram:ActualAmount", Some(discount), None)
        })
    })?;
    out.group("ram:NetPriceProductTradePrice", |out| {
        out.amount("ram:ChargeAmount", price.net, None)?;
        out.quantity("ram:BasisQuantity", price.base_quantity.as_ref())
    })
}

fn settlement(out: &mut Out, line: &Line) -> Done {
    out.one_of("ram:SpecifiedLineTradeSettlement", |out| {
        tax(
            out,
            "ram:ApplicableTradeTax",
            line.vat_category.as_deref(),
            line.vat_rate,
        )?;
        period(out, line.period.as_deref())?;
        let allowances = line.allowances.iter().map(|one| (false, one));
        for (charge, one) in allowances.chain(line.charges.iter().map(|one| (true, one))) {
            allowance_charge(out, one, charge, |_, _| Ok(()))?;
        }
        out.group("ram:SpecifiedTradeSettlementLineMonetarySummation", |out| {
            out.amount("ram:LineTotalAmount", line.net_amount, None)
        })?;
        if let Some(object) = &line.object {
            out.group("ram:AdditionalReferencedDocument", |out| {
                out.text("ram:IssuerAssignedID", Some(&object.value))?;
                out.text("ram:TypeCode", Some("130"))?;
                out.text("ram:ReferenceTypeCode", object.scheme.as_deref())
            })?;
        }
        out.group("ram:ReceivableSpecifiedTradeAccountingAccount", |out| {
            out.text("ram:ID", line.buyer_accounting.as_deref())
        })
    })
}

pub(crate) fn period(out: &mut Out, period: Option<&Period>) -> Done {
    let period = period.copied().unwrap_or_default();
    out.group("ram:BillingSpecifiedPeriod", |out| {
        date(out, "ram:StartDateTime", period.start)?;
        date(out, "ram:EndDateTime", period.end)
    })
}

/// A tax with its category and rate, when there is one.
pub(crate) fn tax(
    out: &mut Out,
    name: &'static str,
    category: Option<&str>,
    rate: Option<Decimal>,
) -> Done {
    if category.is_none() && rate.is_none() {
        return Ok(());
    }
    out.group(name, |out| {
        out.text("ram:TypeCode", Some("VAT"))?;
        out.text("ram:CategoryCode", category)?;
        out.decimal("ram:RateApplicablePercent", rate)
    })
}

pub(crate) fn allowance_charge(
    out: &mut Out,
    one: &AllowanceCharge,
    charge: bool,
    with_tax: impl FnOnce(&mut Out, &AllowanceCharge) -> Done,
) -> Done {
    out.one_of("ram:SpecifiedTradeAllowanceCharge", |out| {
        indicator(out, charge)?;
        out.decimal("ram:CalculationPercent", one.percentage)?;
        out.amount("ram:BasisAmount", one.base_amount, None)?;
        out.amount("ram:ActualAmount", one.amount, None)?;
        out.text("ram:ReasonCode", one.reason_code.as_deref())?;
        out.text("ram:Reason", one.reason.as_deref())?;
        with_tax(out, one)
    })
}

fn indicator(out: &mut Out, charge: bool) -> Done {
    let value = if charge { "true" } else { "false" };
    out.group("ram:ChargeIndicator", |out| {
        out.text("udt:Indicator", Some(value))
    })
}
