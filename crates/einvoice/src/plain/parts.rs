//! The rows of each section.

use super::{Rows, Section, SectionKind};
use crate::model::{Address, AllowanceCharge, Contact, Invoice, Line, Party};
use crate::terms::Term::{self, *};

fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

pub(super) fn header(i: &Invoice) -> Section {
    let mut rows = Rows::of(i, SectionKind::Header, 0);
    let r = &i.references;
    rows.text(Bt1, i.number.as_deref());
    rows.text(Bt3, i.type_code.as_deref());
    rows.date(Bt2, i.issue_date);
    rows.date(Bt9, i.due_date);
    rows.date(Bt7, i.tax_point_date);
    rows.text(Bt8, i.tax_point_code.as_deref());
    let period = i.period.unwrap_or_default();
    rows.date(Bt73, period.start);
    rows.date(Bt74, period.end);
    rows.text(Bt5, i.currency.as_ref().map(|c| c.as_str()));
    rows.text(Bt6, i.tax_currency.as_ref().map(|c| c.as_str()));
    for (term, text) in [
        (Bt13, &r.purchase_order),
        (Bt14, &r.sales_order),
        (Bt12, &r.contract),
        (Bt11, &r.project),
        (Bt10, &r.buyer),
        (Bt19, &r.buyer_accounting),
        (Bt15, &r.receiving_advice),
        (Bt16, &r.despatch_advice),
        (Bt17, &r.tender_or_lot),
    ] {
        rows.text(term, text.as_deref());
    }
    rows.identifier(Bt18, r.invoiced_object.as_ref());
    for (index, preceding) in i.preceding_invoices.iter().enumerate() {
        rows.section.number = number(index);
        rows.text(Bt25, preceding.number.as_deref());
        rows.date(Bt26, preceding.issue_date);
    }
    for (index, note) in i.notes.iter().enumerate() {
        rows.section.number = number(index);
        rows.text(Bt21, note.subject_code.as_deref());
        rows.text(Bt22, Some(&note.text));
    }
    rows.section.number = 0;
    rows.section
}

/// The terms of a party in the order name, trading name, identifier, legal registration, VAT identifier, electronic
/// address.
fn party(rows: &mut Rows, terms: [Term; 6], p: &Party) {
    let [name, trading_name, identifier, legal, vat_id, electronic] = terms;
    rows.text(name, p.name.as_deref());
    rows.text(trading_name, p.trading_name.as_deref());
    for (index, id) in p.identifiers.iter().enumerate() {
        rows.section.number = number(index);
        rows.identifier(identifier, Some(id));
    }
    rows.section.number = 0;
    rows.identifier(legal, p.legal_registration.as_ref());
    rows.sensitive(vat_id, p.vat_id.as_ref());
    rows.identifier(electronic, p.electronic_address.as_ref());
}

/// The terms of an address in the model's order.
fn address(rows: &mut Rows, terms: [Term; 7], address: Option<&Address>) {
    let Some(a) = address else {
        return;
    };
    let texts = [
        &a.line1,
        &a.line2,
        &a.line3,
        &a.city,
        &a.post_code,
        &a.subdivision,
        &a.country,
    ];
    for (term, text) in terms.into_iter().zip(texts) {
        rows.text(term, text.as_deref());
    }
}

fn contact(rows: &mut Rows, terms: [Term; 3], contact: Option<&Contact>) {
    let Some(c) = contact else {
        return;
    };
    for (term, text) in terms.into_iter().zip([&c.name, &c.telephone, &c.email]) {
        rows.text(term, text.as_deref());
    }
}

pub(super) fn seller(i: &Invoice) -> Section {
    let mut rows = Rows::of(i, SectionKind::Seller, 0);
    party(&mut rows, [Bt27, Bt28, Bt29, Bt30, Bt31, Bt34], &i.seller);
    rows.sensitive(Bt32, i.seller.tax_registration.as_ref());
    rows.text(Bt33, i.seller.additional_legal_information.as_deref());
    address(
        &mut rows,
        [Bt35, Bt36, Bt162, Bt37, Bt38, Bt39, Bt40],
        i.seller.address.as_ref(),
    );
    contact(&mut rows, [Bt41, Bt42, Bt43], i.seller.contact.as_ref());
    if let Some(representative) = &i.tax_representative {
        rows.text(Bt62, representative.name.as_deref());
        rows.sensitive(Bt63, representative.vat_id.as_ref());
        let terms = [Bt64, Bt65, Bt164, Bt66, Bt67, Bt68, Bt69];
        address(&mut rows, terms, representative.address.as_ref());
    }
    rows.section
}

pub(super) fn buyer(i: &Invoice) -> Section {
    let mut rows = Rows::of(i, SectionKind::Buyer, 0);
    party(&mut rows, [Bt44, Bt45, Bt46, Bt47, Bt48, Bt49], &i.buyer);
    address(
        &mut rows,
        [Bt50, Bt51, Bt163, Bt52, Bt53, Bt54, Bt55],
        i.buyer.address.as_ref(),
    );
    contact(&mut rows, [Bt56, Bt57, Bt58], i.buyer.contact.as_ref());
    rows.section
}

pub(super) fn delivery(i: &Invoice) -> Section {
    let mut rows = Rows::of(i, SectionKind::Delivery, 0);
    if let Some(delivery) = &i.delivery {
        rows.text(Bt70, delivery.name.as_deref());
        rows.identifier(Bt71, delivery.location.as_ref());
        rows.date(Bt72, delivery.date);
        address(
            &mut rows,
            [Bt75, Bt76, Bt165, Bt77, Bt78, Bt79, Bt80],
            delivery.address.as_ref(),
        );
    }
    rows.section
}

pub(super) fn payment(i: &Invoice) -> Section {
    let mut rows = Rows::of(i, SectionKind::Payment, 0);
    rows.text(Bt20, i.payment.terms.as_deref());
    rows.text(Bt83, i.payment.remittance_information.as_deref());
    rows.sensitive(Bt89, i.payment.mandate.as_ref());
    rows.sensitive(Bt90, i.payment.creditor.as_ref());
    if let Some(payee) = &i.payee {
        rows.text(Bt59, payee.name.as_deref());
        for (index, id) in payee.identifiers.iter().enumerate() {
            rows.section.number = number(index);
            rows.identifier(Bt60, Some(id));
        }
        rows.section.number = 0;
        rows.identifier(Bt61, payee.legal_registration.as_ref());
    }
    for (index, means) in i.payment.means.iter().enumerate() {
        rows.section.number = number(index);
        rows.text(Bt81, means.code.as_deref());
        rows.text(Bt82, means.text.as_deref());
        rows.text(Bt83, means.remittance_information.as_deref());
        if let Some(transfer) = &means.credit_transfer {
            rows.sensitive(Bt84, transfer.account.as_ref());
            rows.text(Bt85, transfer.account_name.as_deref());
            rows.text(Bt86, transfer.bank.as_deref());
        }
        if let Some(card) = &means.card {
            rows.sensitive(Bt87, card.number.as_ref());
            rows.text(Bt88, card.holder.as_deref());
        }
        rows.sensitive(Bt91, means.debited_account.as_ref());
    }
    rows.section.number = 0;
    rows.section
}

pub(super) fn lines(i: &Invoice) -> impl Iterator<Item = Section> {
    i.lines
        .iter()
        .enumerate()
        .map(|(index, one)| line(i, one, number(index)))
}

fn line(i: &Invoice, line: &Line, number_of_line: u32) -> Section {
    let mut rows = Rows::of(i, SectionKind::Line, number_of_line);
    rows.text(Bt126, line.id.as_deref());
    rows.text(Bt153, line.item.name.as_deref());
    rows.text(Bt154, line.item.description.as_deref());
    rows.quantity(Bt129, line.quantity.as_ref());
    rows.amount(Bt146, line.price.net);
    rows.quantity(Bt149, line.price.base_quantity.as_ref());
    rows.amount(Bt148, line.price.gross);
    rows.amount(Bt147, line.price.discount);
    for (index, one) in line.allowances.iter().enumerate() {
        rows.inner = number(index);
        allowance(&mut rows, [Bt136, Bt137, Bt138, Bt139, Bt140], one);
    }
    for (index, one) in line.charges.iter().enumerate() {
        rows.inner = number(index);
        allowance(&mut rows, [Bt141, Bt142, Bt143, Bt144, Bt145], one);
    }
    rows.inner = 0;
    rows.amount(Bt131, line.net_amount);
    rows.text(Bt151, line.vat_category.as_deref());
    rows.percentage(Bt152, line.vat_rate);
    let period = line.period.as_deref().copied().unwrap_or_default();
    rows.date(Bt134, period.start);
    rows.date(Bt135, period.end);
    rows.text(Bt132, line.purchase_order_line.as_deref());
    rows.text(Bt133, line.buyer_accounting.as_deref());
    rows.identifier(Bt128, line.object.as_deref());
    rows.text(Bt127, line.note.as_deref());
    item(&mut rows, line);
    rows.section
}

fn item(rows: &mut Rows, line: &Line) {
    rows.text(Bt155, line.item.seller_id.as_deref());
    rows.text(Bt156, line.item.buyer_id.as_deref());
    rows.identifier(Bt157, line.item.standard_id.as_deref());
    for (index, class) in line.item.classifications.iter().enumerate() {
        rows.inner = number(index);
        rows.text(Bt158, Some(&class.code));
        rows.text(Bt158_1, class.scheme.as_deref());
    }
    for (index, attribute) in line.item.attributes.iter().enumerate() {
        rows.inner = number(index);
        rows.text(Bt160, attribute.name.as_deref());
        rows.text(Bt161, attribute.value.as_deref());
    }
    rows.inner = 0;
    rows.text(Bt159, line.item.origin_country.as_deref());
}

/// The terms in the order amount, base, percentage, reason, code of the reason.
fn allowance(rows: &mut Rows, terms: [Term; 5], one: &AllowanceCharge) {
    let [amount, base, percentage, reason, code] = terms;
    rows.text(reason, one.reason.as_deref());
    rows.text(code, one.reason_code.as_deref());
    rows.percentage(percentage, one.percentage);
    rows.amount(base, one.base_amount);
    rows.amount(amount, one.amount);
}

pub(super) fn allowances_and_charges(i: &Invoice) -> impl Iterator<Item = Section> {
    let section = |index, one: &AllowanceCharge, terms, category, rate| {
        let mut rows = Rows::of(i, SectionKind::AllowanceOrCharge, number(index));
        allowance(&mut rows, terms, one);
        rows.text(category, one.vat_category.as_deref());
        rows.percentage(rate, one.vat_rate);
        rows.section
    };
    let allowances = i.allowances.iter().enumerate();
    let allowances = allowances
        .map(move |(at, one)| section(at, one, [Bt92, Bt93, Bt94, Bt97, Bt98], Bt95, Bt96));
    let charges = i.charges.iter().enumerate();
    allowances.chain(
        charges.map(move |(at, one)| {
            section(at, one, [Bt99, Bt100, Bt101, Bt104, Bt105], Bt102, Bt103)
        }),
    )
}

pub(super) fn vat(i: &Invoice) -> impl Iterator<Item = Section> {
    i.vat_breakdown.iter().enumerate().map(|(index, part)| {
        let mut rows = Rows::of(i, SectionKind::Vat, number(index));
        rows.text(Bt118, part.category.as_deref());
        rows.percentage(Bt119, part.rate);
        rows.amount(Bt116, part.taxable);
        rows.amount(Bt117, part.tax);
        rows.text(Bt120, part.exemption_reason.as_deref());
        rows.text(Bt121, part.exemption_reason_code.as_deref());
        rows.section
    })
}

pub(super) fn totals(i: &Invoice) -> Section {
    let mut rows = Rows::of(i, SectionKind::Totals, 0);
    let t = &i.totals;
    for (term, amount) in [
        (Bt106, t.line_net),
        (Bt107, t.allowances),
        (Bt108, t.charges),
        (Bt109, t.without_vat),
        (Bt110, t.vat),
        (Bt111, t.vat_in_tax_currency),
        (Bt112, t.with_vat),
        (Bt113, t.paid),
        (Bt114, t.rounding),
        (Bt115, t.due),
    ] {
        rows.amount(term, amount);
    }
    rows.section
}

pub(super) fn attachments(i: &Invoice) -> impl Iterator<Item = Section> {
    i.supporting_documents
        .iter()
        .enumerate()
        .map(|(index, document)| {
            let mut rows = Rows::of(i, SectionKind::Attachment, number(index));
            rows.text(Bt122, document.reference.as_deref());
            rows.text(Bt123, document.description.as_deref());
            rows.text(Bt124, document.location.as_deref());
            if let Some(file) = &document.embedded {
                rows.text(Bt125_2, file.filename.as_deref());
                rows.text(Bt125_1, file.mime.as_deref());
            }
            rows.section
        })
}
