//! The PROXY protocol, versions 1 and 2 (HAProxy, `doc/proxy-protocol.txt`): a load balancer says first whom it speaks for.
//!
//! Who may say so is configured (`proxy_from`). From there every connection begins with a header, or ends: one without would pass
//! for the load balancer itself. From elsewhere none is read, and its bytes are no handshake of TLS. Not a byte is read beyond
//! the header, which is the client's.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// What a header of version 2 begins with; no word of another protocol does.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// The longest line of version 1, with its end.
const LINE_BYTES: usize = 107;
/// Addresses and what else a load balancer says behind them. The protocol has room for more, and nobody sends it.
const BLOCK_BYTES: usize = 4096;

/// The connection does not begin as the protocol has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no PROXY header that can be read")]
pub struct Malformed;

/// How far a header was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// It has at least so many bytes more.
    More(usize),
    /// It is whole. It names a client, or the load balancer speaks for itself or does not know.
    Done(Option<SocketAddr>),
}

/// Reads the header off a connection: whose it is.
///
/// # Errors
/// Where there is none, or the connection ends in it.
pub async fn client(
    stream: &mut (impl AsyncRead + Unpin),
    peer: SocketAddr,
) -> io::Result<SocketAddr> {
    let mut read = Vec::with_capacity(LINE_BYTES);
    loop {
        match step(&read).map_err(io::Error::other)? {
            Step::Done(named) => return Ok(named.unwrap_or(peer)),
            Step::More(count) => {
                let start = read.len();
                read.resize(start + count, 0);
                stream.read_exact(&mut read[start..]).await?;
            }
        }
    }
}

/// What the first bytes of a connection say.
///
/// # Errors
/// As soon as no header can come of them.
pub fn step(read: &[u8]) -> Result<Step, Malformed> {
    let Some((start, rest)) = read.split_first_chunk::<12>() else {
        return Ok(Step::More(SIGNATURE.len() - read.len()));
    };
    if *start == SIGNATURE {
        return binary(rest);
    }
    match start.starts_with(b"PROXY ") {
        true => line(read),
        false => Err(Malformed),
    }
}

/// Version 1: `PROXY TCP4 192.0.2.1 198.51.100.1 56324 443` and the line's end.
fn line(read: &[u8]) -> Result<Step, Malformed> {
    let Some(end) = read.windows(2).position(|pair| pair == b"\r\n") else {
        return match read.len() < LINE_BYTES {
            true => Ok(Step::More(1)),
            false => Err(Malformed),
        };
    };
    if end + 2 != read.len() || read.len() > LINE_BYTES {
        return Err(Malformed);
    }
    let line = &read[..end];
    // Whatever follows means nothing.
    if line == b"PROXY UNKNOWN" || line.starts_with(b"PROXY UNKNOWN ") {
        return Ok(Step::Done(None));
    }
    let text = std::str::from_utf8(line).map_err(|_| Malformed)?;
    let words: Vec<&str> = text.split(' ').collect();
    let [_, family, source, destination, from, to] = words[..] else {
        return Err(Malformed);
    };
    let source = address(family, source).ok_or(Malformed)?;
    address(family, destination).ok_or(Malformed)?;
    port(to).ok_or(Malformed)?;
    let from = port(from).ok_or(Malformed)?;
    Ok(Step::Done(Some(SocketAddr::new(source, from))))
}

fn address(family: &str, text: &str) -> Option<IpAddr> {
    match family {
        "TCP4" => text.parse::<Ipv4Addr>().ok().map(IpAddr::V4),
        "TCP6" => text
            .parse::<Ipv6Addr>()
            .ok()
            .map(|address| IpAddr::V6(address).to_canonical()),
        _ => None,
    }
}

/// Digits without a sign or a zero before them.
fn port(text: &str) -> Option<u16> {
    text.parse::<u16>()
        .ok()
        .filter(|port| port.to_string() == text)
}

/// Version 2, behind its signature.
fn binary(rest: &[u8]) -> Result<Step, Malformed> {
    let Some((&[command, family, high, low], block)) = rest.split_first_chunk::<4>() else {
        return Ok(Step::More(4 - rest.len()));
    };
    let is_own = match command {
        0x20 => true,
        0x21 => false,
        _ => return Err(Malformed),
    };
    let length = usize::from(u16::from_be_bytes([high, low]));
    if length > BLOCK_BYTES || block.len() > length {
        return Err(Malformed);
    }
    if block.len() < length {
        return Ok(Step::More(length - block.len()));
    }
    if is_own {
        return Ok(Step::Done(None));
    }
    match family {
        0x11 => {
            let addresses: &[u8; 12] = block.first_chunk().ok_or(Malformed)?;
            let [a, b, c, d, _, _, _, _, high, low, _, _] = *addresses;
            Ok(named(Ipv4Addr::new(a, b, c, d).into(), [high, low]))
        }
        0x21 => {
            let addresses: &[u8; 36] = block.first_chunk().ok_or(Malformed)?;
            let source: &[u8; 16] = addresses.first_chunk().ok_or(Malformed)?;
            let source = IpAddr::from(*source).to_canonical();
            Ok(named(source, [addresses[32], addresses[33]]))
        }
        // Not told, or a socket of the load balancer's own machine.
        0x00 | 0x31 => Ok(Step::Done(None)),
        _ => Err(Malformed),
    }
}

fn named(source: IpAddr, port: [u8; 2]) -> Step {
    Step::Done(Some(SocketAddr::new(source, u16::from_be_bytes(port))))
}

#[cfg(test)]
#[path = "proxied_test.rs"]
mod tests;
