//! Words in the corners: where the picture comes from, and the watermark.

use std::convert::Infallible;

use embedded_graphics::geometry::AnchorPoint;
use embedded_graphics::mono_font::MonoTextStyle;
use embedded_graphics::mono_font::ascii::{FONT_6X13, FONT_10X20};
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::{Dimensions, DrawTarget, Drawable, OriginDimensions, Point, Size};
use embedded_graphics::primitives::{PointsIter, Rectangle};
use embedded_graphics::text::{Alignment, Baseline, Text, TextStyleBuilder};

use super::canvas::Canvas;
use super::color::Color;

/// In the lower left corner of every picture.
pub(super) const TEXT: &str = "drawn locally, not by a model";
/// In the lower right corner, if asked for: the text Vtrix documents.
pub(super) const WATERMARK: &str = "AI Generated";

/// From this width on, both texts fit side by side in the larger font; from twice as much on, with
/// letters of twice the size, and so on, so that they can be read where the picture is shown small.
const WIDE: u32 = 512;
const PLATE: f32 = 0.5;

pub(super) fn draw(canvas: &mut Canvas, watermark: bool) {
    let scale = (canvas.width() / WIDE).max(1);
    let font = if canvas.width() < WIDE { &FONT_6X13 } else { &FONT_10X20 };
    let mut ink = Ink { canvas, scale, color: Color::WHITE, cover: 1.0 };
    let margin = font.character_size.height as i32 / 2 + 2;
    let end = ink.bounding_box().size;
    let bottom = end.height as i32 - margin;
    let style = MonoTextStyle::new(font, BinaryColor::On);
    let mut write = |text, x, alignment| {
        let layout = TextStyleBuilder::new().baseline(Baseline::Bottom).alignment(alignment);
        ink.write(&Text::with_text_style(text, Point::new(x, bottom), style, layout.build()));
    };
    write(TEXT, margin, Alignment::Left);
    if watermark {
        write(WATERMARK, end.width as i32 - margin, Alignment::Right);
    }
}

/// Draws letters onto the canvas, each pixel of theirs as a square of its pixels.
struct Ink<'a> {
    canvas: &'a mut Canvas,
    scale: u32,
    color: Color,
    cover: f32,
}

impl Ink<'_> {
    /// White on a dark plate, so that it reads on any ground.
    fn write(&mut self, text: &Text<'_, MonoTextStyle<'_, BinaryColor>>) {
        let plate = text.bounding_box();
        let padding = Size::new(plate.size.height / 2, plate.size.height / 4);
        let plate = plate.resized(plate.size + padding, AnchorPoint::Center);
        (self.color, self.cover) = (Color::BLACK, PLATE);
        let Ok(()) = self.fill_solid(&plate, BinaryColor::On);
        (self.color, self.cover) = (Color::WHITE, 1.0);
        let Ok(_) = text.draw(self);
    }
}

impl OriginDimensions for Ink<'_> {
    fn size(&self) -> Size {
        Size::new(self.canvas.width(), self.canvas.height()) / self.scale
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
            if !ink.is_on() || !area.contains(at) {
                continue;
            }
            let corner = at * self.scale as i32;
            let square = Rectangle::new(corner, Size::new_equal(self.scale));
            for at in square.points() {
                self.canvas.blend(at.x as u32, at.y as u32, self.color, self.cover);
            }
        }
        Ok(())
    }
}
