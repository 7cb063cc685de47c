//! Options, set one by one.

use std::fmt::{self, Display};
use std::rc::Rc;
use std::time::Duration;

use futures_util::future::FutureExt;
use js_sys::Function;
use wasm_bindgen::JsValue;

use super::Client;
use super::deliver::Deliver;
use crate::client::caller::{Caller, Key, Listener, check_address, fetch_or_global, is_key};
use crate::client::journal::Journal;
use crate::proto::config::Options;
use crate::proto::error::{Error, Result};
use crate::proto::gateway::Gateway;
use crate::proto::generation::{Generation, Progress};
use crate::proto::journal::Entry;

/// Where to, with which key, how long: what a [`Client`] is made of.
///
/// ```no_run
/// # fn example() -> wanvas::Result<()> {
/// use std::time::Duration;
/// use wanvas::{Client, Gateway};
///
/// let client = Client::builder(Gateway::Vtrix)
///     .base_url("/gateway")
///     .timeout(Duration::from_secs(120))
///     .on_progress(|event| println!("{:?}", event.phase))
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[must_use = "it does nothing before it is built"]
pub struct ClientBuilder {
    options: Options,
    key: Key,
    fetch: Option<Function>,
    on_progress: Option<Listener>,
    has_journal: bool,
    deliver: Option<Deliver>,
}

impl fmt::Debug for ClientBuilder {
    /// Without the key and the headers, which may have one.
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        let base_url = &self.options.base_url;
        formatter.debug_struct("ClientBuilder").field("base_url", base_url).finish_non_exhaustive()
    }
}

impl ClientBuilder {
    pub(super) fn new(gateway: Gateway) -> Self {
        ClientBuilder {
            options: Options::new(gateway),
            key: Key::None,
            fetch: None,
            on_progress: None,
            has_journal: true,
            deliver: None,
        }
    }

    /// The key, of visible ASCII characters. Default: none, behind a relay that adds it.
    ///
    /// It is sent to the base URL only, and put into no error, log, handle or storage.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.api_key("any").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.key = Key::Fixed(key.into());
        self
    }

    /// What gives the key, asked anew for each request. Where it fails before the submit, nothing is
    /// sent, and the call fails with [`Unauthorized`](crate::ErrorCode::Unauthorized).
    ///
    /// ```no_run
    /// # async fn key_of_this_user() -> Result<String, String> { Ok(String::new()) }
    /// # fn example() -> wanvas::Result<()> {
    /// use wanvas::{Client, Gateway};
    ///
    /// let client = Client::builder(Gateway::Vtrix).api_key_from(key_of_this_user).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn api_key_from<Asked, E: Display>(mut self, ask: impl Fn() -> Asked + 'static) -> Self
    where
        Asked: Future<Output = std::result::Result<String, E>> + 'static,
    {
        self.key = Key::Asked(Rc::new(move || {
            let asked = ask();
            async move {
                let thrown = |why: &dyn Display| JsValue::from(why.to_string());
                let key = asked.await.map_err(|why| thrown(&why))?;
                if is_key(&key) { Ok(key) } else { Err(thrown(&"no key was given")) }
            }
            .boxed_local()
        }));
        self
    }

    /// Another host, or a relay; https, or http on this machine only, when a key is sent. In a page, a
    /// path such as `"/relay"` will do without one. Default: the gateway's own.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.base_url("/relay").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.options.base_url = Some(url.into());
        self
    }

    /// The gateway's name of the model. Default: its Wan 2.5 text-to-image.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.model("wan25_t2i_preview").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.options.model = Some(model.into());
        self
    }

    /// How long a call may take from its turn on: 1 ms to a day. Default: ten minutes. After that, a
    /// job goes on: it is in [`Error::job`], and stays in the journal.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// use std::time::Duration;
    ///
    /// let client = builder.timeout(Duration::from_secs(120)).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options.timeout = timeout;
        self
    }

    /// A fixed interval between status checks: 1 ms to an hour. Default: what is best for how
    /// long such jobs took here before, 300 ms to 30 s; at first for jobs of some 15 s.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// use std::time::Duration;
    ///
    /// let client = builder.poll_interval(Duration::from_secs(1)).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn poll_interval(mut self, interval: Duration) -> Self {
        self.options.poll_interval = Some(interval);
        self
    }

    /// Has no job waited for by a stream of events, for a relay that holds streams back. Default: a
    /// stream where the gateway has one (Vtrix) and no interval is fixed, which tells at once when the
    /// pictures are there; checks take over where it breaks off or falls silent.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.no_stream().build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn no_stream(mut self) -> Self {
        self.options.stream = false;
        self
    }

    /// How many calls of the page may run at once at this base URL, of those that submit and, counted
    /// apart, of those that go on with a job: 1 to 1000; the rest wait in order. Default: 4.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.concurrency(1).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn concurrency(mut self, calls: u32) -> Self {
        self.options.concurrency = calls;
        self
    }

    /// A further header for the gateway. The value `"{id}"` stands for the call's own id.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.header("X-Client-Request-Id", "{id}").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options.headers.push((name.into(), value.into()));
        self
    }

    /// Is told of each call of the client; to tell calls apart, give each a client of its own, by a
    /// clone of the builder. It must not panic: a panic of WebAssembly ends the app's whole instance.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.on_progress(|event| println!("{:?}", event.phase)).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_progress(mut self, tell: impl Fn(&Progress) + 'static) -> Self {
        self.on_progress = Some(Rc::new(tell));
        self
    }

    /// Sends the requests, in place of the platform's own `fetch`.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder, own_fetch: js_sys::Function) -> wanvas::Result<()> {
    /// let client = builder.fetch(own_fetch).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn fetch(mut self, fetch: Function) -> Self {
        self.fetch = Some(fetch);
        self
    }

    /// Takes over the pictures of each call, with its entry in the journal, before the call gives them:
    /// only when that is done the journal forgets them, so that a page which dies meanwhile loses
    /// nothing. It may come twice for one [`Entry::id`]. Where it fails, so does the call, with
    /// [`NotDelivered`](crate::ErrorCode::NotDelivered), and the journal keeps the pictures, for
    /// [`resume`](Client::resume); where no journal has them, the call gives them with a warning.
    ///
    /// ```no_run
    /// # async fn store(id: String, src: Option<String>) -> Result<(), String> { Ok(()) }
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder
    ///     .deliver(|generation, entry| store(entry.id, generation.images[0].src()))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn deliver<Done, E: Display>(
        mut self,
        take_over: impl Fn(Generation, Entry) -> Done + 'static,
    ) -> Self
    where
        Done: Future<Output = std::result::Result<(), E>> + 'static,
    {
        self.deliver = Some(Rc::new(move |generation, entry| {
            let done = take_over(generation, entry);
            async move { done.await.map_err(|why| why.to_string().into()) }.boxed_local()
        }));
        self
    }

    /// Keeps no journal: a job whose page dies is lost, unless the app has kept its [`Job`](crate::Job).
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.without_journal().build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn without_journal(mut self) -> Self {
        self.has_journal = false;
        self
    }

    /// The client, if all options obey the rules.
    ///
    /// Fails with [`InvalidRequest`](crate::ErrorCode::InvalidRequest), and the option's name, as in
    /// JavaScript, in [`Error::field`].
    ///
    /// # Panics
    ///
    /// Where there is no JavaScript, such as on a server that renders the app's pages: build it in what
    /// runs in the browser alone.
    ///
    /// ```no_run
    /// # fn example(builder: wanvas::ClientBuilder) -> wanvas::Result<()> {
    /// let client = builder.api_key("any").build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn build(self) -> Result<Client> {
        if let Some(address) = &self.options.base_url {
            check_address(address).map_err(|failed| failed.error)?;
        }
        if matches!(&self.key, Key::Fixed(key) if !is_key(key)) {
            return Err(Error::invalid("apiKey", "the key must be of visible ASCII characters"));
        }
        let config = self.options.check(!matches!(self.key, Key::None))?;
        let no_fetch = || Error::invalid("fetch", "there is no global fetch here; set one");
        let (fetch, has_own_fetch) = fetch_or_global(self.fetch).ok_or_else(no_fetch)?;
        let journal = if self.has_journal { Journal::own() } else { None };
        let (key, on_progress) = (self.key, self.on_progress);
        let caller =
            Caller { config, key, fetch, has_own_fetch, on_progress, recorder: None, journal };
        Ok(Client { caller, deliver: self.deliver })
    }
}
