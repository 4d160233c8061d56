//! Which amounts have a currency of their own.

use crate::model::{AllowanceCharge, Amount, Invoice, Line};

/// Leaves an amount's currency only where it is not that of the invoice.
pub(crate) fn own_only(invoice: &mut Invoice) {
    let own = invoice.currency;
    let settle = |amount: &mut Option<Amount>| {
        if let Some(amount) = amount.as_mut().filter(|amount| amount.currency == own) {
            amount.currency = None;
        }
    };
    let totals = &mut invoice.totals;
    let of_totals = [
        &mut totals.line_net,
        &mut totals.allowances,
        &mut totals.charges,
        &mut totals.without_vat,
        &mut totals.vat,
        &mut totals.vat_in_tax_currency,
        &mut totals.with_vat,
        &mut totals.paid,
        &mut totals.rounding,
        &mut totals.due,
    ];
    of_totals.into_iter().for_each(settle);
    let of_vat = invoice.vat_breakdown.iter_mut();
    of_vat
        .flat_map(|vat| [&mut vat.taxable, &mut vat.tax])
        .for_each(settle);
    let of_document = invoice.allowances.iter_mut().chain(&mut invoice.charges);
    of_document.flat_map(of_allowance).for_each(settle);
    for line in &mut invoice.lines {
        let Line {
            net_amount,
            price,
            allowances,
            charges,
            ..
        } = line;
        let prices = [
            net_amount,
            &mut price.net,
            &mut price.discount,
            &mut price.gross,
        ];
        prices.into_iter().for_each(settle);
        allowances
            .iter_mut()
            .chain(charges)
            .flat_map(of_allowance)
            .for_each(settle);
    }
}

fn of_allowance(one: &mut AllowanceCharge) -> [&mut Option<Amount>; 2] {
    [&mut one.amount, &mut one.base_amount]
}
