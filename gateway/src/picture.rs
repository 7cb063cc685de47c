//! Pictures drawn from a prompt, a seed and a size, by no model.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::canvas::Canvas;

mod canvas;
mod color;
mod hills;
mod label;
mod noise;
mod scene;
mod sky;

/// All that a picture is drawn from: equal pictures have equal bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    prompt: u64,
    negative_prompt: u64,
    seed: u32,
    width: u32,
    height: u32,
    mark: Mark,
}

/// The mark that `watermark: true` asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mark {
    /// None.
    None,
    /// "AI Generated" in the lower right corner.
    Visible,
    /// A text chunk in the file, which nobody sees.
    Hidden,
}

impl Picture {
    /// A picture of exactly `width` × `height` pixels.
    pub fn new(
        prompt: &str,
        negative_prompt: &str,
        seed: u32,
        width: u32,
        height: u32,
        mark: Mark,
    ) -> Self {
        let (prompt, negative_prompt) = (fingerprint(prompt), fingerprint(negative_prompt));
        Self { prompt, negative_prompt, seed, width, height, mark }
    }

    /// Draws it, as a PNG file.
    pub fn png(&self) -> Vec<u8> {
        let mut canvas = Canvas::new(self.width, self.height);
        scene::draw(&mut canvas, self.prompt, self.negative_prompt, self.seed);
        label::draw(&mut canvas, self.mark == Mark::Visible);
        encode(&canvas, self.mark == Mark::Hidden)
    }

    #[cfg(test)]
    pub(crate) fn seed(&self) -> u32 {
        self.seed
    }

    /// Writes it down for a link, in letters that need no escaping.
    pub(crate) fn to_token(self) -> String {
        let Self { prompt, negative_prompt, seed, width, height, mark } = self;
        let mark = match mark {
            Mark::None => "plain",
            Mark::Visible => "visible",
            Mark::Hidden => "hidden",
        };
        format!("{prompt:016x}-{negative_prompt:016x}-{seed}-{width}x{height}-{mark}")
    }

    /// Reads what [`to_token`](Self::to_token) wrote.
    pub(crate) fn from_token(token: &str) -> Option<Self> {
        let mut parts = token.split('-');
        let mut hash = || u64::from_str_radix(parts.next()?, 16).ok();
        let (prompt, negative_prompt) = (hash()?, hash()?);
        let seed = parts.next()?.parse().ok()?;
        let (width, height) = parts.next()?.split_once('x')?;
        let (width, height) = (width.parse().ok()?, height.parse().ok()?);
        let mark = match parts.next()? {
            "plain" => Mark::None,
            "visible" => Mark::Visible,
            "hidden" => Mark::Hidden,
            _ => return None,
        };
        Some(Self { prompt, negative_prompt, seed, width, height, mark })
    }
}

fn fingerprint(text: &str) -> u64 {
    let digest = Sha256::digest(text);
    let first = digest.iter().take(8);
    first.fold(0, |bits, &byte| bits << 8 | u64::from(byte))
}

fn encode(canvas: &Canvas, hidden_mark: bool) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, canvas.width(), canvas.height());
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    // Writing to memory cannot fail, and the text is Latin-1.
    encoder
        .add_text_chunk("Software".into(), label::TEXT.into())
        .and_then(|()| match hidden_mark {
            true => encoder.add_text_chunk("Comment".into(), label::WATERMARK.into()),
            false => Ok(()),
        })
        .and_then(|()| encoder.write_header()?.write_image_data(canvas.bytes()))
        .expect("a whole picture is written to memory");
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Picture {
        Picture::new("a fox in the snow", "", 7, 96, 64, Mark::None)
    }

    /// The pixels, and the text chunks as `name: text`.
    fn decode(file: &[u8]) -> (Vec<u8>, Vec<String>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        let texts = reader.info().uncompressed_latin1_text.iter();
        let texts = texts.map(|chunk| format!("{}: {}", chunk.keyword, chunk.text)).collect();
        (pixels, texts)
    }

    /// The share of pixels that differ by more than the eye forgives, 0 to 1.
    fn difference(one: &[u8], other: &[u8]) -> f32 {
        let pixels = || one.chunks(3).zip(other.chunks(3));
        let far = |(a, b): &(&[u8], &[u8])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 12);
        pixels().filter(far).count() as f32 / pixels().count() as f32
    }

    #[test]
    fn the_same_prompt_seed_and_size_give_the_same_bytes() {
        assert_eq!(picture().png(), picture().png());
    }

    #[test]
    fn another_prompt_or_seed_gives_a_visibly_different_picture() {
        let (base, _) = decode(&picture().png());
        let prompt = Picture::new("a whale at night", "", 7, 96, 64, Mark::None);
        for other in [prompt, Picture { seed: 8, ..picture() }] {
            let (pixels, _) = decode(&other.png());
            assert!(difference(&base, &pixels) > 0.5, "{other:?}");
        }
    }

    #[test]
    fn a_negative_prompt_changes_the_picture_a_little() {
        let (base, _) = decode(&picture().png());
        let other = Picture::new("a fox in the snow", "blur", 7, 96, 64, Mark::None);
        let difference = difference(&base, &decode(&other.png()).0);
        assert!(difference > 0.01, "{difference}");
    }

    #[test]
    fn a_picture_has_exactly_the_size_asked_for() {
        for (width, height) in [(96, 64), (33, 130), (512, 16)] {
            let file = Picture { width, height, ..picture() }.png();
            let reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
            assert_eq!(reader.info().size(), (width, height));
        }
    }

    #[test]
    fn every_picture_is_marked_in_letters_that_grow_with_it() {
        let whites = |width, height| {
            let (pixels, _) = decode(&Picture { width, height, ..picture() }.png());
            pixels.chunks(3).filter(|pixel| *pixel == [255, 255, 255]).count()
        };
        let (narrow, base) = (whites(384, 1536), whites(512, 512));
        assert!(narrow > 200, "{narrow}");
        assert!(base > 500, "{base}");
        assert_eq!([whites(1023, 512), whites(1024, 768)], [base, 4 * base]);
    }

    #[test]
    fn the_visible_mark_is_in_the_lower_right_corner_only() {
        let (width, height) = (400, 120);
        let plain = Picture { width, height, ..picture() };
        let (base, _) = decode(&plain.png());
        let (marked, _) = decode(&Picture { mark: Mark::Visible, ..plain }.png());
        let mut changed = 0;
        for (index, (a, b)) in base.chunks(3).zip(marked.chunks(3)).enumerate() {
            if a != b {
                let (x, y) = (index as u32 % width, index as u32 / width);
                assert!(x > width / 2 && y > height / 2, "{x}, {y}");
                changed += 1;
            }
        }
        assert!(changed > 100, "{changed}");
    }

    #[test]
    fn the_hidden_mark_is_in_the_file_only() {
        let (base, texts) = decode(&picture().png());
        let (pixels, marked) = decode(&Picture { mark: Mark::Hidden, ..picture() }.png());
        assert_eq!(pixels, base);
        assert_eq!(texts, ["Software: drawn locally, not by a model"]);
        assert_eq!(marked[1], "Comment: AI Generated");
    }

    #[test]
    fn a_token_reads_back_to_its_picture() {
        for mark in [Mark::None, Mark::Visible, Mark::Hidden] {
            let picture = Picture { mark, ..picture() };
            assert_eq!(Picture::from_token(&picture.to_token()), Some(picture));
        }
        for token in ["", "1-2-3-4x5", "1-2-3-4x5-loud", "g-2-3-4x5-plain", "1-2-3-4-plain"] {
            assert_eq!(Picture::from_token(token), None, "{token}");
        }
    }
}
