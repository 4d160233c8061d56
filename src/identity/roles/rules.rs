//! Names of roles, and the duties that meet in one.

use crate::identity::access::{Permission, PermissionSet, Role};
use crate::msg;
use crate::platform::web::locale::Locale;
use crate::platform::web::messages::Messages;
use crate::text_enum;

text_enum! {
    /// What a payment takes of different humans.
    pub enum Duty {
        Entering = "entering",
        Approving = "approving",
        Verifying = "verifying",
        Releasing = "releasing",
    }
}

/// The permissions by which somebody has a duty in a payment.
pub(in crate::identity) const DUTIES: [(Permission, Duty); 7] = [
    (Permission::BillsEnter, Duty::Entering),
    (Permission::BankAccountsEnter, Duty::Entering),
    (Permission::BillsDecide, Duty::Approving),
    (Permission::BankAccountsVerify, Duty::Verifying),
    (Permission::RunsPropose, Duty::Releasing),
    (Permission::RunsCountersign, Duty::Releasing),
    (Permission::RunsRelease, Duty::Releasing),
];

/// The duties that these permissions give. Where several meet, whoever holds them still has one of them in each payment.
#[must_use]
pub fn duties(permissions: PermissionSet) -> Vec<Duty> {
    let has = |duty: &Duty| {
        let mut giving = DUTIES.iter().filter(|(_, of)| of == duty);
        giving.any(|(permission, _)| permissions.contains(*permission))
    };
    Duty::ALL.iter().copied().filter(has).collect()
}

/// How long a name may be.
pub(super) const NAME_CHARS: usize = 60;

/// A letter or digit as names are compared: case, accents and what looks alike do not tell roles apart. None for what is left
/// out of names.
fn folded(c: char) -> Option<&'static str> {
    Some(match c {
        '0' | 'o' | 'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
        '1' | 'i' | 'l' | 'ì' | 'í' | 'î' | 'ï' => "i",
        'a' | 'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'c' | 'ç' => "c",
        'e' | '3' | 'è' | 'é' | 'ê' | 'ë' => "e",
        'n' | 'ñ' => "n",
        'u' | 'ù' | 'ú' | 'û' | 'ü' => "u",
        'y' | 'ý' | 'ÿ' => "y",
        's' | '5' => "s",
        'ß' => "ss",
        'æ' => "ae",
        'b' => "b",
        'd' => "d",
        'f' => "f",
        'g' => "g",
        'h' => "h",
        'j' => "j",
        'k' => "k",
        'm' => "m",
        'p' => "p",
        'q' => "q",
        'r' => "r",
        't' => "t",
        'v' => "v",
        'w' => "w",
        'x' => "x",
        'z' => "z",
        '2' => "2",
        '4' => "4",
        '6' => "6",
        '7' => "7",
        '8' => "8",
        '9' => "9",
        ' ' | '-' | '&' | '/' | '\'' | '(' | ')' | '.' | ',' | '+' => "",
        _ => return None,
    })
}

fn key(name: &str) -> Option<String> {
    name.to_lowercase().chars().map(folded).collect()
}

/// The names of the built-in roles, as people read them.
const BUILT_IN: [&str; 8] = [
    msg!("people-role-clerk"),
    msg!("people-role-coder"),
    msg!("people-role-approver"),
    msg!("people-role-payer"),
    msg!("people-role-vendor-manager"),
    msg!("people-role-administrator"),
    msg!("people-role-auditor"),
    msg!("people-role-security-officer"),
];

/// Why a name is none for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrongName {
    /// Nothing, too long, or with characters of other scripts, which look like ours.
    Text,
    /// A role that is built in is called so.
    BuiltIn,
}

/// A name as it is kept, and as it is compared with others.
pub(super) fn name(typed: &str) -> Result<(String, String), WrongName> {
    let name = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    let key = key(&name).filter(|key| !key.is_empty());
    let key = key.ok_or(WrongName::Text)?;
    if name.chars().count() > NAME_CHARS {
        return Err(WrongName::Text);
    }
    let words = Role::ALL.iter().map(ToString::to_string);
    let labels = Locale::ALL.iter().flat_map(|locale| {
        let text = |id: &&str| Messages::text(*locale, id);
        BUILT_IN.iter().map(text).collect::<Vec<_>>()
    });
    let is_built_in = words
        .chain(labels)
        .any(|taken| self::key(&taken).as_deref() == Some(key.as_str()));
    if is_built_in {
        return Err(WrongName::BuiltIn);
    }
    Ok((name, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_reads_as_a_built_in_role_is_none() {
        for taken in [
            "Payer",
            "payer",
            "P a y e r",
            "PÄYER",
            "security-officer",
            "Security Officer",
            "Adm1nistrator",
            "Administratíon",
            "Zahlung",
            "AP-Clerk",
        ] {
            assert_eq!(name(taken), Err(WrongName::BuiltIn), "{taken}");
        }
        // Cyrillic letters that look like ours, a line's direction turned round, nothing at all.
        for wrong in ["Рayer", "\u{202e}reyap", "", " - ", &"x".repeat(61)] {
            assert_eq!(name(wrong), Err(WrongName::Text), "{wrong}");
        }
        let kept = ("Travel desk".to_owned(), "traveidesk".to_owned());
        assert_eq!(name("  Travel   desk "), Ok(kept));
    }

    #[test]
    fn duties_that_meet_are_named_and_reading_is_none() {
        assert_eq!(duties(PermissionSet::of(Role::Auditor)), []);
        assert_eq!(duties(PermissionSet::of(Role::Payer)), [Duty::Releasing]);
        let both = PermissionSet::of(Role::Clerk).with(PermissionSet::of(Role::Approver));
        assert_eq!(duties(both), [Duty::Entering, Duty::Approving]);
    }
}
