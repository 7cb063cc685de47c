//! AIML API: one request that is answered with the pictures.
//!
//! Its reference: <https://docs.aimlapi.com/api-references/image-models/alibaba-cloud/wan2.5-t2i-preview>,
//! its errors: <https://docs.aimlapi.com/errors-and-messages/general-info>.

use alloc::{string::String, vec::Vec};

use super::super::error::Result;
use super::super::generation::{Cost, Finished, Image, unix_millis};
use super::super::http::HttpResponse;
use super::super::json::Json;
use super::super::refusal;
use super::super::request::GenerateRequest;
use super::super::size::{Preset, Size, SizeRule};
use super::{Facts, Provider, Status};

/// The adapter.
pub struct Aimlapi;

static FACTS: Facts = Facts {
    name: "aimlapi",
    base_url: "https://api.aimlapi.com",
    model: "alibaba/wan2.5-t2i-preview",
    // The gateway has these words itself, but does not say what they mean in pixels: sizes are
    // always sent in pixels. Each is the largest that its rule allows for the ratio.
    presets: &[
        Preset { name: "square", ratio: (1, 1), size: Size::new(1280, 1280) },
        Preset { name: "square_hd", ratio: (1, 1), size: Size::new(1440, 1440) },
        Preset { name: "portrait_4_3", ratio: (3, 4), size: Size::new(1056, 1408) },
        Preset { name: "portrait_16_9", ratio: (9, 16), size: Size::new(736, 1312) },
        Preset { name: "landscape_4_3", ratio: (4, 3), size: Size::new(1408, 1056) },
        Preset { name: "landscape_16_9", ratio: (16, 9), size: Size::new(1312, 736) },
    ],
    size_rule: SizeRule {
        side: (512, 1440),
        multiple: 32,
        area: (512 * 512, 1440 * 1440),
        ratio: 4,
        grid: 32,
        words: "sides from 512 to 1440 that are multiples of 32",
    },
};

impl Provider for Aimlapi {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn submit(&self, request: &GenerateRequest, model: &str) -> (&'static str, Json) {
        let body = Json::object()
            .with("model", model)
            .with("prompt", request.prompt.as_str())
            .with_some("negative_prompt", request.negative_prompt.as_deref())
            .with("num_images", request.count)
            .with("image_size", request.size.to_json())
            .with("enhance_prompt", request.enhance_prompt)
            .with("watermark", request.watermark)
            .with_some("seed", request.seed);
        ("/v1/images/generations", body)
    }

    fn job_id(&self, _answer: &HttpResponse) -> Option<String> {
        None
    }

    fn status_path(&self, _id: &str) -> Option<String> {
        None
    }

    fn read(&self, answer: &HttpResponse) -> Result<Status> {
        let body = answer.json();
        // Seen with a 2xx status too.
        if !body.get("error").is_blank() {
            return Err(refusal::of_failed_job(body.get("error")));
        }
        let images: Vec<_> = body.get("data").items().iter().filter_map(image).collect();
        refusal::require_picture(&images)?;
        Ok(Status::Finished(Finished {
            images,
            cost: cost(answer),
            created_at: unix_millis(body.get("created")),
            request_id: answer.request_id(),
        }))
    }
}

/// A picture; none in an item that holds neither of the two, which are both nullable.
fn image(item: &Json) -> Option<Image> {
    let url = item.get("url").text().map(Image::link);
    url.or_else(|| item.get("b64_json").text().map(Image::bytes))
}

/// The price in dollars where the gateway tells it, otherwise in credits; 2,000,000 are a dollar.
fn cost(answer: &HttpResponse) -> Option<Cost> {
    let usage = answer.json().get("meta").get("usage");
    Cost::read(answer.headers.get("x-aimlapi-usd-spent"), "USD")
        .or_else(|| Cost::read(usage.get("usd_spent"), "USD"))
        .or_else(|| Cost::read(usage.get("credits_used"), "credits"))
}
