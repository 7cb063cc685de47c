//! Vtrix: a job is made, then asked for until it is over.
//!
//! Sources: <https://doc.vtrix.ai/domestic/api/qwen/wan25-t2i-preview-intl> for the parameters,
//! <https://doc.vtrix.ai/docs/api/google/vtrix-veo-3-1-generate-preview> for the task, and the
//! vendor's command line client (`internal/generation/client.go` in `VtrixAI/vtrix-cli`) for the
//! addresses and the wrapped body; `internal/multimodal/service/stream.go` in
//! `SeaArt-Infra/sea-sdk-go` for the stream.

mod answer;
mod order;
mod stream;

pub(crate) use self::answer::{refuse, task};
pub(crate) use self::order::read_order;
pub(crate) use self::stream::events;

/// Where jobs are made.
pub(crate) const SUBMIT_PATH: &str = "/model/v1/generation";
/// Where jobs are asked for; the job's id follows.
pub(crate) const TASK_PATH: &str = "/model/v1/generation/task/";
/// What follows the id where a job's events are asked for.
pub(crate) const STREAM_END: &str = "/stream";
