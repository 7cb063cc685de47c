//! What JavaScript sees of results, events and errors: plain data, with `null` for what the types
//! say is always there, and without the members that are only sometimes.

use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::proto::error::Error;
use crate::proto::gateway::Gateway;
use crate::proto::generation::{Cost, Finished, Generation, Phase, Progress, State};
use crate::proto::image::Image;
use crate::proto::job::Job;
use crate::proto::size::{Preset, Size};
use crate::proto::time::{Timestamp, millis};

/// The value as JavaScript sees it, which never fails: it is plain data with numbers below 2^53.
pub fn to_js(view: &impl Serialize) -> JsValue {
    view.serialize(&Serializer::json_compatible()).unwrap_or_default()
}

/// The members of a `WanvasError`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorView<'a> {
    message: &'a str,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider: Option<Gateway>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<Size>,
    #[serde(skip_serializing_if = "Option::is_none")]
    provider_code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
    retryable: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_ms: Option<u64>,
    may_have_been_charged: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<&'a Job>,
}

impl<'a> From<&'a Error> for ErrorView<'a> {
    fn from(error: &'a Error) -> Self {
        ErrorView {
            message: &error.message,
            code: error.code.as_str(),
            provider: error.provider,
            status: error.status,
            field: error.field.as_deref(),
            suggestion: error.suggestion,
            provider_code: error.provider_code.as_deref(),
            request_id: error.request_id.as_deref(),
            retryable: error.retryable(),
            retry_after_ms: error.retry_after.map(millis),
            may_have_been_charged: error.may_have_been_charged,
            job: error.job.as_ref(),
        }
    }
}

/// The result of a call, but for `raw` and `warnings`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GenerationView<'a> {
    status: &'static str,
    job: Option<&'a Job>,
    images: Vec<ImageView<'a>>,
    requested: RequestedView,
    progress: Option<f64>,
    created_at: Option<Timestamp>,
    cost: Option<&'a Cost>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<&'a str>,
}

#[derive(Serialize)]
struct RequestedView {
    count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<String>,
}

#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
enum ImageView<'a> {
    Link {
        url: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        expires_at: Option<Timestamp>,
    },
    Bytes {
        base64: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        media_type: Option<&'static str>,
    },
    Missing {
        error: MissingView<'a>,
    },
}

#[derive(Serialize)]
struct MissingView<'a> {
    code: &'static str,
    message: &'a str,
}

impl<'a> From<&'a Generation> for GenerationView<'a> {
    fn from(generation: &'a Generation) -> Self {
        let (status, progress, finished) = match &generation.state {
            State::Going(Phase::Queued, progress) => ("queued", *progress, None),
            State::Going(_, progress) => ("running", *progress, None),
            State::Finished(finished) => ("succeeded", Some(1.0), Some(finished)),
        };
        let images = |finished: &'a Finished| finished.images.iter().map(ImageView::from).collect();
        GenerationView {
            status,
            job: generation.job.as_ref(),
            images: finished.map(images).unwrap_or_default(),
            requested: RequestedView {
                count: generation.requested.count,
                size: generation.requested.size.map(|size| size.to_string()),
            },
            progress,
            created_at: finished.and_then(|finished| finished.created_at),
            cost: finished.and_then(|finished| finished.cost.as_ref()),
            request_id: finished.and_then(|finished| finished.request_id.as_deref()),
        }
    }
}

impl<'a> From<&'a Image> for ImageView<'a> {
    fn from(image: &'a Image) -> Self {
        match image {
            Image::Link { url, expires_at } => ImageView::Link { url, expires_at: *expires_at },
            Image::Bytes { base64, media_type } => {
                ImageView::Bytes { base64, media_type: *media_type }
            }
            Image::Missing(why) => ImageView::Missing {
                error: MissingView { code: why.code.as_str(), message: &why.message },
            },
        }
    }
}

/// An event of `onProgress`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgressView<'a> {
    phase: Phase,
    job: Option<&'a Job>,
    progress: Option<f64>,
    elapsed_ms: u64,
    checks: u32,
}

impl<'a> From<&'a Progress> for ProgressView<'a> {
    fn from(event: &'a Progress) -> Self {
        ProgressView {
            phase: event.phase,
            job: event.job.as_ref(),
            progress: event.progress,
            elapsed_ms: millis(event.elapsed),
            checks: event.checks,
        }
    }
}

/// What a size menu shows.
#[derive(Serialize)]
pub struct PresetView {
    name: &'static str,
    width: u32,
    height: u32,
    ratio: String,
}

impl From<&Preset> for PresetView {
    fn from(preset: &Preset) -> Self {
        let Size { width, height } = preset.size;
        let ratio = format!("{}:{}", preset.ratio.0, preset.ratio.1);
        PresetView { name: preset.name, width, height, ratio }
    }
}
