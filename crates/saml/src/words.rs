//! What goes into messages for people.

/// Keeps what a hostile document puts into a message short and on one line.
pub(crate) fn clip(text: &str) -> String {
    const LONGEST: usize = 160;
    let mut short: String = text
        .chars()
        .take(LONGEST)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}
