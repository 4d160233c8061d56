//! A connection of our own to a host that the operator or two administrators named.

use std::sync::Arc;

use rustls_pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{Outgoing, Unfetched, resolved};
use crate::platform::edge::client_tls;

/// Connects by TLS to a host whose certificate is verified under its name. An IPv6 address stands without brackets.
///
/// # Errors
/// Why there is no connection. It takes as long as it takes: whoever calls bounds it.
pub async fn dial(
    outgoing: &Outgoing,
    host: &str,
    port: u16,
) -> Result<TlsStream<TcpStream>, Unfetched> {
    let to = resolved(outgoing.networks, host, port).await?;
    let tls = client_tls(outgoing.ca_file.as_deref()).map_err(Unfetched::Authorities)?;
    let name = ServerName::try_from(host.to_owned()).map_err(|_| Unfetched::Address)?;
    let tcp = TcpStream::connect(to)
        .await
        .map_err(Unfetched::Unreachable)?;
    let stream = TlsConnector::from(Arc::new(tls)).connect(name, tcp).await;
    stream.map_err(Unfetched::Unreachable)
}
