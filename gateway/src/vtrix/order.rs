//! The body of a submit, and its rules.

use serde::Deserialize;
use serde_json::Value;

use crate::jobs::Order;
use crate::picture::Mark;
use crate::refusal::{NEGATIVE_PROMPT_LIMIT, PROMPT_LIMIT, Refusal, check_common, read};

const MODELS: [&str; 2] = ["wan25_t2i_preview_intl", "wan25_t2i_preview"];

/// The page states 1280² as the least, but four of the five sizes it recommends have less. 768² is what
/// other hosts of the same model state, and what lets them pass.
const MIN_PIXELS: u64 = 768 * 768;
const MAX_PIXELS: u64 = 1440 * 1440;
const MAX_RATIO: u64 = 4;

/// What the vendor's clients send: exactly one wrapper.
#[derive(Deserialize)]
struct Wrapped {
    model: String,
    input: [Wrapper; 1],
}

/// What the vendor's page lists.
#[derive(Deserialize)]
struct Flat {
    model: String,
    #[serde(flatten)]
    params: Params,
}

#[derive(Deserialize)]
struct Wrapper {
    params: Params,
}

#[derive(Deserialize)]
struct Params {
    input: Input,
    #[serde(default)]
    parameters: Parameters,
}

#[derive(Deserialize)]
struct Input {
    prompt: String,
    #[serde(default)]
    negative_prompt: String,
}

#[derive(Deserialize)]
#[serde(default)]
struct Parameters {
    size: String,
    n: u32,
    // Read for its type only: nothing here rewrites a prompt.
    #[serde(rename = "prompt_extend")]
    _prompt_extend: bool,
    watermark: bool,
    seed: Option<u32>,
}

impl Default for Parameters {
    fn default() -> Self {
        let size = "1280*1280".into();
        Self { size, n: 4, _prompt_extend: true, watermark: false, seed: None }
    }
}

/// Reads and checks the body of a submit.
pub(crate) fn read_order(body: &[u8]) -> Result<Order, Refusal> {
    let form: Value = read(body)?;
    let (model, Params { input, parameters }) = if form["input"].is_array() {
        let Wrapped { model, input: [Wrapper { params }] } = read(body)?;
        (model, params)
    } else {
        let Flat { model, params } = read(body)?;
        (model, params)
    };
    if !MODELS.contains(&model.as_str()) {
        return Err(Refusal::Invalid(format!("model {model} is not supported")));
    }
    if input.prompt.trim().is_empty() {
        return Err(Refusal::Invalid("input.prompt must not be empty".into()));
    }
    check_common(parameters.n, parameters.seed)?;
    let (width, height) = read_size(&parameters.size)?;
    Ok(Order {
        model,
        prompt: cut(&input.prompt, PROMPT_LIMIT),
        negative_prompt: cut(&input.negative_prompt, NEGATIVE_PROMPT_LIMIT),
        width,
        height,
        count: parameters.n,
        seed: parameters.seed,
        mark: if parameters.watermark { Mark::Visible } else { Mark::None },
    })
}

fn read_size(text: &str) -> Result<(u32, u32), Refusal> {
    let malformed = || Refusal::Invalid(format!("size must be width*height, not {text}"));
    let (width, height) = text.split_once('*').ok_or_else(malformed)?;
    let side = |text: &str| text.parse::<u32>().map_err(|_| malformed());
    let (width, height) = (side(width)?, side(height)?);

    let (wide, high) = (u64::from(width), u64::from(height));
    if !(MIN_PIXELS..=MAX_PIXELS).contains(&(wide * high)) {
        let rule = format!("total pixels must be {MIN_PIXELS} to {MAX_PIXELS}");
        return Err(Refusal::Invalid(format!("{rule}, not {text}")));
    }
    if wide > high * MAX_RATIO || high > wide * MAX_RATIO {
        return Err(Refusal::Invalid(format!("the aspect ratio must be 1:4 to 4:1, not {text}")));
    }
    Ok((width, height))
}

/// No limit is stated here; the upstream vendor, whose body this is, cuts what is too long.
fn cut(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrapped(input: Value, parameters: Value) -> Result<Order, Refusal> {
        let params = json!({ "input": input, "parameters": parameters });
        let body = json!({ "model": MODELS[0], "input": [{ "params": params }] });
        read_order(body.to_string().as_bytes())
    }

    fn with(parameters: Value) -> Result<Order, Refusal> {
        wrapped(json!({ "prompt": "a fox" }), parameters)
    }

    #[test]
    fn the_wrapped_and_the_flat_body_mean_the_same() {
        let flat = json!({
            "model": MODELS[0],
            "input": { "prompt": "a fox" },
            "parameters": { "size": "1104*1472", "n": 2, "seed": 7, "watermark": true },
        });
        let flat = read_order(flat.to_string().as_bytes()).unwrap();
        let parameters = json!({ "size": "1104*1472", "n": 2, "seed": 7, "watermark": true });
        assert_eq!(with(parameters).unwrap(), flat);
    }

    #[test]
    fn what_is_left_out_has_this_gateways_defaults() {
        let body = json!({ "model": MODELS[1], "input": { "prompt": "a fox" } });
        let order = read_order(body.to_string().as_bytes()).unwrap();
        assert_eq!((order.width, order.height, order.count), (1280, 1280, 4));
        assert_eq!((order.seed, order.mark), (None, Mark::None));
    }

    #[test]
    fn recommended_sizes_and_the_bounds_pass() {
        for size in [
            "1280*1280",
            "1104*1472",
            "1472*1104",
            "960*1696",
            "1696*960",
            "768*2700",
            "768*768",
            "1440*1440",
            "384*1536",
        ] {
            assert!(with(json!({ "size": size })).is_ok(), "{size}");
        }
    }

    #[test]
    fn over_long_text_is_cut() {
        let input = json!({ "prompt": "é".repeat(2001), "negative_prompt": "x".repeat(501) });
        let order = wrapped(input, json!({})).unwrap();
        assert_eq!(order.prompt.chars().count(), 2000);
        assert_eq!(order.negative_prompt.chars().count(), 500);
    }

    #[test]
    fn requests_against_the_rules_are_refused() {
        for parameters in [
            json!({ "size": "1280x1280" }),
            json!({ "size": "767*768" }),
            json!({ "size": "1440*1441" }),
            json!({ "size": "383*1540" }),
            json!({ "size": "4294967295*4294967295" }),
            json!({ "size": 1280 }),
            json!({ "n": 0 }),
            json!({ "n": 5 }),
            json!({ "seed": -1 }),
            json!({ "seed": 2_147_483_648_u32 }),
            json!({ "watermark": "no" }),
            json!({ "prompt_extend": 0 }),
        ] {
            assert_refused(with(parameters.clone()), &parameters);
        }
        for body in [
            json!({ "model": "another", "input": { "prompt": "a fox" } }),
            json!({ "input": { "prompt": "a fox" } }),
            json!({ "model": MODELS[0], "input": { "prompt": " " } }),
            json!({ "model": MODELS[0], "input": {} }),
            json!({ "model": MODELS[0], "input": [] }),
            json!("a fox"),
        ] {
            assert_refused(read_order(body.to_string().as_bytes()), &body);
        }
    }

    fn assert_refused(order: Result<Order, Refusal>, body: &Value) {
        assert!(matches!(order, Err(Refusal::Invalid(_))), "{body}: {order:?}");
    }
}
