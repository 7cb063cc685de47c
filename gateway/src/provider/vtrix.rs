//! Vtrix: a job is made, then asked for until it is over.
//!
//! Sources: <https://doc.vtrix.ai/domestic/api/qwen/wan25-t2i-preview-intl> for the parameters,
//! <https://doc.vtrix.ai/docs/api/google/vtrix-veo-3-1-generate-preview> for the task, and the
//! vendor's command line client (`internal/generation/client.go` in `VtrixAI/vtrix-cli`) for the
//! addresses and the wrapped body.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    CONTENT_CODE, CONTENT_MESSAGE, Exchange, NEGATIVE_PROMPT_LIMIT, PROMPT_LIMIT, Refusal,
    check_common, read,
};
use crate::http::Answer;
use crate::jobs::{Job, Order, Outcome};
use crate::picture::Mark;

/// Where jobs are made.
pub(crate) const SUBMIT_PATH: &str = "/model/v1/generation";
/// Where jobs are asked for; the job's id follows.
pub(crate) const TASK_PATH: &str = "/model/v1/generation/task/";

const MODELS: [&str; 2] = ["wan25_t2i_preview_intl", "wan25_t2i_preview"];

/// The page states 1280² as the least, but two of the sizes it recommends lie below it (1104×1472
/// and 960×1696). 768² is what other hosts of the same model state, and what lets them pass.
const MIN_PIXELS: u64 = 768 * 768;
const MAX_PIXELS: u64 = 1440 * 1440;
const MAX_RATIO: u64 = 4;

/// Not published; what other hosts of the same model ask per picture.
const CENTS_PER_IMAGE: usize = 3;

/// The vendor's clients send `input: [{params}]`; its page lists `input` and `parameters` flat.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected {model, input: [{params: {input, parameters}}]}"
)]
enum Submit {
    Wrapped {
        model: String,
        input: [Wrapper; 1],
    },
    Flat {
        model: String,
        #[serde(flatten)]
        params: Params,
    },
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
        Self {
            size,
            n: 4,
            _prompt_extend: true,
            watermark: false,
            seed: None,
        }
    }
}

/// Reads and checks the body of a submit.
pub(crate) fn read_order(body: &[u8]) -> Result<Order, Refusal> {
    let (model, Params { input, parameters }) = match read(body)? {
        Submit::Wrapped {
            model,
            input: [Wrapper { params }],
        } => (model, params),
        Submit::Flat { model, params } => (model, params),
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
        mark: if parameters.watermark {
            Mark::Visible
        } else {
            Mark::None
        },
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
        return Err(Refusal::Invalid(format!(
            "the aspect ratio must be 1:4 to 4:1, not {text}"
        )));
    }
    Ok((width, height))
}

/// No limit is stated here; the upstream vendor, whose body this is, cuts what is too long.
fn cut(text: &str, limit: usize) -> String {
    text.chars().take(limit).collect()
}

#[derive(Serialize)]
struct Task<'a> {
    id: &'a str,
    /// Unix seconds.
    created_at: u64,
    status: &'static str,
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    progress: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<TaskError<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<Vec<Output>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    usage: Option<Usage>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Metadata>,
}

#[derive(Serialize)]
struct TaskError<'a> {
    code: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct Output {
    content: Vec<Content>,
}

#[derive(Serialize)]
struct Content {
    #[serde(rename = "type")]
    kind: &'static str,
    url: String,
    #[serde(rename = "jobId")]
    job_id: String,
}

#[derive(Serialize)]
struct Usage {
    /// USD, as text.
    cost: String,
    discount: f64,
}

#[derive(Serialize)]
struct Metadata {
    /// Seconds since the job was made.
    completed_at: f64,
}

/// A job as it is now; the answer to a submit and to every question after it.
pub(crate) fn task(job: &Job, exchange: &Exchange) -> Answer {
    let started = Task {
        id: &job.id,
        created_at: job.accepted_at / 1000,
        status: "in_progress",
        model: &job.model,
        progress: job.progress(exchange.now),
        error: None,
        output: None,
        usage: None,
        metadata: None,
    };
    let task = if started.progress.is_some() {
        started
    } else {
        match &job.outcome {
            Outcome::Pictures(pictures) => {
                let content = |url| Content {
                    kind: "image",
                    url,
                    job_id: job.id.clone(),
                };
                let content = exchange
                    .links(job, pictures)
                    .into_iter()
                    .map(content)
                    .collect();
                let cents = pictures.len() * CENTS_PER_IMAGE;
                let cost = format!("{}.{:02}", cents / 100, cents % 100);
                Task {
                    status: "completed",
                    output: Some(vec![Output { content }]),
                    usage: Some(Usage {
                        cost,
                        discount: 1.0,
                    }),
                    metadata: Some(Metadata {
                        completed_at: job.seconds(),
                    }),
                    ..started
                }
            }
            Outcome::Failed { code, message } => {
                // The code of the documented sample.
                let code = code.as_deref().unwrap_or("002014001");
                let message = message.as_deref().unwrap_or("The generation failed.");
                Task {
                    status: "failed",
                    error: Some(TaskError { code, message }),
                    ..started
                }
            }
            Outcome::RefusedContent => {
                let error = TaskError {
                    code: CONTENT_CODE,
                    message: CONTENT_MESSAGE,
                };
                Task {
                    status: "failed",
                    error: Some(error),
                    ..started
                }
            }
        }
    };
    Answer::json(200, &task)
}

/// A refusal in the documented words; an unknown task has its own shape.
pub(crate) fn refuse(refusal: &Refusal, exchange: &Exchange) -> Answer {
    let (status, code, message) = match refusal {
        Refusal::NotFound => return Answer::json(404, &json!({ "detail": "Not Found" })),
        Refusal::Unauthorized => (401, "UNAUTHORIZED", "Invalid or missing API key"),
        Refusal::Invalid(rule) => (400, "InvalidParameter", rule.as_str()),
        Refusal::RateLimited { .. } => (429, "RATE_LIMIT_EXCEEDED", "Rate limit exceeded"),
    };
    let error = json!({ "code": code, "message": message });
    Answer::json(
        status,
        &json!({ "error": error, "request_id": exchange.id }),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

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
        assert!(
            matches!(order, Err(Refusal::Invalid(_))),
            "{body}: {order:?}"
        );
    }
}
