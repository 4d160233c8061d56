//! The edge: TLS in and out, limits for every connection, and the headers that every answer carries.
//!
//! - Where a client comes from is said by its connection; by a PROXY header where the connection is a load balancer's, and there alone.
//! - Nothing but `https` is spoken on the port: whoever sends plain HTTP gets a TLS alert and no word more.
//! - A client can hold a connection, a handshake, a header, a body or an answer only for a bounded time.
//! - An answer that comes before the body's end reaches a client that is still sending.
//! - No answer leaves without the headers of [`headers`], and none carries a request id that a client made up.

mod activity;
pub mod certificate;
pub mod cli;
mod connection;
pub mod headers;
mod listen;
mod proxied;
mod rest;
mod serve;
pub mod tls;

pub use certificate::Certificates;
pub use headers::{ASSETS, Guard};
pub use listen::{BindError, bind};
pub use serve::{Ended, serve, told_to_stop};
pub use tls::{TlsError, client_tls, server_tls};
