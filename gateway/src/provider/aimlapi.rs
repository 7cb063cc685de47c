//! AIML API: one request that waits for its pictures.
//!
//! Sources: <https://docs.aimlapi.com/api-references/image-models/alibaba-cloud/wan2.5-t2i-preview>
//! for requests and answers, <https://docs.aimlapi.com/errors-and-messages/general-info> for
//! errors, and the page "request tracing and cost" of the same documents for headers.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{
    CONTENT_CODE, CONTENT_MESSAGE, Exchange, NEGATIVE_PROMPT_LIMIT, PROMPT_LIMIT, Refusal,
    check_common, is_longer, read,
};
use crate::http::{Answer, Wait};
use crate::jobs::{Job, Order, Outcome};
use crate::picture::Mark;

/// Where pictures are asked for.
pub(crate) const SUBMIT_PATH: &str = "/v1/images/generations";

const MODEL: &str = "alibaba/wan2.5-t2i-preview";
/// Of the documented sample, for one picture.
const CREDITS_PER_IMAGE: usize = 63_000;
/// From the page "How can I track my funds".
const CREDITS_PER_USD: f64 = 2_000_000.0;

const UNAUTHORIZED: &str = "This request requires a valid API key. You can create a new API key \
                            on the Billing page: https://aimlapi.com/app/keys";

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
#[serde(
    untagged,
    expecting = "image_size must be a preset word or {width, height}"
)]
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
        return Err(Refusal::Invalid(format!(
            "model must be {MODEL}, not {}",
            submit.model
        )));
    }
    // Not in the schema, but there is nothing to draw.
    if submit.prompt.trim().is_empty() {
        return Err(Refusal::Invalid("prompt must not be empty".into()));
    }
    let texts = [
        ("prompt", &submit.prompt, PROMPT_LIMIT),
        (
            "negative_prompt",
            &submit.negative_prompt,
            NEGATIVE_PROMPT_LIMIT,
        ),
    ];
    for (name, text, limit) in texts {
        if is_longer(text, limit) {
            return Err(Refusal::Invalid(format!(
                "{name} must have at most {limit} characters"
            )));
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
        mark: if submit.watermark {
            Mark::Hidden
        } else {
            Mark::None
        },
    })
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

#[derive(Serialize)]
struct Generation {
    /// Unix milliseconds, unlike OpenAI's member of the same name.
    created: u64,
    background: Option<Value>,
    data: Vec<Item>,
    output_format: Option<Value>,
    quality: Option<Value>,
    size: Option<Value>,
    usage: Option<Value>,
    meta: Meta,
}

#[derive(Serialize)]
struct Item {
    b64_json: Option<String>,
    revised_prompt: Option<String>,
    url: String,
}

#[derive(Serialize)]
struct Meta {
    usage: Usage,
}

#[derive(Serialize)]
struct Usage {
    credits_used: usize,
    /// On newer pages of the documents.
    usd_spent: f64,
}

/// The one answer of a job, given when the job is over.
pub(crate) fn generation(job: &Job, exchange: &Exchange) -> Answer {
    let answer = match &job.outcome {
        Outcome::Pictures(pictures) => {
            let credits_used = pictures.len() * CREDITS_PER_IMAGE;
            let usd_spent = credits_used as f64 / CREDITS_PER_USD;
            let item = |url| Item {
                b64_json: None,
                revised_prompt: None,
                url,
            };
            let created = match job.length {
                Wait::Ms(length) => job.accepted_at.saturating_add(length),
                Wait::Forever => job.accepted_at,
            };
            let body = Generation {
                created,
                background: None,
                data: exchange
                    .links(job, pictures)
                    .into_iter()
                    .map(item)
                    .collect(),
                output_format: None,
                quality: None,
                size: None,
                usage: None,
                meta: Meta {
                    usage: Usage {
                        credits_used,
                        usd_spent,
                    },
                },
            };
            traced(Answer::json(200, &body), exchange)
                .with_header("x-aimlapi-credits-used", credits_used.to_string())
                .with_header("x-aimlapi-usd-spent", usd_spent.to_string())
        }
        Outcome::Failed { code, message } => {
            let message = message.as_deref().unwrap_or("Internal server error");
            let message = match code {
                Some(code) => format!("{code}: {message}"),
                None => message.into(),
            };
            error(500, &message, exchange)
        }
        Outcome::RefusedContent => {
            let message = format!("{CONTENT_CODE}: {CONTENT_MESSAGE}");
            error(400, &message, exchange)
        }
    };
    Answer {
        wait: job.length,
        ..answer
    }
}

/// A refusal in the documented words.
pub(crate) fn refuse(refusal: &Refusal, exchange: &Exchange) -> Answer {
    match refusal {
        Refusal::Unauthorized => error(401, UNAUTHORIZED, exchange),
        Refusal::NotFound => error(404, "Not Found", exchange),
        Refusal::Invalid(rule) => error(400, &format!("Body validation error\n{rule}"), exchange),
        Refusal::RateLimited { .. } => error(429, "Too Many Requests", exchange),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Error<'a> {
    message: &'a str,
    path: &'a str,
    request_id: &'a str,
    /// Text, as in the documented sample.
    status_code: String,
    timestamp: String,
}

fn error(status: u16, message: &str, exchange: &Exchange) -> Answer {
    let body = Error {
        message,
        path: &exchange.request.path,
        request_id: &exchange.id,
        status_code: status.to_string(),
        timestamp: iso8601(exchange.now),
    };
    traced(Answer::json(status, &body), exchange)
}

fn traced(answer: Answer, exchange: &Exchange) -> Answer {
    let answer = answer.with_header("x-inference-id", &exchange.id);
    match exchange.request.header("X-Client-Request-Id") {
        Some(id) if is_client_request_id(id) => answer.with_header("x-client-request-id", id),
        _ => answer,
    }
}

/// An identifier against this rule is dropped without an error.
fn is_client_request_id(id: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"._:-".contains(&byte);
    (1..=128).contains(&id.len()) && id.bytes().all(legal)
}

fn iso8601(unix_ms: u64) -> String {
    let time = OffsetDateTime::from_unix_timestamp_nanos(i128::from(unix_ms) * 1_000_000);
    time.ok()
        .and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

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
        assert!(
            matches!(order, Err(Refusal::Invalid(_))),
            "{body}: {order:?}"
        );
    }

    #[test]
    fn timestamps_are_iso_8601() {
        assert_eq!(iso8601(1_741_684_407_813), "2025-03-11T09:13:27.813Z");
    }

    #[test]
    fn client_request_ids_keep_to_their_rule() {
        assert!(is_client_request_id("a.B_9:-"));
        assert!(is_client_request_id(&"x".repeat(128)));
        for bad in ["", "a b", "é", &"x".repeat(129)] {
            assert!(!is_client_request_id(bad), "{bad}");
        }
    }
}
