//! Verifying every journal each day without being asked, and telling those who administer when one does not hold.

pub mod actions;
