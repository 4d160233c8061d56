//! Where the model keeps each business term.

use crate::model::{
    Amount, Contact, CreditTransfer, Currency, Delivery, Embedded, Identifier, Invoice, Line,
    Party, PaymentCard, PaymentMeans, Period, Quantity, Sensitive, SupportingDocument,
};
use crate::terms::Term::{self, *};
use jiff::civil::Date;
use rust_decimal::Decimal;

/// A place for text.
pub(crate) enum Slot<'a> {
    Text(&'a mut Option<String>),
    Short(&'a mut Option<Box<str>>),
    Sensitive(&'a mut Option<Sensitive>),
    None,
}

impl<'a> Slot<'a> {
    pub(crate) fn into_text(self) -> Option<&'a mut Option<String>> {
        if let Slot::Text(slot) = self {
            Some(slot)
        } else {
            None
        }
    }

    pub(crate) fn into_short(self) -> Option<&'a mut Option<Box<str>>> {
        if let Slot::Short(slot) = self {
            Some(slot)
        } else {
            None
        }
    }

    pub(crate) fn into_sensitive(self) -> Option<&'a mut Option<Sensitive>> {
        if let Slot::Sensitive(slot) = self {
            Some(slot)
        } else {
            None
        }
    }
}

type Place<'a, T> = Option<&'a mut Option<T>>;

pub(crate) fn date(i: &mut Invoice, term: Term) -> Place<'_, Date> {
    Some(match term {
        Bt2 => &mut i.issue_date,
        Bt7 => &mut i.tax_point_date,
        Bt9 => &mut i.due_date,
        Bt26 => &mut i.preceding_invoices.last_mut()?.issue_date,
        Bt72 => &mut delivery(i).date,
        Bt73 => &mut i.period.get_or_insert_default().start,
        Bt74 => &mut i.period.get_or_insert_default().end,
        Bt134 => &mut line_period(i)?.start,
        Bt135 => &mut line_period(i)?.end,
        _ => return None,
    })
}

pub(crate) fn amount(i: &mut Invoice, term: Term) -> Place<'_, Amount> {
    Some(match term {
        Bt92 => &mut i.allowances.last_mut()?.amount,
        Bt93 => &mut i.allowances.last_mut()?.base_amount,
        Bt99 => &mut i.charges.last_mut()?.amount,
        Bt100 => &mut i.charges.last_mut()?.base_amount,
        Bt106 => &mut i.totals.line_net,
        Bt107 => &mut i.totals.allowances,
        Bt108 => &mut i.totals.charges,
        Bt109 => &mut i.totals.without_vat,
        Bt110 => &mut i.totals.vat,
        Bt111 => &mut i.totals.vat_in_tax_currency,
        Bt112 => &mut i.totals.with_vat,
        Bt113 => &mut i.totals.paid,
        Bt114 => &mut i.totals.rounding,
        Bt115 => &mut i.totals.due,
        Bt116 => &mut i.vat_breakdown.last_mut()?.taxable,
        Bt117 => &mut i.vat_breakdown.last_mut()?.tax,
        Bt131 => &mut line(i)?.net_amount,
        Bt136 => &mut line(i)?.allowances.last_mut()?.amount,
        Bt137 => &mut line(i)?.allowances.last_mut()?.base_amount,
        Bt141 => &mut line(i)?.charges.last_mut()?.amount,
        Bt142 => &mut line(i)?.charges.last_mut()?.base_amount,
        Bt146 => &mut line(i)?.price.net,
        Bt147 => &mut line(i)?.price.discount,
        Bt148 => &mut line(i)?.price.gross,
        _ => return None,
    })
}

pub(crate) fn percentage(i: &mut Invoice, term: Term) -> Place<'_, Decimal> {
    Some(match term {
        Bt94 => &mut i.allowances.last_mut()?.percentage,
        Bt96 => &mut i.allowances.last_mut()?.vat_rate,
        Bt101 => &mut i.charges.last_mut()?.percentage,
        Bt103 => &mut i.charges.last_mut()?.vat_rate,
        Bt119 => &mut i.vat_breakdown.last_mut()?.rate,
        Bt138 => &mut line(i)?.allowances.last_mut()?.percentage,
        Bt143 => &mut line(i)?.charges.last_mut()?.percentage,
        Bt152 => &mut line(i)?.vat_rate,
        _ => return None,
    })
}

pub(crate) fn quantity(i: &mut Invoice, term: Term) -> Place<'_, Quantity> {
    match term {
        Bt129 => Some(&mut line(i)?.quantity),
        Bt149 => Some(&mut line(i)?.price.base_quantity),
        _ => None,
    }
}

pub(crate) fn currency(i: &mut Invoice, term: Term) -> Place<'_, Currency> {
    match term {
        Bt5 => Some(&mut i.currency),
        Bt6 => Some(&mut i.tax_currency),
        _ => None,
    }
}

pub(crate) fn embedded(i: &mut Invoice) -> Place<'_, Embedded> {
    Some(&mut supporting(i)?.embedded)
}

/// BT-83 of the present means of payment.
pub(crate) fn own_remittance(i: &mut Invoice) -> Place<'_, String> {
    Some(&mut i.payment.means.last_mut()?.remittance_information)
}

/// The lists of identifiers BT-29, BT-46, BT-60.
pub(crate) fn identifiers(i: &mut Invoice, term: Term) -> Option<&mut Vec<Identifier>> {
    Some(match term {
        Bt29 => &mut i.seller.identifiers,
        Bt46 => &mut i.buyer.identifiers,
        Bt60 => &mut payee(i).identifiers,
        _ => return None,
    })
}

/// Whether a term is an identifier that may have a scheme.
pub(crate) const fn has_scheme(term: Term) -> bool {
    matches!(
        term,
        Bt18 | Bt29 | Bt30 | Bt34 | Bt46 | Bt47 | Bt49 | Bt60 | Bt61 | Bt71 | Bt128 | Bt157
    )
}

pub(crate) fn identifier(i: &mut Invoice, term: Term) -> Place<'_, Identifier> {
    Some(match term {
        Bt18 => &mut i.references.invoiced_object,
        Bt30 => &mut i.seller.legal_registration,
        Bt34 => &mut i.seller.electronic_address,
        Bt47 => &mut i.buyer.legal_registration,
        Bt49 => &mut i.buyer.electronic_address,
        Bt61 => &mut payee(i).legal_registration,
        Bt71 => &mut delivery(i).location,
        _ => return None,
    })
}

/// The identifiers of a line, BT-128 and BT-157.
pub(crate) fn line_identifier(i: &mut Invoice, term: Term) -> Place<'_, Box<Identifier>> {
    match term {
        Bt128 => Some(&mut line(i)?.object),
        Bt157 => Some(&mut line(i)?.item.standard_id),
        _ => None,
    }
}

/// Terms that are plain text, codes or identifiers without a scheme.
pub(crate) fn text(i: &mut Invoice, term: Term) -> Slot<'_> {
    let found = match term.kind_of_place() {
        Where::Line => line_text(i, term),
        Where::Payment => payment_text(i, term),
        Where::Party => party_text(i, term),
        Where::Document => document_text(i, term).map(Slot::Text),
    };
    found.unwrap_or(Slot::None)
}

/// The wing of the model that keeps a term.
enum Where {
    Document,
    Party,
    Payment,
    Line,
}

impl Term {
    fn kind_of_place(self) -> Where {
        let mut outermost = self;
        while outermost.parent() != Document {
            outermost = outermost.parent();
        }
        match outermost {
            Bg4 | Bg7 | Bg10 | Bg11 | Bg13 => Where::Party,
            Bg16 => Where::Payment,
            Bg25 => Where::Line,
            _ => Where::Document,
        }
    }
}

fn document_text(i: &mut Invoice, term: Term) -> Option<&mut Option<String>> {
    Some(match term {
        Bt1 => &mut i.number,
        Bt3 => &mut i.type_code,
        Bt8 => &mut i.tax_point_code,
        Bt10 => &mut i.references.buyer,
        Bt11 => &mut i.references.project,
        Bt12 => &mut i.references.contract,
        Bt13 => &mut i.references.purchase_order,
        Bt14 => &mut i.references.sales_order,
        Bt15 => &mut i.references.receiving_advice,
        Bt16 => &mut i.references.despatch_advice,
        Bt17 => &mut i.references.tender_or_lot,
        Bt18_1 => &mut i.references.invoiced_object.get_or_insert_default().scheme,
        Bt19 => &mut i.references.buyer_accounting,
        Bt20 => &mut i.payment.terms,
        Bt21 => &mut i.notes.last_mut()?.subject_code,
        Bt23 => &mut i.business_process,
        Bt24 => &mut i.specification,
        Bt25 => &mut i.preceding_invoices.last_mut()?.number,
        Bt95 => &mut i.allowances.last_mut()?.vat_category,
        Bt97 => &mut i.allowances.last_mut()?.reason,
        Bt98 => &mut i.allowances.last_mut()?.reason_code,
        Bt102 => &mut i.charges.last_mut()?.vat_category,
        Bt104 => &mut i.charges.last_mut()?.reason,
        Bt105 => &mut i.charges.last_mut()?.reason_code,
        Bt118 => &mut i.vat_breakdown.last_mut()?.category,
        Bt120 => &mut i.vat_breakdown.last_mut()?.exemption_reason,
        Bt121 => &mut i.vat_breakdown.last_mut()?.exemption_reason_code,
        Bt122 => &mut supporting(i)?.reference,
        Bt123 => &mut supporting(i)?.description,
        Bt124 => &mut supporting(i)?.location,
        _ => return None,
    })
}

fn party_text(i: &mut Invoice, term: Term) -> Option<Slot<'_>> {
    Some(Slot::Text(match term {
        Bt31 => return Some(Slot::Sensitive(&mut i.seller.vat_id)),
        Bt32 => return Some(Slot::Sensitive(&mut i.seller.tax_registration)),
        Bt48 => return Some(Slot::Sensitive(&mut i.buyer.vat_id)),
        Bt63 => return Some(Slot::Sensitive(&mut representative(i).vat_id)),
        Bt27 => &mut i.seller.name,
        Bt28 => &mut i.seller.trading_name,
        Bt33 => &mut i.seller.additional_legal_information,
        Bt44 => &mut i.buyer.name,
        Bt45 => &mut i.buyer.trading_name,
        Bt59 => &mut payee(i).name,
        Bt62 => &mut representative(i).name,
        Bt70 => &mut delivery(i).name,
        Bt41 => &mut contact(&mut i.seller).name,
        Bt42 => &mut contact(&mut i.seller).telephone,
        Bt43 => &mut contact(&mut i.seller).email,
        Bt56 => &mut contact(&mut i.buyer).name,
        Bt57 => &mut contact(&mut i.buyer).telephone,
        Bt58 => &mut contact(&mut i.buyer).email,
        _ => return address_text(i, term).map(Slot::Text),
    }))
}

fn address_text(i: &mut Invoice, term: Term) -> Option<&mut Option<String>> {
    let address = match term.parent() {
        Bg5 => i.seller.address.get_or_insert_default(),
        Bg8 => i.buyer.address.get_or_insert_default(),
        Bg12 => representative(i).address.get_or_insert_default(),
        Bg15 => delivery(i).address.get_or_insert_default(),
        _ => return None,
    };
    Some(match term {
        Bt35 | Bt50 | Bt64 | Bt75 => &mut address.line1,
        Bt36 | Bt51 | Bt65 | Bt76 => &mut address.line2,
        Bt162 | Bt163 | Bt164 | Bt165 => &mut address.line3,
        Bt37 | Bt52 | Bt66 | Bt77 => &mut address.city,
        Bt38 | Bt53 | Bt67 | Bt78 => &mut address.post_code,
        Bt39 | Bt54 | Bt68 | Bt79 => &mut address.subdivision,
        Bt40 | Bt55 | Bt69 | Bt80 => &mut address.country,
        _ => return None,
    })
}

fn payment_text(i: &mut Invoice, term: Term) -> Option<Slot<'_>> {
    let payment = &mut i.payment;
    match term {
        Bt89 => return Some(Slot::Sensitive(&mut payment.mandate)),
        Bt90 => return Some(Slot::Sensitive(&mut payment.creditor)),
        _ => {}
    }
    let means = payment.means.last_mut()?;
    Some(match term {
        Bt81 => Slot::Text(&mut means.code),
        Bt82 => Slot::Text(&mut means.text),
        Bt84 => Slot::Sensitive(&mut transfer(means).account),
        Bt85 => Slot::Text(&mut transfer(means).account_name),
        Bt86 => Slot::Text(&mut transfer(means).bank),
        Bt87 => Slot::Sensitive(&mut card(means).number),
        Bt88 => Slot::Text(&mut card(means).holder),
        Bt91 => Slot::Sensitive(&mut means.debited_account),
        _ => return None,
    })
}

fn line_text(i: &mut Invoice, term: Term) -> Option<Slot<'_>> {
    let line = line(i)?;
    Some(Slot::Short(match term {
        Bt128_1 => return Some(Slot::Text(&mut line.object.get_or_insert_default().scheme)),
        Bt139 => {
            return line
                .allowances
                .last_mut()
                .map(|a| Slot::Text(&mut a.reason));
        }
        Bt140 => {
            return line
                .allowances
                .last_mut()
                .map(|a| Slot::Text(&mut a.reason_code));
        }
        Bt144 => return line.charges.last_mut().map(|c| Slot::Text(&mut c.reason)),
        Bt145 => {
            return line
                .charges
                .last_mut()
                .map(|c| Slot::Text(&mut c.reason_code));
        }
        Bt126 => &mut line.id,
        Bt127 => &mut line.note,
        Bt132 => &mut line.purchase_order_line,
        Bt133 => &mut line.buyer_accounting,
        Bt151 => &mut line.vat_category,
        Bt153 => &mut line.item.name,
        Bt154 => &mut line.item.description,
        Bt155 => &mut line.item.seller_id,
        Bt156 => &mut line.item.buyer_id,
        Bt159 => &mut line.item.origin_country,
        Bt160 => &mut line.item.attributes.last_mut()?.name,
        Bt161 => &mut line.item.attributes.last_mut()?.value,
        _ => return None,
    }))
}

fn line(i: &mut Invoice) -> Option<&mut Line> {
    i.lines.last_mut()
}

fn line_period(i: &mut Invoice) -> Option<&mut Period> {
    Some(line(i)?.period.get_or_insert_default())
}

fn supporting(i: &mut Invoice) -> Option<&mut SupportingDocument> {
    i.supporting_documents.last_mut()
}

fn payee(i: &mut Invoice) -> &mut Party {
    i.payee.get_or_insert_default()
}

fn representative(i: &mut Invoice) -> &mut Party {
    i.tax_representative.get_or_insert_default()
}

fn delivery(i: &mut Invoice) -> &mut Delivery {
    i.delivery.get_or_insert_default()
}

fn contact(party: &mut Party) -> &mut Contact {
    party.contact.get_or_insert_default()
}

fn transfer(means: &mut PaymentMeans) -> &mut CreditTransfer {
    means.credit_transfer.get_or_insert_default()
}

fn card(means: &mut PaymentMeans) -> &mut PaymentCard {
    means.card.get_or_insert_default()
}
