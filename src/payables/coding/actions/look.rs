//! What the coding page and the chart's page show.

use super::CodingError;
use crate::identity::access::{Access, Permission};
use crate::payables::bills::store::{self as bills, Bill, BillLine, Distribution, lines};
use crate::payables::coding::rules::{Chart, List};
use crate::payables::coding::store::{self, ChartEntry};
use crate::payables::ids::BillId;
use crate::platform::app::App;

/// A bill with its lines, as somebody codes it.
#[derive(Debug)]
pub struct Work {
    pub bill: Bill,
    pub lines: Vec<BillLine>,
    pub distributions: Vec<Distribution>,
    pub chart: Chart,
    /// Where this vendor's lines usually go.
    pub default_gl_account: Option<String>,
    pub default_cost_centre: Option<String>,
}

/// A bill to code; also shown where it may not be coded any more.
pub async fn work(app: &App, who: &Access, bill: BillId) -> Result<Work, CodingError> {
    let reach = who.reach(Permission::BillsCode)?;
    app.store
        .read(who.scope(), move |read| {
            let bill = bills::within(read, bill, &reach)?;
            let (default_gl_account, default_cost_centre) = match bill.vendor_id {
                Some(vendor) => store::vendor_defaults(read, vendor)?,
                None => (None, None),
            };
            Ok(Work {
                lines: lines::of_bill(read, bill.id)?,
                distributions: lines::distributions_of_bill(read, bill.id)?,
                chart: store::chart(read)?,
                bill,
                default_gl_account,
                default_cost_centre,
            })
        })
        .await
}

/// One list of the chart, retired codes included.
pub async fn list(app: &App, who: &Access, list: List) -> Result<Vec<ChartEntry>, CodingError> {
    who.reach(Permission::BillsRead)?;
    app.store
        .read(who.scope(), move |read| Ok(store::entries(read, list)?))
        .await
}
