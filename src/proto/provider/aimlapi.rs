//! AIML API: one request that is answered with the pictures.
//!
//! Its reference: <https://docs.aimlapi.com/api-references/image-models/alibaba-cloud/wan2.5-t2i-preview>,
//! its errors: <https://docs.aimlapi.com/errors-and-messages/general-info>.

use serde::Serialize;
use serde_json::Value;

use super::super::error::Result;
use super::super::facts::Facts;
use super::super::gateway::Gateway;
use super::super::generation::{Cost, Currency, Finished};
use super::super::http::HttpResponse;
use super::super::image::Image;
use super::super::lenient::{decimal, decimal_text, is_blank, one_or_many, text, time};
use super::super::refusal;
use super::super::request::CheckedRequest;
use super::super::size::{Preset, Size, SizeRule};
use super::{Provider, Status, body};

/// The adapter.
pub struct Aimlapi;

static FACTS: Facts = Facts {
    gateway: Gateway::Aimlapi,
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

/// The body of a submit.
#[derive(Serialize)]
struct Submit<'a> {
    model: &'a str,
    prompt: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    negative_prompt: Option<&'a str>,
    num_images: u32,
    image_size: Size,
    enhance_prompt: bool,
    watermark: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u32>,
}

impl Provider for Aimlapi {
    fn facts(&self) -> &'static Facts {
        &FACTS
    }

    fn submit(&self, request: &CheckedRequest, model: &str) -> (&'static str, String) {
        let submit = Submit {
            model,
            prompt: &request.prompt,
            negative_prompt: request.negative_prompt.as_deref(),
            num_images: request.count,
            image_size: request.size,
            enhance_prompt: request.enhance_prompt,
            watermark: request.watermark,
            seed: request.seed,
        };
        ("/v1/images/generations", body(&submit))
    }

    fn job_id(&self, _answer: &HttpResponse) -> Option<String> {
        None
    }

    fn status_path(&self, _id: &str) -> Option<String> {
        None
    }

    fn stream_path(&self, _id: &str) -> Option<String> {
        None
    }

    fn read(&self, answer: &HttpResponse) -> Result<Status> {
        let body = answer.json();
        // Seen with a 2xx status too.
        if !is_blank(&body["error"]) {
            return Err(refusal::of_failed_job(&body["error"]));
        }
        let images: Vec<_> = one_or_many(&body["data"]).iter().filter_map(image).collect();
        refusal::require_picture(&images)?;
        Ok(Status::Finished(Finished {
            images,
            cost: cost(answer),
            created_at: time(&body["created"]),
            request_id: answer.request_id(),
        }))
    }
}

/// A picture; none in an item that holds neither of the two, which are both nullable.
fn image(item: &Value) -> Option<Image> {
    let url = text(&item["url"]).map(Image::link);
    url.or_else(|| text(&item["b64_json"]).map(Image::bytes))
}

/// The price in dollars where the gateway tells it, otherwise in credits; 2,000,000 are a dollar.
fn cost(answer: &HttpResponse) -> Option<Cost> {
    let usage = &answer.json()["meta"]["usage"];
    let dollars = answer.header("x-aimlapi-usd-spent").and_then(decimal_text);
    if let Some(amount) = dollars.or_else(|| decimal(&usage["usd_spent"])) {
        return Some(Cost::new(amount, Currency::Usd));
    }
    decimal(&usage["credits_used"]).map(|amount| Cost::new(amount, Currency::Credits))
}
