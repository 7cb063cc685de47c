//! The door for Rust apps: [`Client`].

mod builder;
mod deliver;
mod resume;

use std::fmt;
use std::rc::Rc;

use futures_util::future::FutureExt;
use futures_util::stream::Stream;
use serde_json::from_value;
use wasm_bindgen_futures::spawn_local;

pub use self::builder::ClientBuilder;
use self::deliver::{Deliver, handed_over, told};
pub use self::resume::Resumed;
use crate::client::call::{Start, run};
use crate::client::caller::Caller;
use crate::client::page::Page;
use crate::client::resume::{known, unfinished};
use crate::client::seen;
use crate::proto::error::Result;
use crate::proto::facts::Facts;
use crate::proto::gateway::Gateway;
use crate::proto::generation::Generation;
use crate::proto::job::Job;
use crate::proto::journal::{Entry, Stored};
use crate::proto::request::{CheckedRequest, GenerateRequest};
use crate::web::task;

/// Makes pictures at one gateway.
///
/// It is cheap to clone, and all clients of a page share one journal and wait for their turns
/// together. Like everything of JavaScript's it stays in its thread: neither it nor its futures are
/// `Send`.
///
/// # Giving up, and taking over
///
/// To drop a future that it gave ends the call: nothing is sent any more, and a job that was accepted
/// stays in the journal, for [`resume`](Client::resume). A submit that is under way then is waited for as
/// long as the page lives, so that the journal has its job; or its pictures, at AIML API, where that is
/// the whole call.
///
/// Pictures count as taken over when [`deliver`](ClientBuilder::deliver) has taken them; without that,
/// once the future has given them, and the journal forgets them: of several calls, await each, or
/// `join_all` them. `try_join_all` drops what was made when one fails.
///
/// ```no_run
/// use wanvas::{Client, Gateway, GenerateRequest};
///
/// # async fn example() -> wanvas::Result<()> {
/// let client = Client::builder(Gateway::Vtrix).api_key("any").base_url("/gateway").build()?;
/// let generation = client.generate(GenerateRequest::new("a lighthouse at dusk").size("16:9")).await?;
/// for image in &generation.images {
///     println!("{:?}", image.src());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    caller: Caller,
    deliver: Option<Deliver>,
}

impl fmt::Debug for Client {
    /// Without the key and the headers, which may have one.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let base_url = &self.caller.config.base_url;
        formatter.debug_struct("Client").field("base_url", base_url).finish_non_exhaustive()
    }
}

impl Client {
    /// A client of that gateway, to be told the key at least, or the relay that has it.
    ///
    /// ```no_run
    /// # fn example() -> wanvas::Result<()> {
    /// use wanvas::{Client, Gateway};
    ///
    /// let client = Client::builder(Gateway::Aimlapi).api_key("any").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder(gateway: Gateway) -> ClientBuilder {
        ClientBuilder::new(gateway)
    }

    /// Submits a request, and waits for its pictures. One call sends one submit; only where the
    /// gateway refuses it for too many requests (429), so that nothing was accepted, it is sent again,
    /// twice at most.
    ///
    /// Fails with [`InvalidRequest`](crate::ErrorCode::InvalidRequest) before anything is sent, and
    /// otherwise as [`ErrorCode`](crate::ErrorCode) says; whether it may have been charged is in
    /// [`Error::may_have_been_charged`](crate::Error::may_have_been_charged), and a job that was
    /// accepted in [`Error::job`](crate::Error::job).
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client) -> wanvas::Result<()> {
    /// use wanvas::GenerateRequest;
    ///
    /// let generation = client.generate(GenerateRequest::new("a heron").count(4)).await?;
    /// println!("{} pictures for {:?}", generation.images.len(), generation.cost);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn generate(&self, request: GenerateRequest) -> Result<Generation> {
        let request = request.check(self.facts())?;
        self.generate_checked(request, true).await
    }

    /// Submits a request, and does not wait for its pictures where the gateway has jobs: the job is in
    /// the result. At AIML API, which has no jobs, it waits for the pictures.
    ///
    /// Fails as [`generate`](Client::generate) does.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client) -> wanvas::Result<()> {
    /// use wanvas::GenerateRequest;
    ///
    /// let submitted = client.submit(GenerateRequest::new("a heron")).await?;
    /// let generation = match &submitted.job {
    ///     Some(job) => client.poll(job).await?,
    ///     None => submitted,
    /// };
    /// # Ok(())
    /// # }
    /// ```
    pub async fn submit(&self, request: GenerateRequest) -> Result<Generation> {
        let request = request.check(self.facts())?;
        self.generate_checked(request, false).await
    }

    /// Waits for a job that was submitted before, in this page or another; checks its status at once.
    ///
    /// Fails as [`generate`](Client::generate) does, and with
    /// [`Unsupported`](crate::ErrorCode::Unsupported) where the gateway has no jobs.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client, kept: wanvas::Job) -> wanvas::Result<()> {
    /// let generation = client.poll(&kept).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn poll(&self, job: &Job) -> Result<Generation> {
        self.wait_for(job, true).await
    }

    /// Tells how a job goes, without waiting for its end. If it is done, its pictures are in the result,
    /// and the journal forgets it, as after [`poll`](Client::poll).
    ///
    /// Fails as [`poll`](Client::poll) does; a check that tells nothing, such as a 503, is made again
    /// until the call's time is over.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client, job: wanvas::Job) -> wanvas::Result<()> {
    /// let generation = client.status(&job).await?;
    /// println!("{:?}, {:?}: {:?}", generation.status, generation.progress, generation.images);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn status(&self, job: &Job) -> Result<Generation> {
        self.wait_for(job, false).await
    }

    /// Waits for every job that [`pending`](Client::pending) lists, and gives each outcome as it
    /// comes. One page of the origin checks a job's status, and each that asked gets the outcome.
    ///
    /// The journal forgets an outcome when the next is asked for: by then the app must have what it
    /// paid for, so do not collect or buffer the stream. To drop it ends the waiting, and keeps what is
    /// open. A submit whose answer nobody read ends with
    /// [`SubmitOutcomeUnknown`](crate::ErrorCode::SubmitOutcomeUnknown), once.
    ///
    /// It is a `Stream` of the `futures` crates.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client) {
    /// use futures_util::StreamExt;
    /// use wanvas::Resumed;
    ///
    /// let mut resumed = client.resume();
    /// while let Some(Resumed { entry, result, .. }) = resumed.next().await {
    ///     match result {
    ///         Ok(generation) => println!("{} pictures", generation.images.len()),
    ///         Err(error) => println!("{}: {error}", entry.id),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn resume(&self) -> impl Stream<Item = Resumed> + Unpin + use<> {
        resume::stream(Rc::new(self.caller.clone()), None, self.deliver.clone())
    }

    /// As [`resume`](Client::resume), of the call of that id alone.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client) {
    /// use futures_util::StreamExt;
    ///
    /// let mut resumed = client.resume_only("harbour-1");
    /// // To ask for the next is to have taken over this one.
    /// while let Some(resumed) = resumed.next().await {
    ///     println!("{:?}", resumed.result);
    /// }
    /// # }
    /// ```
    pub fn resume_only(&self, id: &str) -> impl Stream<Item = Resumed> + Unpin + use<> {
        let caller = Rc::new(self.caller.clone());
        resume::stream(caller, Some(id.to_owned()), self.deliver.clone())
    }

    /// The jobs in the journal, oldest first, whose pictures were not delivered: at this gateway and
    /// base URL, submitted by any page of this origin. None where storage cannot be read.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client) {
    /// println!("{} jobs are open", client.pending().await.len());
    /// # }
    /// ```
    pub async fn pending(&self) -> Vec<Entry> {
        let entries = unfinished(&self.caller, None).await;
        let read = |entry: &Stored| {
            let generation = entry.generation().and_then(|kept| from_value(kept.clone()).ok());
            Some(Entry { generation, ..Entry::read(entry.value(), self.facts()).ok()? })
        };
        entries.iter().filter_map(read).collect()
    }

    /// Takes a job out of the journal, by the id of its entry or its own at this gateway, which makes
    /// it all the same.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client) {
    /// for entry in client.pending().await {
    ///     client.forget(&entry.id).await;
    /// }
    /// # }
    /// ```
    pub async fn forget(&self, id: &str) {
        if let Some(journal) = &self.caller.journal {
            journal.forget(self.facts().gateway.name(), id).await;
        }
    }

    /// Forgets how long the last jobs took, which is kept, by gateway, model and count, for the next to
    /// be checked at the right time; and which gateways had no streams, so that they are asked again.
    ///
    /// ```no_run
    /// # async fn example(client: wanvas::Client) {
    /// client.forget_durations().await;
    /// # }
    /// ```
    pub async fn forget_durations(&self) {
        seen::forget(self.caller.journal.as_ref()).await;
    }

    /// Checks a request by the same rules as [`generate`](Client::generate), and sends nothing: for a
    /// form that tells while its user types.
    ///
    /// Fails with [`InvalidRequest`](crate::ErrorCode::InvalidRequest), and the member's name in
    /// [`Error::field`](crate::Error::field).
    ///
    /// ```no_run
    /// # fn example(client: wanvas::Client) {
    /// use wanvas::{GenerateRequest, Size};
    ///
    /// let request = GenerateRequest::new("a heron").size(Size::new(100, 100));
    /// if let Err(error) = client.check(&request) {
    ///     println!("{error}; the nearest is {:?}", error.suggestion);
    /// }
    /// # }
    /// ```
    pub fn check(&self, request: &GenerateRequest) -> Result<()> {
        request.clone().check(self.facts()).map(drop)
    }

    fn facts(&self) -> &'static Facts {
        self.caller.config.provider.facts()
    }

    async fn wait_for(&self, job: &Job, wait: bool) -> Result<Generation> {
        job.check(self.facts())?;
        let (start, page) = known(job.clone(), &self.caller).await;
        self.run(start, page, wait).await
    }

    async fn generate_checked(&self, request: CheckedRequest, wait: bool) -> Result<Generation> {
        let page = Page::of_new(request.id.as_deref(), self.caller.journal.clone())
            .await
            .map_err(|failed| failed.error)?;
        self.run(Start::Submit(request), page, wait).await
    }

    async fn run(&self, start: Start, page: Page, wait: bool) -> Result<Generation> {
        let mut caller = self.caller.clone();
        caller.config.wait = wait;
        let mut end = told(run(start, Rc::new(caller), page).await);
        if let Some(deliver) = &self.deliver {
            end = task::begun(handed_over(end, Rc::clone(deliver)).boxed_local()).await;
        }
        if let Some(given) = end.given {
            // Not before the app has dealt with the result, which it does when it is polled next.
            spawn_local(async move { given.delivered() });
        }
        end.result
    }
}
