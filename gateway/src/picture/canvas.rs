//! A surface of RGB pixels.

use super::color::Color;

/// Rows from top to bottom, three bytes a pixel.
#[derive(Debug)]
pub(super) struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    pub(super) fn new(width: u32, height: u32) -> Self {
        Self { width, height, pixels: vec![0; width as usize * height as usize * 3] }
    }

    pub(super) fn width(&self) -> u32 {
        self.width
    }

    pub(super) fn height(&self) -> u32 {
        self.height
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.pixels
    }

    /// Calls `shade` for every pixel, top row first.
    pub(super) fn fill(&mut self, mut shade: impl FnMut(u32, u32) -> Color) {
        for y in 0..self.height {
            for x in 0..self.width {
                self.set(x, y, shade(x, y));
            }
        }
    }

    pub(super) fn get(&self, x: u32, y: u32) -> Color {
        let at = self.index(x, y);
        Color::from_bytes([self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]])
    }

    pub(super) fn set(&mut self, x: u32, y: u32, color: Color) {
        let at = self.index(x, y);
        self.pixels[at..at + 3].copy_from_slice(&color.to_bytes());
    }

    /// Lays a color over a pixel; `cover` goes from 0, nothing, to 1, opaque.
    pub(super) fn blend(&mut self, x: u32, y: u32, color: Color, cover: f32) {
        let below = self.get(x, y);
        self.set(x, y, below.mix(color, cover));
    }

    fn index(&self, x: u32, y: u32) -> usize {
        (y as usize * self.width as usize + x as usize) * 3
    }
}
