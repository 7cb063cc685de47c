//! Drives a call: drain what it wants, perform it, feed back what came of it.

use std::cell::Cell;
use std::future::pending;
use std::mem;
use std::pin::Pin;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::{Either, Fuse, FutureExt, LocalBoxFuture, select};
use futures_util::stream::{LocalBoxStream, StreamExt};
use wasm_bindgen::JsValue;

use super::caller::Caller;
use super::outcome::{Ended, Failed, Given};
use super::page::Page;
use super::seen;
use super::stream::listen;
use crate::proto::call::{Call, Input, Output, Told};
use crate::proto::config::Config;
use crate::proto::generation::Generation;
use crate::proto::http::{Body, Failure, HttpRequest, HttpResponse};
use crate::proto::job::Job;
use crate::proto::journal::Entry;
use crate::proto::request::CheckedRequest;
use crate::proto::secret;
use crate::proto::time::Timestamp;
use crate::web::lane::Place;
use crate::web::{clock, fetch, random, task, timer, wake};

/// What a call begins with.
pub enum Start {
    /// A request to submit.
    Submit(CheckedRequest),
    /// A job that was submitted before, and what the journal knows of its call.
    Resume(Job, Option<Entry>),
    /// An entry of the journal, whose page is gone.
    Recover(Entry),
}

/// What was awaited of a call has come.
struct News {
    input: Input,
    raw: Option<String>,
    thrown: Option<JsValue>,
}

/// What is awaited beside the time: the call's turn, then each answer. Dropped, it is given up.
struct Attempt {
    news: LocalBoxFuture<'static, News>,
    /// Whether it has left.
    is_sent: Rc<Cell<bool>>,
}

/// Runs a call to its end. Dropped, it is given up: at once, but for a submit that has left, whose answer
/// the journal keeps.
pub fn run(start: Start, caller: Rc<Caller>, page: Page) -> impl Future<Output = Ended> {
    let (waits, given_up) = oneshot::channel::<()>();
    let work = async move { perform(start, &caller, page, given_up.map(drop).boxed_local()).await };
    let ended = task::begun(work.boxed_local());
    async move {
        let ended = ended.await;
        drop(waits);
        ended
    }
}

/// Runs a call to its end, or until it is given up.
pub async fn perform(
    start: Start,
    caller: &Rc<Caller>,
    mut page: Page,
    given_up: LocalBoxFuture<'static, ()>,
) -> Ended {
    let mut given_up = given_up.fuse();
    let mut is_given_up = false;
    let kind = kind_of(&start, &caller.config);
    let mut place = place_of(&start, &caller.config);
    let mut call = begin(start, caller.config.clone());
    caller.record_call(call.entry());
    let (mut attempt, mut stream) = (None, None);
    match &mut place {
        Some(place) if !place.is_running() => {
            call.handle_input(Input::Queue, clock::now());
            attempt = Some(Attempt::turn(place, Rc::clone(caller)));
        }
        _ => call.handle_input(Input::Turn { online: caller.is_online() }, clock::now()),
    }
    let (mut raw, mut thrown) = (None, None);
    let mut has_learned = false;
    let mut woken = wake::woken().boxed_local();
    loop {
        match call.poll_output() {
            Output::Keep(entry) => {
                if let Some(job) = &entry.job {
                    caller.record_job(job);
                }
                let kept = select(&mut given_up, Box::pin(page.keep(entry))).await;
                match kept {
                    Either::Right((true, _)) => {}
                    Either::Right((false, _)) => call.handle_input(Input::NotKept, clock::now()),
                    Either::Left(_) => {
                        is_given_up = true;
                        drop(place.take());
                        call.handle_input(Input::GivenUp { sent: false }, clock::now());
                    }
                }
            }
            Output::Progress(event) => caller.tell(&event),
            // One at a time: an earlier one is given up.
            Output::Send(request) => {
                // While it is under way.
                seen::recall(caller.journal.as_ref());
                attempt = Some(Attempt::request(request, Rc::clone(caller), page.on_sent()));
            }
            Output::Listen(request) => stream = Some(listen(request, Rc::clone(caller))),
            Output::NoStream => seen::note_no_stream(&caller.config, caller.journal.as_ref()),
            Output::Wait(until) => {
                let happening = happening(
                    attempt.as_mut(),
                    stream.as_mut(),
                    until,
                    woken.as_mut(),
                    &mut given_up,
                )
                .await;
                let input = match happening {
                    Happening::News(news) => {
                        attempt = None;
                        // Of jobs that were made at the same time, the short ones are seen first.
                        if !mem::replace(&mut has_learned, true) {
                            let seen = Input::Seen(seen::durations(&kind));
                            call.handle_input(seen, clock::now());
                        }
                        (raw, thrown) = (news.raw, news.thrown);
                        news.input
                    }
                    Happening::Told(told) => {
                        if let Some(Told::Event(event)) = &told {
                            (raw, thrown) = (Some(event.data.clone()), None);
                        }
                        Input::Told(told.unwrap_or(Told::Ended))
                    }
                    Happening::Time => {
                        let is_sent = attempt.as_ref().is_none_or(|attempt| attempt.is_sent.get());
                        Input::Timeout { sent: is_sent }
                    }
                    Happening::GivenUp => {
                        is_given_up = true;
                        // Others need not wait for it.
                        drop(place.take());
                        let has_left =
                            attempt.as_ref().is_some_and(|attempt| attempt.is_sent.get());
                        Input::GivenUp { sent: has_left && caller.journal.is_some() }
                    }
                    Happening::Wake => {
                        woken = wake::woken().boxed_local();
                        Input::Wake { online: caller.is_online() }
                    }
                };
                call.handle_input(input, clock::now());
                stream = stream.filter(|_| call.is_listening());
            }
            Output::Seen(took) => seen::note(&kind, took, caller.journal.as_ref()),
            Output::Done { result, settled } => {
                page.end_claim();
                // Nobody else would tell that nothing was accepted.
                if is_given_up && matches!(&result, Err(error) if !error.may_have_been_charged) {
                    page.forget();
                }
                let warnings = page.warnings.clone();
                let result = match result {
                    Ok(generation) => Ok(Generation { raw, warnings, ..generation }),
                    Err(error) => Err(Failed { error, thrown }),
                };
                let entry = call.entry().clone();
                return Ended {
                    result,
                    entry: Some(entry),
                    given: Given { page, is_settled: settled },
                };
            }
        }
    }
}

/// New jobs do not wait for old ones; and to look once at a job is no reason to wait at all.
fn place_of(start: &Start, config: &Config) -> Option<Place> {
    let kind = match start {
        Start::Submit(_) => "new",
        Start::Resume(..) if !config.wait => return None,
        Start::Resume(..) | Start::Recover(_) => "old",
    };
    let lane = format!("{kind} {} {}", config.provider.facts().gateway, config.base_url);
    Some(Place::take(lane, config.concurrency))
}

fn kind_of(start: &Start, config: &Config) -> String {
    let count = match start {
        Start::Submit(request) => request.count,
        Start::Resume(job, _) => job.count,
        Start::Recover(entry) => entry.count,
    };
    seen::kind(config, count)
}

fn begin(start: Start, config: Config) -> Call {
    let (now, seed) = (clock::now(), random::seed());
    match start {
        Start::Submit(request) => Call::submit(request, config, now, seed),
        Start::Resume(job, known) => Call::resume(job, known, config, now, seed),
        Start::Recover(entry) => Call::recover(entry, config, now, seed),
    }
}

impl Attempt {
    fn turn(place: &mut Place, caller: Rc<Caller>) -> Self {
        let turn = place.turn();
        let news = async move {
            turn.await;
            let input = Input::Turn { online: caller.is_online() };
            News { input, raw: None, thrown: None }
        };
        Attempt { news: Box::pin(news), is_sent: Rc::new(Cell::new(true)) }
    }

    fn request(request: HttpRequest, caller: Rc<Caller>, on_sent: impl FnOnce() + 'static) -> Self {
        let is_sent = Rc::new(Cell::new(false));
        let (noted, recorded) = (Rc::clone(&is_sent), Rc::clone(&caller));
        let news = send(request, caller, move || {
            noted.set(true);
            recorded.record_charge();
            on_sent();
        });
        Attempt { news: Box::pin(news), is_sent }
    }
}

async fn send(request: HttpRequest, caller: Rc<Caller>, on_sent: impl FnOnce()) -> News {
    let failed = |failure, thrown| News { input: Input::Failure(failure), raw: None, thrown };
    let authorization = match caller.authorization().await {
        Ok(authorization) => authorization,
        Err(thrown) => return failed(Failure::NoKey, Some(thrown)),
    };
    match fetch::send(&caller.fetch, &request, authorization.as_deref(), on_sent).await {
        Ok(fetch::Answer { status, mut headers, text }) => {
            let secret = secret::of(&request, authorization.as_deref());
            let clean = |text: &str| secret::redacted(text, secret);
            for (_, value) in &mut headers {
                *value = clean(value);
            }
            let text = clean(&text);
            let answer = HttpResponse { status, headers, body: Body::read(&text) };
            News { input: Input::Answer(answer), raw: Some(text), thrown: None }
        }
        Err(fetch::Failed { failure, thrown }) => failed(failure, thrown),
    }
}

/// What ends a wait.
enum Happening {
    News(News),
    /// What the stream says; nothing after its end.
    Told(Option<Told>),
    Time,
    Wake,
    GivenUp,
}

async fn happening(
    attempt: Option<&mut Attempt>,
    stream: Option<&mut LocalBoxStream<'static, Told>>,
    until: Option<Timestamp>,
    woken: Pin<&mut (dyn Future<Output = ()> + 'static)>,
    given_up: &mut Fuse<LocalBoxFuture<'static, ()>>,
) -> Happening {
    let news = async {
        match attempt {
            Some(attempt) => (&mut attempt.news).await,
            None => pending().await,
        }
    };
    let told = async {
        match stream {
            Some(stream) => stream.next().await,
            None => pending().await,
        }
    };
    let time = async {
        match until {
            Some(until) => timer::sleep_until(until).await,
            None => pending().await,
        }
    };
    let signs = select(Box::pin(time), woken);
    let answers = select(Box::pin(news), Box::pin(told));
    // First: who has given up sends nothing any more.
    let happening = match select(given_up, select(answers, signs)).await {
        Either::Left(_) => return Happening::GivenUp,
        Either::Right((happening, _)) => happening,
    };
    match happening {
        Either::Left((Either::Left((news, _)), _)) => Happening::News(news),
        Either::Left((Either::Right((told, _)), _)) => Happening::Told(told),
        Either::Right((Either::Left(_), _)) => Happening::Time,
        Either::Right((Either::Right(_), _)) => Happening::Wake,
    }
}
