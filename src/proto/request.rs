//! A request, checked against the gateway's rules before anything is sent.

use alloc::{borrow::ToOwned, string::String};

use super::error::{Error, Result};
use super::json::{Json, whole};
use super::provider::Provider;
use super::size::{self, Size};
use super::text::{code_points, digits, joined, listed};

/// What to make. It can only be had from [`GenerateRequest::parse`], so it obeys every rule.
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
const SEED_MAX: u64 = 2_147_483_647;

const MEMBERS: [&str; 7] =
    ["prompt", "negativePrompt", "size", "count", "seed", "enhancePrompt", "watermark"];

impl GenerateRequest {
    /// Reads a caller's request for a gateway.
    pub fn parse(value: &Json, provider: &dyn Provider) -> Result<Self> {
        let Json::Object(_) = value else {
            return Err(Error::invalid("request", "request must be an object with a prompt"));
        };
        known_members(value, "request", &MEMBERS)?;
        let facts = provider.facts();
        Ok(GenerateRequest {
            prompt: text(value, "prompt", PROMPT_MAX)?
                .ok_or_else(|| Error::invalid("prompt", "prompt must not be empty"))?,
            negative_prompt: text(value, "negativePrompt", NEGATIVE_PROMPT_MAX)?,
            size: size::parse(value.get("size"), facts.presets, &facts.size_rule)?,
            // Always sent: a gateway's own default can be 4, and is billed.
            count: integer(value, "count", 1, 4)?.unwrap_or(1) as u32,
            seed: integer(value, "seed", 0, SEED_MAX)?.map(|seed| seed as u32),
            enhance_prompt: flag(value, "enhancePrompt", true)?,
            watermark: flag(value, "watermark", false)?,
        })
    }
}

/// Refuses a member that is not among the known ones, naming it and the one it looks like.
pub fn known_members(value: &Json, owner: &str, known: &[&str]) -> Result<()> {
    let Some((name, _)) = value.members().iter().find(|(name, _)| !known.contains(&name.as_str()))
    else {
        return Ok(());
    };
    let message =
        joined(&[owner, " has no member \"", name, "\"; it takes ", &listed(known, ", ")]);
    Err(Error::invalid(name, message))
}

/// A text without the white space around it; none if nothing is left. Never cut.
pub fn text(value: &Json, field: &str, max: usize) -> Result<Option<String>> {
    let text = match value.get(field) {
        Json::Null => return Ok(None),
        Json::Text(text) => text.trim(),
        _ => return Err(Error::invalid(field, joined(&[field, " must be text"]))),
    };
    let length = code_points(text);
    if length > max {
        let (length, max) = (digits(length as u64), digits(max as u64));
        let message = [field, " has ", &length, " characters; at most ", &max, " are possible"];
        return Err(Error::invalid(field, joined(&message)));
    }
    Ok((length > 0).then(|| text.to_owned()))
}

/// A whole number within bounds, both inclusive; none if absent.
pub fn integer(value: &Json, field: &str, min: u64, max: u64) -> Result<Option<u64>> {
    let number = match value.get(field) {
        Json::Null => return Ok(None),
        Json::Number(number) => whole(*number).filter(|number| (min..=max).contains(number)),
        _ => None,
    };
    if number.is_none() {
        let (min, max) = (digits(min), digits(max));
        let message = joined(&[field, " must be a whole number from ", &min, " to ", &max]);
        return Err(Error::invalid(field, message));
    }
    Ok(number)
}

/// `true` or `false`; the default if absent.
pub fn flag(value: &Json, field: &str, default: bool) -> Result<bool> {
    match value.get(field) {
        Json::Null => Ok(default),
        Json::Bool(flag) => Ok(*flag),
        _ => Err(Error::invalid(field, joined(&[field, " must be true or false"]))),
    }
}
