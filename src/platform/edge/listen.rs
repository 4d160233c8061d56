//! The sockets that the server listens on.

use std::io;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, Socket, Type};
use tokio::net::TcpListener;

const BACKLOG: i32 = 1024;

#[derive(Debug, thiserror::Error)]
pub enum BindError {
    #[error(
        "{address} is in use: another server runs there, or this one runs already. Stop it, or set `listen` to another port"
    )]
    InUse { address: SocketAddr },
    #[error(
        "this user may not listen on {address}: ports below 1024 need a permission. Set `listen` to a port such as 8443"
    )]
    Forbidden { address: SocketAddr },
    #[error("{address} is no address of this machine: set `listen` to one that it has")]
    Absent { address: SocketAddr },
    #[error("listening on {address} failed")]
    Io {
        address: SocketAddr,
        #[source]
        source: io::Error,
    },
}

/// Listens on all of `addresses`. Of several, those that the machine does not have are left out: `localhost` means
/// both families, and one may be switched off.
///
/// # Errors
/// When an address is taken or forbidden, or when none is left.
pub fn bind(addresses: &[SocketAddr]) -> Result<Vec<TcpListener>, BindError> {
    let mut listeners = Vec::new();
    let mut absent = None;
    for address in addresses {
        match listen(*address) {
            Ok(listener) => listeners.push(listener),
            Err(error @ BindError::Absent { .. }) => absent = Some(error),
            Err(error) => return Err(error),
        }
    }
    match absent {
        Some(error) if listeners.is_empty() => Err(error),
        _ => Ok(listeners),
    }
}

fn listen(address: SocketAddr) -> Result<TcpListener, BindError> {
    open(address).map_err(|source| match source.kind() {
        io::ErrorKind::AddrInUse => BindError::InUse { address },
        io::ErrorKind::PermissionDenied => BindError::Forbidden { address },
        io::ErrorKind::AddrNotAvailable | io::ErrorKind::Unsupported => {
            BindError::Absent { address }
        }
        _ if source.raw_os_error() == Some(rustix::io::Errno::AFNOSUPPORT.raw_os_error()) => {
            BindError::Absent { address }
        }
        _ => BindError::Io { address, source },
    })
}

fn open(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(
        Domain::for_address(address),
        Type::STREAM,
        Some(Protocol::TCP),
    )?;
    if address.is_ipv6() {
        // Each family has its own socket, or the second of `*` would find its port taken by the first.
        socket.set_only_v6(true)?;
    }
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    TcpListener::from_std(socket.into())
}
