//! Networks, as an operator names them: `10.0.0.0/8, 2001:db8:7::/48`.

use std::net::IpAddr;

/// A network: its first address, and how many of the first bits all of its addresses have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Prefix {
    first: IpAddr,
    bits: u32,
}

impl Prefix {
    /// `ADDRESS/BITS`, or an address alone. One with bits behind the network's is a slip, and so is one that means everybody.
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = address.parse().ok()?;
        let (whole, zeros) = match first {
            IpAddr::V4(first) => (32, u32::from(first).trailing_zeros()),
            IpAddr::V6(first) => (128, u128::from(first).trailing_zeros()),
        };
        let bits = match bits {
            Some(bits) => bits
                .parse::<u32>()
                .ok()
                .filter(|number| number.to_string() == bits)?,
            None => whole,
        };
        // An address of IPv4 that is written as one of IPv6 would never be met.
        let is_network =
            (1..=whole).contains(&bits) && zeros >= whole - bits && first == first.to_canonical();
        is_network.then_some(Self { first, bits })
    }

    fn contains(self, address: IpAddr) -> bool {
        let common = match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                (u32::from(first) ^ u32::from(address)).leading_zeros()
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                (u128::from(first) ^ u128::from(address)).leading_zeros()
            }
            _ => return false,
        };
        common >= self.bits
    }
}

/// Any number of networks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prefixes(Vec<Prefix>);

impl Prefixes {
    /// Networks, separated by commas. None where one of them is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let all = text.split(',').map(|one| Prefix::parse(one.trim()));
        all.collect::<Option<Vec<_>>>().map(Self)
    }

    /// Whether an address is in one of them; one of IPv4 that is written as one of IPv6 is itself.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|prefix| prefix.contains(address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::config::{CommandLine, Config, Environment};

    #[test]
    fn load_balancers_are_nobody_until_they_are_named() {
        let load = |said: Option<&str>| {
            let said = said.map(|value| ("COUNTERSIGN_PROXY_FROM".into(), value.into()));
            Config::load(&CommandLine::default(), &Environment::of(said))
        };
        let address = "10.1.2.3".parse().unwrap();
        assert!(!load(None).unwrap().proxies.contains(address));
        let named = load(Some("10.0.0.0/8, fd00::/8")).unwrap();
        assert!(named.proxies.contains(address));
        for wrong in ["10.1.2.3/8", "0.0.0.0/0", "lb.example.com", ""] {
            let errors = load(Some(wrong)).expect_err("it is no network");
            let said = errors[0].to_string();
            assert!(said.contains("give networks such as 10.0.0.0/8"), "{said}");
        }
    }

    #[test]
    fn an_address_is_in_a_network_or_it_is_not() {
        let named = Prefixes::parse("10.0.0.0/8, 192.0.2.7,2001:db8:7::/48").unwrap();
        for (address, is_in) in [
            ("10.255.255.255", true),
            ("::ffff:10.0.0.1", true),
            ("11.0.0.0", false),
            ("192.0.2.7", true),
            ("192.0.2.6", false),
            ("2001:db8:7:ffff::1", true),
            ("2001:db8:8::", false),
            ("a00::", false),
        ] {
            assert_eq!(named.contains(address.parse().unwrap()), is_in, "{address}");
        }
        assert!(!Prefixes::default().contains("127.0.0.1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_network_is_a_slip() {
        for wrong in [
            "",
            ",",
            "10.0.0.0/8,",
            "10.0.0.1/8",
            "10.0.0.0/33",
            "10.0.0.0/08",
            "10.0.0.0/+8",
            "10.0.0.0/",
            "10.0.0/8",
            "0.0.0.0/0",
            "::/0",
            "::ffff:10.0.0.0/104",
            "2001:db8::1/32",
            "localhost",
        ] {
            assert_eq!(Prefixes::parse(wrong), None, "{wrong}");
        }
    }
}
