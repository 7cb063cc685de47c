//! A request, checked against the gateway's rules before anything is sent.

use serde_json::Value;

use super::error::{Error, Result};
use super::facts::Facts;
use super::given::{check_object, flag, integer, size, text};
use super::size::Size;

/// What to make. It can only be had from [`GenerateRequest::read`], so it obeys every rule.
#[derive(Clone, Debug, PartialEq)]
pub struct GenerateRequest {
    /// What to show; 1 to 2000 code points.
    pub prompt: String,
    /// What not to show; up to 500 code points.
    pub negative_prompt: Option<String>,
    /// The picture's size, legal at the gateway.
    pub size: Size,
    /// How many pictures, 1 to 4.
    pub count: u32,
    /// The seed, 0 to 2147483647; a random one if absent.
    pub seed: Option<u32>,
    /// Whether the gateway may rewrite the prompt.
    pub enhance_prompt: bool,
    /// Whether the pictures are marked as made by a machine.
    pub watermark: bool,
}

/// The longest prompt, in code points: the limit at every gateway that states one.
const PROMPT_MAX: usize = 2000;
/// The longest negative prompt, in code points.
const NEGATIVE_PROMPT_MAX: usize = 500;
/// The greatest seed, the same at every gateway.
const SEED_MAX: u32 = 2_147_483_647;

const MEMBERS: [&str; 7] =
    ["prompt", "negativePrompt", "size", "count", "seed", "enhancePrompt", "watermark"];

impl GenerateRequest {
    /// Reads a caller's request for a gateway.
    pub fn read(value: &Value, facts: &Facts) -> Result<Self> {
        check_object(value, "request", "request must be an object with a prompt", &MEMBERS)?;
        Ok(GenerateRequest {
            prompt: text(value, "prompt", PROMPT_MAX)?
                .ok_or_else(|| Error::invalid("prompt", "prompt must not be empty"))?,
            negative_prompt: text(value, "negativePrompt", NEGATIVE_PROMPT_MAX)?,
            size: size::read(&value["size"], facts)?,
            // Always sent: a gateway's own default can be 4, and is billed.
            count: integer(value, "count", 1, 4)?.unwrap_or(1),
            seed: integer(value, "seed", 0, SEED_MAX)?,
            enhance_prompt: flag(value, "enhancePrompt", true)?,
            watermark: flag(value, "watermark", false)?,
        })
    }
}

/// The gateway's nearest size to the `{ width, height }` that a caller wishes for.
pub fn nearest_size(wanted: &Value, facts: &Facts) -> Result<Size> {
    Ok(facts.size_rule.nearest(size::pixels(wanted)?))
}
