//! One page of a PDF as an image.

use hayro::hayro_interpret::InterpreterSettings;
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use serde::{Deserialize, Serialize};

use super::reading;
use crate::platform::workers::child::TaskError;

/// Widest image, in pixels.
pub const MAX_WIDTH_PX: u16 = 2_400;
/// Tallest image, in pixels: a page of a till roll is long.
pub const MAX_HEIGHT_PX: u16 = 8_000;

/// Which page, and how large.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageOptions {
    /// Page number, from 1.
    pub page: usize,
    /// Width of the image in pixels, 1 to [`MAX_WIDTH_PX`].
    pub width_px: u16,
}

impl PageOptions {
    /// For the options of a call.
    #[must_use]
    pub fn to_bytes(self) -> Vec<u8> {
        serde_json::to_vec(&self).expect("two numbers always serialise")
    }
}

/// The handler of [`reading::PDF_PAGE`]: a PNG on white, of the asked width unless the page is too tall for it.
///
/// # Errors
/// If the file is no readable PDF, or has no such page.
pub fn pdf_page(options: &[u8], input: &[u8]) -> Result<Vec<u8>, TaskError> {
    let options: PageOptions = serde_json::from_slice(options)
        .map_err(|error| TaskError(format!("the page options are not valid: {error}")))?;
    let number = options.page;
    let pdf = reading::open(input)?;
    let pages = pdf.pages();
    let page = number.checked_sub(1).and_then(|index| pages.get(index));
    let page = page.ok_or_else(|| {
        TaskError(format!(
            "the PDF has {} pages and no page {number}",
            pages.len()
        ))
    })?;
    let scale = scale(page.render_dimensions(), options.width_px)
        .ok_or_else(|| TaskError(format!("page {number} has no size that could be drawn")))?;
    let settings = PixmapSettings {
        x_scale: scale,
        y_scale: scale,
        bg_color: WHITE,
    };
    let (interpreter, render) = (InterpreterSettings::default(), RenderSettings::default());
    let image = hayro::render(page, &RenderCache::new(), &interpreter, &render, &settings);
    if image.width() == 0 || image.height() == 0 {
        return Err(TaskError(format!(
            "page {number} is too narrow to be drawn"
        )));
    }
    image.into_png().map_err(|error| {
        TaskError(format!(
            "the image of page {number} cannot be written: {error}"
        ))
    })
}

/// Pixels per point; `None` for sizes that are no sizes. The page's own size comes from the file, so that nothing but the
/// limits bounds the image.
fn scale((width_pt, height_pt): (f32, f32), width_px: u16) -> Option<f32> {
    let is_size = |size: f32| size.is_finite() && size > 0.0;
    if !is_size(width_pt) || !is_size(height_pt) {
        return None;
    }
    let wanted = f32::from(width_px.clamp(1, MAX_WIDTH_PX)) / width_pt;
    let tallest = f32::from(MAX_HEIGHT_PX) / height_pt;
    // A hair more, so that rounding down in the renderer does not lose the last column.
    Some(wanted.min(tallest) * 1.000_01).filter(|scale| is_size(*scale))
}

#[cfg(test)]
mod tests {
    use super::{MAX_HEIGHT_PX, scale};

    #[test]
    fn no_page_size_makes_a_huge_image() {
        assert_eq!(
            scale((595.0, 842.0), 595).map(|scale| (scale * 595.0) as u16),
            Some(595)
        );
        for (size, width) in [
            ((1.0, 1e9), 600),
            ((1e9, 1e9), 65_535),
            ((1e-9, 1e-9), 600),
            ((600.0, 60_000.0), 600),
        ] {
            let scale = scale(size, width).unwrap();
            assert!(
                scale * size.0 < 2_401.0 && scale * size.1 <= f32::from(MAX_HEIGHT_PX) + 1.0,
                "{size:?}"
            );
        }
        for nonsense in [
            (0.0, 5.0),
            (f32::NAN, 5.0),
            (5.0, f32::INFINITY),
            (-5.0, 5.0),
        ] {
            assert_eq!(scale(nonsense, 600), None);
        }
    }
}
