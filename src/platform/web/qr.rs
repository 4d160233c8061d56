//! A QR code as one SVG path, so that a page can show it without an image, a script or unescaped markup.

use qrcode::{Color, EcLevel, QrCode};

/// A QR code for `<path d="…">` in a square view box of `size` units, quiet zone of four modules included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrPath {
    /// Width and height of the view box.
    pub size: usize,
    /// The dark modules as path data.
    pub path: String,
}

const QUIET_ZONE: usize = 4;

/// Draws `text` with medium error correction (ISO/IEC 18004). `None` if it is too long for a QR code (about 2,300 bytes).
pub fn draw(text: &str) -> Option<QrPath> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        while column < width {
            let run = modules[column..]
                .iter()
                .take_while(|module| **module == Color::Dark)
                .count();
            if run > 0 {
                let (x, y) = (column + QUIET_ZONE, row + QUIET_ZONE);
                path.push_str(&format!("M{x} {y}h{run}v1h-{run}z"));
            }
            column += run.max(1);
        }
    }
    Some(QrPath {
        size: width + 2 * QUIET_ZONE,
        path,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_draws_every_dark_module_once() {
        let text = "otpauth://totp/Countersign:ann@example.org?secret=JBSWY3DPEHPK3PXP";
        let drawn = draw(text).expect("short enough");
        let code = QrCode::with_error_correction_level(text, EcLevel::M).expect("short enough");
        let dark = code
            .to_colors()
            .into_iter()
            .filter(|module| *module == Color::Dark)
            .count();
        let in_path: usize = drawn
            .path
            .split('h')
            .skip(1)
            .filter_map(|part| part.split('v').next()?.parse::<usize>().ok())
            .sum();
        assert_eq!((drawn.size, in_path), (code.width() + 8, dark));
    }

    #[test]
    fn a_text_that_does_not_fit_is_refused() {
        assert_eq!(draw(&"x".repeat(5_000)), None);
    }
}
