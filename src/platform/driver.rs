//! Drives one replica inside the Worker: one event in, every effect performed, then the next event.
//!
//! It knows how to perform an effect; it must not decide anything.

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use gloo::timers::callback::Timeout;
use js_sys::{Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};
use zeroize::Zeroizing;

use crate::{
    engine::{
        effect::{Batch, Effect, Part, RequestId},
        event::Event,
        replica::Replica,
        storage::key::{Range, Table},
        trial,
        view::StorageTrouble,
    },
    platform::{
        clock, derive,
        drained::DrainedChannel,
        indexed_db::IndexedDbStore,
        leader,
        message::{StoreName, ToPage, ToWorker},
        random::BrowserRandom,
        relay_client::{self, Live},
    },
};

/// Starts the driver of this Worker, or the one task of a key-deriving Worker.
pub fn start() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    if scope.name() == derive::WORKER_NAME {
        derive::serve(&scope);
        return;
    }
    tell_the_page_of_a_panic();
    let driver = Driver::new(scope.clone());
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let Ok(heard) = event.data().dyn_into::<Uint8Array>() else {
            return;
        };
        let bytes = Zeroizing::new(heard.to_vec());
        // It may be a phrase.
        heard.fill(0, 0, heard.length());
        if let Ok(message) = postcard::from_bytes::<ToWorker>(&bytes) {
            driver.hear(message);
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // The handler lives as long as this Worker does.
    on_message.forget();
}

/// The parts of one Worker; clones share them.
#[derive(Clone)]
struct Driver {
    parts: Rc<RefCell<Parts>>,
}

/// Work for the store, done strictly in order, so that a read sees every write asked for before it.
enum Job {
    Commit(Batch),
    Read(RequestId, Vec<(Table, Range, Part)>),
}

struct Parts {
    scope: DedicatedWorkerGlobalScope,
    replica: Replica,
    events: VecDeque<Event>,
    handling: bool,
    store: Option<Rc<IndexedDbStore>>,
    jobs: VecDeque<Job>,
    working: bool,
    failed_generation: Option<u32>,
    wake: Option<Timeout>,
    live: Option<Live>,
    drained: Option<DrainedChannel>,
}

impl Driver {
    fn new(scope: DedicatedWorkerGlobalScope) -> Self {
        let parts = Parts {
            scope,
            replica: Replica::default(),
            events: VecDeque::new(),
            handling: false,
            store: None,
            jobs: VecDeque::new(),
            working: false,
            failed_generation: None,
            wake: None,
            live: None,
            drained: None,
        };
        Self {
            parts: Rc::new(RefCell::new(parts)),
        }
    }

    fn hear(&self, message: ToWorker) {
        match message {
            ToWorker::Open { store, lesson } => {
                trial::heed(&lesson);
                self.open(store);
            }
            ToWorker::Command { id, command } => self.feed(Event::Command(id, command)),
            ToWorker::Online(online) => self.feed(Event::Online(online)),
            ToWorker::Visible(visible) => self.feed(Event::Visible(visible)),
        }
    }

    /// Handles one event and everything it leads to at once; events that come meanwhile wait their turn.
    fn feed(&self, event: Event) {
        self.parts.borrow_mut().events.push_back(event);
        if self.parts.borrow().handling {
            return;
        }
        self.parts.borrow_mut().handling = true;
        loop {
            let Some(event) = self.parts.borrow_mut().events.pop_front() else {
                break;
            };
            let effects =
                self.parts
                    .borrow_mut()
                    .replica
                    .handle(event, clock::now(), &mut BrowserRandom);
            for effect in effects.0 {
                self.perform(effect);
            }
        }
        self.parts.borrow_mut().handling = false;
    }

    fn open(&self, store: StoreName) {
        let ours = self.clone();
        let busy = self.clone();
        leader::take(
            store.database(),
            move || spawn_local(async move { ours.open_database(store).await }),
            move || busy.feed(Event::TakenByOtherTab),
        );
    }

    async fn open_database(&self, store: StoreName) {
        match IndexedDbStore::open(store.database()).await {
            Ok(database) => {
                let hearing = self.clone();
                let drained = DrainedChannel::listen(store.database(), move |drained| {
                    hearing.feed(Event::OutboxDrained(drained));
                });
                self.parts.borrow_mut().store = Some(Rc::new(database));
                self.parts.borrow_mut().drained = drained;
                self.feed(Event::Opened {
                    made_up: store == StoreName::MadeUp,
                });
            }
            Err(trouble) => self.feed(Event::NotOpened(trouble)),
        }
    }

    fn perform(&self, effect: Effect) {
        let driver = self.clone();
        match effect {
            Effect::Commit(batch) => self.add_job(Job::Commit(batch)),
            Effect::Read { id, ranges } => self.add_job(Job::Read(id, ranges)),
            Effect::Derive {
                id,
                phrase,
                salt,
                params,
            } => {
                derive::start(&phrase, salt, params, move |key| match key {
                    Some(key) => driver.feed(Event::Derived(id, key)),
                    None => driver.feed(Event::ReadFailed(id, StorageTrouble::Failed)),
                });
            }
            Effect::Post {
                id,
                path,
                authorization,
                body,
            } => spawn_local(async move {
                let answer = relay_client::post(path, authorization, body).await;
                driver.feed(Event::Answered(id, answer));
            }),
            Effect::Listen { path, hello } => self.listen(&path, hello),
            Effect::StopListening => self.parts.borrow_mut().live = None,
            Effect::PushOutbox => self.tell_page(&ToPage::PushOutbox),
            Effect::WakeAt(at) => self.wake_at(at),
            Effect::Show(change) => self.tell_page(&ToPage::View(change)),
        }
    }

    fn add_job(&self, job: Job) {
        self.parts.borrow_mut().jobs.push_back(job);
        let driver = self.clone();
        spawn_local(async move { driver.work_on_jobs().await });
    }

    async fn work_on_jobs(&self) {
        if self.parts.borrow().working {
            return;
        }
        self.parts.borrow_mut().working = true;
        loop {
            let batches = self.take_batches();
            if !batches.is_empty() {
                self.commit_together(batches).await;
                continue;
            }
            let Some(Job::Read(id, ranges)) = self.parts.borrow_mut().jobs.pop_front() else {
                break;
            };
            self.read(id, &ranges).await;
        }
        self.parts.borrow_mut().working = false;
    }

    /// The batches at the head of the queue, which one transaction can take together.
    fn take_batches(&self) -> Vec<Batch> {
        let mut parts = self.parts.borrow_mut();
        let mut batches = Vec::new();
        while let Some(Job::Commit(_)) = parts.jobs.front() {
            if let Some(Job::Commit(batch)) = parts.jobs.pop_front() {
                batches.push(batch);
            }
        }
        batches
    }

    async fn read(&self, id: RequestId, ranges: &[(Table, Range, Part)]) {
        let store = self.parts.borrow().store.clone();
        let rows = match store {
            Some(store) => store.read(ranges).await,
            None => Err(StorageTrouble::Failed),
        };
        self.feed(match rows {
            Ok(rows) => Event::RowsRead(id, rows),
            Err(trouble) => Event::ReadFailed(id, trouble),
        });
    }

    async fn commit_together(&self, batches: Vec<Batch>) {
        let failed = self.parts.borrow().failed_generation;
        let (stale, fresh): (Vec<Batch>, Vec<Batch>) = batches
            .into_iter()
            .partition(|batch| failed.is_some_and(|failed| batch.generation <= failed));
        for batch in stale {
            self.feed(failure(&batch, StorageTrouble::Failed));
        }
        let mut whole = Batch::default();
        for batch in &fresh {
            whole.writes.extend(batch.writes.iter().cloned());
        }
        let store = self.parts.borrow().store.clone();
        let outcome = match store {
            Some(store) => store.commit(&whole).await,
            None => Err(StorageTrouble::Failed),
        };
        if outcome.is_err() {
            let newest = fresh.iter().map(|batch| batch.generation).max();
            self.parts.borrow_mut().failed_generation = newest.max(failed);
        }
        for batch in fresh {
            self.feed(match outcome {
                Ok(()) => Event::Committed(batch.id),
                Err(trouble) => failure(&batch, trouble),
            });
        }
    }

    fn listen(&self, path: &str, hello: Vec<u8>) {
        let poked = self.clone();
        let closed = self.clone();
        let live = Live::connect(
            path,
            hello,
            move |frame| poked.feed(Event::Poked(frame)),
            move |refused| closed.feed(Event::LiveClosed { refused }),
        );
        self.parts.borrow_mut().live = live;
    }

    fn wake_at(&self, at: i64) {
        let driver = self.clone();
        let wait = u32::try_from((at - clock::now()).clamp(0, 86_400_000)).unwrap_or(0);
        let wake = Timeout::new(wait, move || driver.feed(Event::TimePassed));
        self.parts.borrow_mut().wake = Some(wake);
    }

    fn tell_page(&self, message: &ToPage) {
        if let Ok(bytes) = postcard::to_allocvec(message) {
            // Bytes can always be cloned.
            drop(
                self.parts
                    .borrow()
                    .scope
                    .post_message(&Uint8Array::from(bytes.as_slice())),
            );
        }
    }
}

fn failure(batch: &Batch, trouble: StorageTrouble) -> Event {
    Event::CommitFailed {
        batch: batch.id,
        generation: batch.generation,
        trouble,
    }
}

/// A panic ends this Worker; the page is told where and over which chunks, never what, and starts another.
fn tell_the_page_of_a_panic() {
    std::panic::set_hook(Box::new(|info| {
        let place = info
            .location()
            .map(|place| format!("{}:{}", place.file(), place.line()));
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let report = Object::new();
        let reason = place.unwrap_or_default();
        // Nothing more can be done in a panicking Worker if these fail.
        drop(Reflect::set(
            &report,
            &"type".into(),
            &"engine-failed".into(),
        ));
        drop(Reflect::set(&report, &"reason".into(), &reason.into()));
        let marks = trial::on_trial().concat();
        let marks = Uint8Array::from(marks.as_slice());
        drop(Reflect::set(&report, &"onTrial".into(), &marks));
        drop(scope.post_message(&report));
    }));
}
