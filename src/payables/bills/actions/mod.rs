//! What people do to bills. The only place of this field that opens transactions.

mod error;

pub use error::BillError;
