//! Vtrix: a submit that is answered with a job, and a status to check.
//!
//! Its reference: <https://doc.vtrix.ai/domestic/api/qwen/wan25-t2i-preview-intl>. What that leaves
//! open is as its own command line does it: <https://github.com/VtrixAI/vtrix-cli>,
//! `internal/generation/client.go`.

use serde::Serialize;
use serde_json::Value;

use super::super::error::{Error, Result};
use super::super::facts::Facts;
use super::super::gateway::Gateway;
use super::super::generation::{Cost, Currency, Finished, Phase};
use super::super::http::{HttpResponse, path_segment};
use super::super::image::Image;
use super::super::lenient::{decimal, is_blank, number, one_or_many, text, time, word};
use super::super::refusal;
use super::super::request::CheckedRequest;
use super::super::size::{Preset, Size, SizeRule};
use super::{Provider, Status, body};

/// The adapter.
pub struct Vtrix;

static FACTS: Facts = Facts {
    gateway: Gateway::Vtrix,
    base_url: "https://cloud.vtrix.ai",
    model: "wan25_t2i_preview_intl",
    // All but the second are the sizes that the reference recommends.
    presets: &[
        Preset { name: "square", ratio: (1, 1), size: Size::new(1280, 1280) },
        Preset { name: "square_hd", ratio: (1, 1), size: Size::new(1440, 1440) },
        Preset { name: "portrait_4_3", ratio: (3, 4), size: Size::new(1104, 1472) },
        Preset { name: "portrait_16_9", ratio: (9, 16), size: Size::new(960, 1696) },
        Preset { name: "landscape_4_3", ratio: (4, 3), size: Size::new(1472, 1104) },
        Preset { name: "landscape_16_9", ratio: (16, 9), size: Size::new(1696, 960) },
    ],
    size_rule: SizeRule {
        // What area and ratio leave.
        side: (384, 2880),
        multiple: 1,
        // The reference states 1280² as the least, but four of the five sizes it recommends have
        // less; the model's own documents state 768².
        area: (768 * 768, 1440 * 1440),
        ratio: 4,
        // As all recommended sizes are.
        grid: 16,
        words: "768×768 to 1440×1440 pixels in all and ratios from 1:4 to 4:1",
    },
};

/// The body of a submit. The reference lists input and parameters as flat members; its own clients
/// wrap them.
#[derive(Serialize)]
struct Submit<'a> {
    model: &'a str,
    input: [Wrapped<'a>; 1],
}

#[derive(Serialize)]
struct Wrapped<'a> {
    params: Params<'a>,
}

#[derive(Serialize)]
struct Params<'a> {
    input: Input<'a>,
    parameters: Parameters,
}

#[derive(Serialize)]
struct Input<'a> {
    prompt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    negative_prompt: Option<&'a str>,
}

#[derive(Serialize)]
struct Parameters {
    /// Such as `1280*1280`.
    size: String,
    n: u32,
    prompt_extend: bool,
    watermark: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
}

impl Provider for Vtrix {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn submit(&self, request: &CheckedRequest, model: &str) -> (&'static str, String) {
        let input =
            Input { prompt: &request.prompt, negative_prompt: request.negative_prompt.as_deref() };
        let parameters = Parameters {
            size: format!("{}*{}", request.size.width, request.size.height),
            n: request.count,
            prompt_extend: request.enhance_prompt,
            watermark: request.watermark,
            seed: request.seed,
        };
        let params = Params { input, parameters };
        ("/model/v1/generation", body(&Submit { model, input: [Wrapped { params }] }))
    }

    fn job_id(&self, answer: &HttpResponse) -> Option<String> {
        word(&answer.json()["id"])
    }

    fn status_path(&self, id: &str) -> Option<String> {
        Some(format!("/model/v1/generation/task/{}", path_segment(id)))
    }

    // As its newer clients have it: <https://github.com/SeaArt-Infra/sea-sdk-go>,
    // `internal/multimodal/service/stream.go`.
    fn stream_path(&self, id: &str) -> Option<String> {
        Some(format!("/model/v1/generation/task/{}/stream", path_segment(id)))
    }

    fn read(&self, answer: &HttpResponse) -> Result<Status> {
        let task = answer.json();
        let status = text(&task["status"]).unwrap_or_default().trim().to_ascii_lowercase();
        if !is_blank(&task["error"]) || matches!(status.as_str(), "failed" | "error") {
            return Err(refusal::of_failed_job(&task["error"]));
        }
        match status.as_str() {
            "completed" | "succeeded" | "success" | "done" => finished(answer),
            "cancelled" | "canceled" => Err(refusal::of_cancelled_job()),
            "pending" | "queued" | "in_queue" => Ok(Status::Going(Phase::Queued, None)),
            // Pictures without a word for the state are pictures all the same.
            "" if !task["output"].is_null() => finished(answer),
            "" if is_blank(&task["id"]) => Err(Error::protocol("the answer is no job's status")),
            // An unknown word may be a new one for a job that goes on.
            _ => Ok(Status::Going(Phase::Running, progress(&task["progress"]))),
        }
    }
}

/// Progress from 0 to 1. More than 1 can only be percent, as sibling gateways have it.
fn progress(value: &Value) -> Option<f64> {
    let progress = number(value)?;
    Some(if progress > 1.0 { progress / 100.0 } else { progress }.clamp(0.0, 1.0))
}

fn finished(answer: &HttpResponse) -> Result<Status> {
    let task = answer.json();
    // In a list as documented, or alone.
    let outputs = one_or_many(&task["output"]).iter();
    let contents = outputs.flat_map(|output| one_or_many(&output["content"]));
    let images: Vec<_> = contents.filter_map(image).collect();
    refusal::require_picture(&images)?;
    let usage = &task["usage"];
    let cost = decimal(&usage["cost"]).map(|amount| Cost::new(amount, Currency::Usd));
    Ok(Status::Finished(Finished {
        images,
        cost: cost.map(|cost| Cost { discount: number(&usage["discount"]), ..cost }),
        created_at: time(&task["created_at"]),
        request_id: answer.request_id(),
    }))
}

/// A picture, or the reason why there is none in its place.
fn image(content: &Value) -> Option<Image> {
    if text(&content["type"]).is_some_and(|kind| !kind.eq_ignore_ascii_case("image")) {
        return None;
    }
    if let Some(url) = text(&content["url"]) {
        return Some(Image::link(url));
    }
    // In the upstream's manner: code and message in place of the link.
    let told = !is_blank(&content["code"]) || !is_blank(&content["error"]);
    told.then(|| Image::missing(refusal::of_failed_job(content)))
}
