//! The body of a submit, and its rules.

use serde::Deserialize;

use crate::jobs::Order;
use crate::picture::Mark;
use crate::refusal::{NEGATIVE_PROMPT_LIMIT, PROMPT_LIMIT, Refusal, check_common, read};

const MODEL: &str = "alibaba/wan2.5-t2i-preview";

#[derive(Deserialize)]
struct Submit {
    model: String,
    prompt: String,
    #[serde(default)]
    negative_prompt: String,
    #[serde(default = "one")]
    num_images: u32,
    #[serde(default)]
    image_size: ImageSize,
    // Read for its type only: nothing here rewrites a prompt.
    #[serde(default, rename = "enhance_prompt")]
    _enhance_prompt: Option<bool>,
    #[serde(default)]
    watermark: bool,
    seed: Option<u32>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "image_size must be a preset word or {width, height}")]
enum ImageSize {
    Preset(Preset),
    Pixels { width: u32, height: u32 },
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Preset {
    SquareHd,
    Square,
    #[serde(rename = "portrait_4_3")]
    Portrait4To3,
    #[serde(rename = "portrait_16_9")]
    Portrait16To9,
    #[serde(rename = "landscape_4_3")]
    Landscape4To3,
    #[serde(rename = "landscape_16_9")]
    Landscape16To9,
}

impl Default for ImageSize {
    fn default() -> Self {
        Self::Preset(Preset::Landscape4To3)
    }
}

impl Preset {
    /// The documents give no pixels. These are what the same words mean at fal.ai, which agree
    /// with AIML API's own samples of its default on other models.
    fn pixels(self) -> (u32, u32) {
        match self {
            Self::SquareHd => (1024, 1024),
            Self::Square => (512, 512),
            Self::Portrait4To3 => (768, 1024),
            Self::Portrait16To9 => (576, 1024),
            Self::Landscape4To3 => (1024, 768),
            Self::Landscape16To9 => (1024, 576),
        }
    }
}

/// Reads and checks the body of a submit. Members that are not listed are ignored.
pub(crate) fn read_order(body: &[u8]) -> Result<Order, Refusal> {
    let submit: Submit = read(body)?;
    if submit.model != MODEL {
        return Err(Refusal::Invalid(format!("model must be {MODEL}, not {}", submit.model)));
    }
    // Not in the schema, but there is nothing to draw.
    if submit.prompt.trim().is_empty() {
        return Err(Refusal::Invalid("prompt must not be empty".into()));
    }
    let texts = [
        ("prompt", &submit.prompt, PROMPT_LIMIT),
        ("negative_prompt", &submit.negative_prompt, NEGATIVE_PROMPT_LIMIT),
    ];
    for (name, text, limit) in texts {
        if is_longer(text, limit) {
            return Err(Refusal::Invalid(format!("{name} must have at most {limit} characters")));
        }
    }
    check_common(submit.num_images, submit.seed)?;
    let (width, height) = match submit.image_size {
        ImageSize::Preset(word) => word.pixels(),
        ImageSize::Pixels { width, height } => (check_side(width)?, check_side(height)?),
    };
    Ok(Order {
        model: submit.model,
        prompt: submit.prompt,
        negative_prompt: submit.negative_prompt,
        width,
        height,
        count: submit.num_images,
        seed: submit.seed,
        mark: if submit.watermark { Mark::Hidden } else { Mark::None },
    })
}

/// Counts as JSON Schema does: in code points.
fn is_longer(text: &str, limit: usize) -> bool {
    text.chars().nth(limit).is_some()
}

fn check_side(side: u32) -> Result<u32, Refusal> {
    if (512..=1440).contains(&side) && side.is_multiple_of(32) {
        return Ok(side);
    }
    let rule = "width and height must be 512 to 1440 and multiples of 32";
    Err(Refusal::Invalid(format!("{rule}, not {side}")))
}

fn one() -> u32 {
    1
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn order(changes: Value) -> Result<Order, Refusal> {
        let mut body = json!({ "model": MODEL, "prompt": "a fox" });
        let changes = changes.as_object().unwrap().clone();
        body.as_object_mut().unwrap().extend(changes);
        read_order(body.to_string().as_bytes())
    }

    #[test]
    fn what_is_left_out_has_this_gateways_defaults() {
        let order = order(json!({})).unwrap();
        assert_eq!((order.width, order.height, order.count), (1024, 768, 1));
        assert_eq!((order.seed, order.mark), (None, Mark::None));
    }

    #[test]
    fn every_preset_word_has_pixels() {
        let sizes = [
            ("square_hd", (1024, 1024)),
            ("square", (512, 512)),
            ("portrait_4_3", (768, 1024)),
            ("portrait_16_9", (576, 1024)),
            ("landscape_4_3", (1024, 768)),
            ("landscape_16_9", (1024, 576)),
        ];
        for (word, size) in sizes {
            let order = order(json!({ "image_size": word })).unwrap();
            assert_eq!((order.width, order.height), size, "{word}");
        }
    }

    #[test]
    fn requests_at_the_limits_pass() {
        for changes in [
            json!({ "image_size": { "width": 512, "height": 1440 } }),
            json!({ "num_images": 4, "seed": 2_147_483_647 }),
            json!({ "seed": 0, "watermark": true, "enhance_prompt": false }),
            json!({ "prompt": "😀".repeat(2000), "negative_prompt": "x".repeat(500) }),
            json!({ "unlisted": 1 }),
        ] {
            assert!(order(changes.clone()).is_ok(), "{changes}");
        }
    }

    #[test]
    fn requests_against_the_rules_are_refused() {
        for changes in [
            json!({ "model": "another" }),
            json!({ "prompt": "" }),
            json!({ "prompt": 7 }),
            json!({ "prompt": "x".repeat(2001) }),
            json!({ "negative_prompt": "x".repeat(501) }),
            json!({ "num_images": 0 }),
            json!({ "num_images": 5 }),
            json!({ "num_images": "1" }),
            json!({ "image_size": "huge" }),
            json!({ "image_size": "1280*1280" }),
            json!({ "image_size": { "width": 1280 } }),
            json!({ "image_size": { "width": 480, "height": 1280 } }),
            json!({ "image_size": { "width": 1280, "height": 1472 } }),
            json!({ "image_size": { "width": 1104, "height": 1280 } }),
            json!({ "seed": -1 }),
            json!({ "seed": 2_147_483_648_u32 }),
            json!({ "watermark": "yes" }),
            json!({ "enhance_prompt": 1 }),
        ] {
            assert_refused(order(changes.clone()), &changes.to_string());
        }
        for body in ["{", "[]", ""] {
            assert_refused(read_order(body.as_bytes()), body);
        }
    }

    fn assert_refused(order: Result<Order, Refusal>, body: &str) {
        assert!(matches!(order, Err(Refusal::Invalid(_))), "{body}: {order:?}");
    }
}
