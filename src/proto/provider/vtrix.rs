//! Vtrix: a submit that is answered with a job, and a status to check.
//!
//! Its reference: <https://doc.vtrix.ai/domestic/api/qwen/wan25-t2i-preview-intl>. What that leaves
//! open is as its own command line does it: <https://github.com/VtrixAI/vtrix-cli>,
//! `internal/generation/client.go`.

use alloc::{string::String, vec, vec::Vec};

use super::super::error::{Error, Result};
use super::super::generation::{Cost, Finished, Image, Phase, unix_millis};
use super::super::http::{HttpResponse, path_segment};
use super::super::json::Json;
use super::super::refusal;
use super::super::request::GenerateRequest;
use super::super::size::{Preset, Size, SizeRule};
use super::super::text::joined;
use super::{Facts, Provider, Status};

/// The adapter.
pub struct Vtrix;

static FACTS: Facts = Facts {
    name: "vtrix",
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

impl Provider for Vtrix {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn submit(&self, request: &GenerateRequest, model: &str) -> (&'static str, Json) {
        let input = Json::object()
            .with("prompt", request.prompt.as_str())
            .with_some("negative_prompt", request.negative_prompt.as_deref());
        let parameters = Json::object()
            .with("size", request.size.join("*"))
            .with("n", request.count)
            .with("prompt_extend", request.enhance_prompt)
            .with("watermark", request.watermark)
            .with_some("seed", request.seed);
        // The reference lists input and parameters as flat members; its own clients wrap them.
        let params = Json::object().with("input", input).with("parameters", parameters);
        let input = Json::List(vec![Json::object().with("params", params)]);
        ("/model/v1/generation", Json::object().with("model", model).with("input", input))
    }

    fn job_id(&self, answer: &HttpResponse) -> Option<String> {
        answer.json().get("id").word()
    }

    fn status_path(&self, id: &str) -> Option<String> {
        Some(joined(&["/model/v1/generation/task/", &path_segment(id)]))
    }

    fn read(&self, answer: &HttpResponse) -> Result<Status> {
        let task = answer.json();
        let word = task.get("status").text().unwrap_or_default().trim().to_ascii_lowercase();
        if !task.get("error").is_blank() || matches!(word.as_str(), "failed" | "error") {
            return Err(refusal::of_failed_job(task.get("error")));
        }
        let has_output = task.get("output") != &Json::Null;
        match word.as_str() {
            "completed" | "succeeded" | "success" | "done" => finished(answer),
            "cancelled" | "canceled" => Err(refusal::of_cancelled_job()),
            "pending" | "queued" | "in_queue" => Ok(Status::Going(Phase::Queued, None)),
            // Pictures without a word for the state are pictures all the same.
            "" if has_output => finished(answer),
            "" if task.get("id").is_blank() => {
                Err(Error::protocol("the answer is no job's status"))
            }
            // An unknown word may be a new one for a job that goes on.
            _ => Ok(Status::Going(Phase::Running, progress(task))),
        }
    }
}

/// Progress from 0 to 1. More than 1 can only be percent, as sibling gateways have it.
fn progress(task: &Json) -> Option<f64> {
    let progress = task.get("progress").number()?;
    Some(if progress > 1.0 { progress / 100.0 } else { progress }.clamp(0.0, 1.0))
}

fn finished(answer: &HttpResponse) -> Result<Status> {
    let task = answer.json();
    let images: Vec<_> =
        outputs(task).flat_map(|output| output.get("content").items()).filter_map(image).collect();
    refusal::require_picture(&images)?;
    let usage = task.get("usage");
    let cost = Cost::read(usage.get("cost"), "USD")
        .map(|cost| Cost { discount: usage.get("discount").number(), ..cost });
    Ok(Status::Finished(Finished {
        images,
        cost,
        created_at: unix_millis(task.get("created_at")),
        request_id: answer.request_id(),
    }))
}

/// The outputs, in a list as documented or alone.
fn outputs(task: &Json) -> impl Iterator<Item = &Json> {
    let output = task.get("output");
    match output {
        Json::List(outputs) => outputs.iter(),
        _ => core::slice::from_ref(output).iter(),
    }
}

/// A picture, or the reason why there is none in its place.
fn image(content: &Json) -> Option<Image> {
    if let Some(kind) = content.get("type").text()
        && !kind.eq_ignore_ascii_case("image")
    {
        return None;
    }
    if let Some(url) = content.get("url").text() {
        return Some(Image::link(url));
    }
    // In the upstream's manner: code and message in place of the link.
    let told = !content.get("code").is_blank() || !content.get("error").is_blank();
    told.then(|| Image::Missing(refusal::of_failed_job(content)))
}
