//! Every colour of text stands out from what it is set on as WCAG 2.2 asks (1.4.3, level AA), in light and dark.

const STYLE: &str = include_str!("../../../assets/platform/countersign.css");

/// Text token, ground token, and the least contrast: 4.5 for text, 3 for the edges of controls (1.4.11) and the focus.
const PAIRS: [(&str, &str, f64); 25] = [
    ("ink", "ground", 4.5),
    ("ink", "surface", 4.5),
    ("ink", "raised", 4.5),
    ("ink", "neutral-wash", 4.5),
    ("ink-soft", "ground", 4.5),
    ("ink-soft", "surface", 4.5),
    ("ink-soft", "sunken", 4.5),
    ("ink-soft", "raised", 4.5),
    ("ink-soft", "accent-wash", 4.5),
    ("ink-soft", "warn-wash", 4.5),
    ("accent-ink", "accent", 4.5),
    ("accent-ink", "accent-hover", 4.5),
    ("accent", "surface", 4.5),
    ("link", "ground", 4.5),
    ("link", "surface", 4.5),
    ("link", "accent-wash", 4.5),
    ("neutral", "neutral-wash", 4.5),
    ("info", "info-wash", 4.5),
    ("good", "good-wash", 4.5),
    ("warn", "warn-wash", 4.5),
    ("bad", "bad-wash", 4.5),
    ("warn", "surface", 4.5),
    ("bad", "surface", 4.5),
    ("line-strong", "surface", 3.0),
    ("focus", "ground", 3.0),
];

/// The value of a token in a part of the style sheet, as red, green and blue.
fn colour(part: &str, token: &str) -> [f64; 3] {
    let opening = format!("--{token}: #");
    let start = part
        .find(&opening)
        .unwrap_or_else(|| panic!("no token {token}"))
        + opening.len();
    [0, 2, 4].map(|at| {
        f64::from(u8::from_str_radix(&part[start + at..start + at + 2], 16).expect("six digits"))
    })
}

/// Relative luminance as WCAG defines it.
fn luminance(colour: [f64; 3]) -> f64 {
    let [red, green, blue] = colour.map(|value| {
        let value = value / 255.0;
        if value <= 0.04045 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn text_can_be_read_in_light_and_dark() {
    let (light, dark) = STYLE
        .split_once("prefers-color-scheme: dark")
        .expect("both schemes are there");
    let mut found = Vec::new();
    for (scheme, part) in [("light", light), ("dark", dark)] {
        for (text, ground, least) in PAIRS {
            let ratio = contrast(colour(part, text), colour(part, ground));
            if ratio < least {
                found.push(format!(
                    "{scheme}: {text} on {ground} is {ratio:.2}, less than {least}"
                ));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_measure_is_that_of_wcag() {
    assert!((contrast([0.0; 3], [255.0; 3]) - 21.0).abs() < 1e-9);
    // Grey #777 on white is the well-known near miss.
    assert!((contrast([119.0; 3], [255.0; 3]) - 4.48).abs() < 0.01);
}
