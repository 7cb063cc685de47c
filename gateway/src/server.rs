//! Carries a [`Gateway`] over HTTP, and serves the page and the package beside it.

use std::convert::Infallible;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use axum::{Extension, Router};
use futures_util::{StreamExt, stream};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower_http::services::ServeDir;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::gateway::Gateway;
use crate::http::{Answer, Body as AnswerBody, Delivery, Events, Request, Wait};

/// How long requests under way may take once the server stops.
const STOP_GRACE: Duration = Duration::from_millis(500);
/// Lets the half of a body that is sent arrive before the connection closes behind it.
const CUT_PAUSE: Duration = Duration::from_millis(20);
/// How far apart the comments of a stream are.
const KEEPALIVE: Duration = Duration::from_secs(1);
/// How many pieces a slow body comes in, if it is not shorter than that.
const SLOW_PIECES: usize = 12;
/// What a long body is made of, piece by piece.
const WHITE_SPACE: &[u8] = &[b' '; 64 * 1024];

/// A gateway that connections share.
pub type SharedGateway = Arc<Mutex<Gateway>>;

/// What is served beside the gateway, and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directory with the page, at `/`.
    pub www: PathBuf,
    /// The directory with the package, at `/pkg/`.
    pub pkg: PathBuf,
    /// Whether a connection may carry more than one request.
    ///
    /// Browsers silently send a request again, even a POST, when a connection they have used before
    /// closes without an answer. A submit that is cut then counts twice, so a test that means
    /// something else gives every request a connection of its own.
    pub keep_alive: bool,
}

/// The number of a connection, in the order of their arrival, from 1.
#[derive(Clone, Copy, Debug)]
struct Connection(u64);

/// Serves until `stop` ends, and then closes every connection within a second.
pub async fn serve(
    listener: TcpListener,
    gateway: SharedGateway,
    options: Options,
    stop: impl Future<Output = ()>,
) {
    let mut http = http1::Builder::new();
    http.keep_alive(options.keep_alive);
    let router = TowerToHyperService::new(router(gateway, options));

    let mut latest = Connection(0);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            // A connection that could not be accepted is gone; the next may be well.
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                latest.0 += 1;
                let (router, connection) = (router.clone(), latest);
                let service =
                    service_fn(move |request| respond(router.clone(), connection, request));
                let connection = http.serve_connection(TokioIo::new(stream), service);
                connections.spawn(graceful.watch(connection));
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    // What is still open after this is closed when `connections` is dropped.
    let _ = tokio::time::timeout(STOP_GRACE, graceful.shutdown()).await;
}

/// A seed that differs at each start.
pub fn random_seed() -> u64 {
    RandomState::new().hash_one(now())
}

fn router(gateway: SharedGateway, options: Options) -> Router {
    let no_cache = HeaderValue::from_static("no-cache");
    // By which the page knows that a gateway serves it.
    let name = HeaderValue::from_static("wanvas-gateway");
    let static_files = Router::new()
        .nest_service("/pkg", ServeDir::new(options.pkg))
        .fallback_service(ServeDir::new(options.www))
        .layer(SetResponseHeaderLayer::overriding(header::CACHE_CONTROL, no_cache))
        .layer(SetResponseHeaderLayer::overriding(header::SERVER, name));
    Router::new()
        .route("/v1/{*path}", any(handle))
        .route("/model/{*path}", any(handle))
        .route("/images/{*path}", any(handle))
        .route("/__gateway/{*path}", any(handle))
        .with_state(gateway)
        .merge(static_files)
}

/// Answers, or fails to, upon which the connection is closed.
async fn respond(
    router: TowerToHyperService<Router>,
    connection: Connection,
    mut request: hyper::Request<Incoming>,
) -> io::Result<Response> {
    request.extensions_mut().insert(connection);
    let Ok(response) = router.call(request).await;
    match response.extensions().get() {
        Some(Delivery::CutBefore) => Err(cut_error()),
        _ => Ok(response),
    }
}

async fn handle(
    State(gateway): State<SharedGateway>,
    Extension(Connection(connection)): Extension<Connection>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let header = |(name, value): (&header::HeaderName, &HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    let request = Request {
        method: method.to_string(),
        path: uri.path().into(),
        query: uri.query().unwrap_or_default().into(),
        headers: headers.iter().map(header).collect(),
        body: body.into(),
        connection,
    };
    // Nothing in the gateway is left half done by a panic that another request met.
    let answer = gateway.lock().unwrap_or_else(PoisonError::into_inner).handle(&request, now());
    match answer.wait {
        Wait::Ms(0) => {}
        Wait::Ms(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
        Wait::Forever => std::future::pending().await,
    }
    deliver(answer).await
}

async fn deliver(answer: Answer) -> Response {
    let Answer { status, headers, body, delivery, .. } = answer;
    if let AnswerBody::Events(events) = body {
        return respond_with(status, headers, delivery, one_by_one(events, delivery));
    }
    let Ok(bytes) = tokio::task::spawn_blocking(|| body.into_bytes()).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut headers = headers;
    if matches!(delivery, Delivery::Slow { .. } | Delivery::CutMidBody) {
        headers.push(("Content-Length".into(), bytes.len().to_string()));
    }
    let body = match delivery {
        Delivery::Whole | Delivery::CutBefore => Body::from(bytes),
        Delivery::Slow { ms } => slowly(&bytes, Duration::from_millis(ms)),
        Delivery::Padded { bytes: length } => padded(bytes, length),
        Delivery::CutMidBody => first_half(bytes),
    };
    respond_with(status, headers, delivery, body)
}

fn respond_with(
    status: u16,
    headers: Vec<(String, String)>,
    delivery: Delivery,
    body: Body,
) -> Response {
    let mut response = Response::builder().status(status).extension(delivery);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(body).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// A stream of events, which breaks off in the last one if it is to be cut.
fn one_by_one(events: Events, delivery: Delivery) -> Body {
    let Events { first, wait, keeps_alive, last } = events;
    let end = match wait {
        Wait::Ms(ms) => Some(tokio::time::Instant::now() + Duration::from_millis(ms)),
        Wait::Forever => None,
    };
    let comments = stream::unfold((), move |()| async move {
        let next = tokio::time::Instant::now() + KEEPALIVE;
        match end {
            Some(end) if end <= next => {
                tokio::time::sleep_until(end).await;
                return None;
            }
            _ if keeps_alive => tokio::time::sleep_until(next).await,
            _ => std::future::pending().await,
        }
        Some((Ok(Bytes::from_static(Events::KEEPALIVE.as_bytes())), ()))
    });
    let first = stream::iter((!first.is_empty()).then(|| Ok(Bytes::from(first))));
    let last = match delivery {
        Delivery::CutMidBody => first_half(last.into_bytes()).into_data_stream().left_stream(),
        _ => stream::once(async { Ok::<_, axum::Error>(Bytes::from(last)) }).right_stream(),
    };
    Body::from_stream(first.chain(comments).chain(last))
}

/// A body in small pieces, the last of which comes after `time`.
fn slowly(bytes: &[u8], time: Duration) -> Body {
    let size = bytes.len().div_ceil(SLOW_PIECES).max(1);
    let pieces: Vec<Bytes> = bytes.chunks(size).map(Bytes::copy_from_slice).collect();
    let pause = time / pieces.len().max(1) as u32;
    let pieces = stream::iter(pieces).then(move |piece| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, Infallible>(piece)
    });
    Body::from_stream(pieces)
}

/// A body brought to a length by white space before it, which is never held as a whole.
fn padded(bytes: Vec<u8>, length: u64) -> Body {
    let missing = length.saturating_sub(bytes.len() as u64);
    let (full, rest) = (missing / WHITE_SPACE.len() as u64, missing % WHITE_SPACE.len() as u64);
    let full = (0..full).map(|_| WHITE_SPACE);
    let spaces = full.chain([&WHITE_SPACE[..rest as usize]]).map(Bytes::from_static);
    Body::from_stream(stream::iter(spaces.chain([bytes.into()]).map(Ok::<_, Infallible>)))
}

/// A body that breaks off.
fn first_half(mut bytes: Vec<u8>) -> Body {
    bytes.truncate(bytes.len() / 2);
    let half = stream::once(async { Ok(bytes) });
    let end = stream::once(async {
        tokio::time::sleep(CUT_PAUSE).await;
        Err(cut_error())
    });
    Body::from_stream(half.chain(end))
}

fn cut_error() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "cut by the scenario")
}

/// Unix milliseconds.
fn now() -> u64 {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    since_1970.as_millis().try_into().unwrap_or(u64::MAX)
}
