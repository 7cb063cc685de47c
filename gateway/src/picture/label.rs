//! Words in the corners: where the picture comes from, and the watermark.

use std::convert::Infallible;

use embedded_graphics::mono_font::ascii::{FONT_6X13, FONT_10X20};
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle};
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{Dimensions, DrawTarget, Drawable, OriginDimensions, Point, Size};
use embedded_graphics::text::{Alignment, Baseline, Text, TextStyleBuilder};

use super::canvas::Canvas;
use super::color::Color;

/// In the lower left corner of every picture.
pub(super) const TEXT: &str = "drawn locally by wanvas, no model";
/// In the lower right corner, if asked for: the text Vtrix documents.
pub(super) const WATERMARK: &str = "AI Generated";

/// From this width on, both texts fit side by side in the larger font.
const WIDE: u32 = 512;
const QUIET: f32 = 0.62;
const PLAIN: f32 = 0.92;

pub(super) fn draw(canvas: &mut Canvas, watermark: bool) {
    let font = if canvas.width() < WIDE { &FONT_6X13 } else { &FONT_10X20 };
    let margin = font.character_size.height as i32 / 2 + 2;
    let bottom = canvas.height() as i32 - margin;
    write(canvas, TEXT, font, Point::new(margin, bottom), Alignment::Left, QUIET);
    if watermark {
        let right = Point::new(canvas.width() as i32 - margin, bottom);
        write(canvas, WATERMARK, font, right, Alignment::Right, PLAIN);
    }
}

/// White on a soft shadow, so that it reads on any ground.
fn write(
    canvas: &mut Canvas,
    text: &str,
    font: &MonoFont<'_>,
    at: Point,
    alignment: Alignment,
    cover: f32,
) {
    let layout = TextStyleBuilder::new().baseline(Baseline::Bottom).alignment(alignment).build();
    let style = MonoTextStyle::new(font, BinaryColor::On);
    let layers = [
        (Point::new(1, 1), Color::BLACK, cover * 0.6),
        (Point::new(0, 1), Color::BLACK, cover * 0.25),
        (Point::zero(), Color::WHITE, cover),
    ];
    for (offset, color, cover) in layers {
        let mut ink = Ink { canvas, color, cover };
        let Ok(_) = Text::with_text_style(text, at + offset, style, layout).draw(&mut ink);
    }
}

/// Draws letters onto the canvas.
struct Ink<'a> {
    canvas: &'a mut Canvas,
    color: Color,
    cover: f32,
}

impl OriginDimensions for Ink<'_> {
    fn size(&self) -> Size {
        Size::new(self.canvas.width(), self.canvas.height())
    }
}

impl DrawTarget for Ink<'_> {
    type Color = BinaryColor;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = embedded_graphics::Pixel<BinaryColor>>,
    {
        let area = self.bounding_box();
        for embedded_graphics::Pixel(at, ink) in pixels {
            if ink.is_on() && area.contains(at) {
                self.canvas.blend(at.x as u32, at.y as u32, self.color, self.cover);
            }
        }
        Ok(())
    }
}
