//! The sections of the application as the left navigation shows them.

use crate::msg;

/// A section a signed-in person can open. Which ones a person sees is decided by her roles, elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What waits for the person, and why.
    Home,
    /// Bills and credit notes.
    Bills,
    /// Bills that wait for the person's decision.
    Approvals,
    /// Vendors and their bank accounts.
    Vendors,
    /// Payment runs.
    Payments,
    /// Who did what, when.
    Journal,
    /// What is claimed of the organisation, checked.
    Trust,
    /// Members of the organisation.
    People,
    /// The codes that lines are coded with.
    Chart,
    /// How many must approve what.
    Policy,
    /// The organisation, its legal entities and what they pay from.
    Settings,
}

impl Section {
    /// Every section in its order.
    pub const ALL: [Self; 11] = [
        Self::Home,
        Self::Bills,
        Self::Approvals,
        Self::Vendors,
        Self::Payments,
        Self::Journal,
        Self::Trust,
        Self::People,
        Self::Chart,
        Self::Policy,
        Self::Settings,
    ];

    /// The section whose address begins the path by whole segments; of two, the one that says more of it.
    #[must_use]
    pub fn of_path(path: &str) -> Option<Self> {
        let begins = |section: &Self| {
            let href = section.href();
            match section {
                Self::Home => path == href,
                _ => path
                    .strip_prefix(href)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/')),
            }
        };
        Self::ALL
            .into_iter()
            .filter(begins)
            .max_by_key(|section| section.href().len())
    }

    /// The id of the section's name.
    pub fn label(self) -> &'static str {
        match self {
            Self::Home => msg!("nav-home"),
            Self::Bills => msg!("nav-bills"),
            Self::Approvals => msg!("nav-approvals"),
            Self::Vendors => msg!("nav-vendors"),
            Self::Payments => msg!("nav-payments"),
            Self::Journal => msg!("nav-journal"),
            Self::Trust => msg!("nav-trust"),
            Self::People => msg!("nav-people"),
            Self::Chart => msg!("coding-chart"),
            Self::Policy => msg!("nav-policy"),
            Self::Settings => msg!("nav-settings"),
        }
    }

    /// The section's address.
    pub fn href(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Bills => "/bills",
            Self::Approvals => "/approvals",
            Self::Vendors => "/vendors",
            Self::Payments => "/payments",
            Self::Journal => "/journal",
            Self::Trust => "/trust",
            Self::People => "/people",
            Self::Chart => "/chart",
            Self::Policy => "/approvals/policy",
            Self::Settings => "/settings",
        }
    }

    /// The section's icon in `components.html`.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Home => "home",
            Self::Bills => "bill",
            Self::Approvals => "stamp",
            Self::Vendors => "vendor",
            Self::Payments => "bank",
            Self::Journal => "journal",
            Self::Trust => "trust",
            Self::People => "people",
            Self::Chart => "chart",
            Self::Policy => "policy",
            Self::Settings => "settings",
        }
    }
}

/// One line of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// Where it leads.
    pub section: Section,
    /// How many things wait there for this person; `None` shows nothing.
    pub count: Option<u32>,
    /// Whether the page belongs to this section.
    pub current: bool,
}

impl NavItem {
    /// The whole navigation with `current` marked and the given counts (a count of zero is not shown).
    pub fn all(current: Option<Section>, counts: &[(Section, u32)]) -> Vec<Self> {
        Section::ALL
            .into_iter()
            .map(|section| Self {
                section,
                count: counts
                    .iter()
                    .find(|(of, count)| *of == section && *count > 0)
                    .map(|(_, count)| *count),
                current: current == Some(section),
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Section;

    #[test]
    fn a_path_belongs_to_the_section_of_its_first_segment() {
        assert_eq!(Section::of_path("/"), Some(Section::Home));
        assert_eq!(Section::of_path("/bills/0197"), Some(Section::Bills));
        assert_eq!(
            Section::of_path("/approvals/0197"),
            Some(Section::Approvals)
        );
        assert_eq!(Section::of_path("/approvals/policy"), Some(Section::Policy));
        assert_eq!(Section::of_path("/billsx"), None);
        assert_eq!(Section::of_path("/me"), None);
    }
}
