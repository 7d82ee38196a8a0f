//! Carries commands from the page to the engine's Worker and view changes back.
//!
//! Knows the Worker, its address and its failures. Must not know what a message means.
#![expect(
    clippy::disallowed_methods,
    reason = "these run on the page, where there is a window"
)]

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};
use zeroize::Zeroizing;

use crate::{
    engine::trial::{Lesson, Mark},
    platform::{
        message::{StoreName, ToPage, ToWorker},
        page_events::now_ms,
        remembered,
    },
};

/// A second failure within this time is not answered by another start, unless it taught something.
const PATIENCE_MS: i64 = 60_000;

/// What the page hears.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "one at a time is on the stack; a box would cost an allocation each"
)]
pub enum Heard {
    /// A message of the engine.
    Message(ToPage),
    /// The engine stopped and was started again; what it was asked and had not answered is forgotten.
    Restarted,
    /// The engine stopped and stays so; the reason is for the person who helps.
    Failed(String),
}

/// The page's end of the conversation. Cloning gives another handle on the same Worker.
#[derive(Clone)]
pub struct Bridge(Rc<Inner>);

struct Inner {
    store: StoreName,
    worker: RefCell<Option<Running>>,
    /// When it last stopped, ms.
    stopped_at: Cell<Option<i64>>,
    /// What it died of so far.
    lesson: RefCell<Lesson>,
    hear: Box<dyn Fn(Heard)>,
}

/// A Worker with the closures it calls: they live exactly as long as it does.
struct Running {
    worker: Worker,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(Event)>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Bridge {
    /// Starts the engine's Worker with a store; `hear` is called for everything that comes back.
    pub fn start(store: StoreName, hear: impl Fn(Heard) + 'static) -> Self {
        let bridge = Self(Rc::new(Inner {
            store,
            worker: RefCell::new(None),
            stopped_at: Cell::new(None),
            lesson: RefCell::new(remembered::lesson(store)),
            hear: Box::new(hear),
        }));
        bridge.launch();
        bridge
    }

    /// Posts one message. The Worker's loader keeps it while the engine is still being read.
    pub fn post(&self, message: &ToWorker) {
        let Ok(bytes) = postcard::to_allocvec(message).map(Zeroizing::new) else {
            return;
        };
        if let Some(running) = self.0.worker.borrow().as_ref() {
            let posted = Uint8Array::from(bytes.as_slice());
            if let Err(refused) = running.worker.post_message(&posted) {
                web_sys::console::warn_1(&refused);
            }
            // The Worker has a copy of its own; it may be a phrase.
            posted.fill(0, 0, posted.length());
        }
    }

    fn launch(&self) {
        match self.begin() {
            Ok(running) => {
                self.0.worker.replace(Some(running));
                self.post(&ToWorker::Open {
                    store: self.0.store,
                    lesson: self.0.lesson.borrow().clone(),
                });
            }
            Err(refused) => (self.0.hear)(Heard::Failed(words_of(&refused))),
        }
    }

    fn begin(&self) -> Result<Running, JsValue> {
        let address = engine_address()
            .ok_or_else(|| JsValue::from_str("the page does not say where its engine is"))?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        options.set_name("engine");
        let worker = Worker::new_with_options(&address, &options)?;
        let on_message = self.on_message();
        let on_error = self.on_error();
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Running {
            worker,
            _on_message: on_message,
            _on_error: on_error,
        })
    }

    fn on_message(&self) -> Closure<dyn FnMut(MessageEvent)> {
        let inner = Rc::downgrade(&self.0);
        Closure::new(move |event: MessageEvent| {
            let Some(inner) = inner.upgrade() else { return };
            match read(&event.data()) {
                Ok(message) => (inner.hear)(Heard::Message(message)),
                Err(reason) => Self(inner).stopped(reason, &marks_of(&event.data())),
            }
        })
    }

    fn on_error(&self) -> Closure<dyn FnMut(Event)> {
        let inner = Rc::downgrade(&self.0);
        Closure::new(move |event: Event| {
            event.prevent_default();
            let reason = event.dyn_ref::<ErrorEvent>().map_or_else(
                || "the engine could not be read".to_owned(),
                ErrorEvent::message,
            );
            if let Some(inner) = inner.upgrade() {
                Self(inner).stopped(reason, &[]);
            }
        })
    }

    fn stopped(&self, reason: String, on_trial: &[Mark]) {
        let learned = self.0.lesson.borrow_mut().learn(on_trial);
        remembered::keep_lesson(self.0.store, &self.0.lesson.borrow());
        let now = now_ms();
        let before = self.0.stopped_at.replace(Some(now));
        let again = learned || before.is_none_or(|before| now - before > PATIENCE_MS);
        // The closure that runs now belongs to the Worker being dropped, so it is dropped a turn later.
        let old = self.0.worker.take();
        gloo::timers::callback::Timeout::new(0, move || drop(old)).forget();
        if again {
            self.launch();
            (self.0.hear)(Heard::Restarted);
        } else {
            (self.0.hear)(Heard::Failed(reason));
        }
    }
}

/// Bytes are a message; the loader's own object says that the engine could not be read.
fn read(data: &JsValue) -> Result<ToPage, String> {
    match data.dyn_ref::<Uint8Array>() {
        Some(bytes) => postcard::from_bytes(&bytes.to_vec())
            .map_err(|_| "expected a message of this version, found another".to_owned()),
        None => Err(words_of(data)),
    }
}

fn words_of(value: &JsValue) -> String {
    ["reason", "message"]
        .iter()
        .find_map(|name| {
            Reflect::get(value, &JsValue::from_str(name))
                .ok()?
                .as_string()
        })
        .or_else(|| value.as_string())
        .unwrap_or_else(|| "no reason was given".to_owned())
}

/// The chunks that the engine was working on when it died, if it says so.
fn marks_of(report: &JsValue) -> Vec<Mark> {
    let marks = Reflect::get(report, &JsValue::from_str("onTrial")).ok();
    let marks = marks.and_then(|marks| marks.dyn_into::<Uint8Array>().ok());
    let bytes = marks.map(|marks| marks.to_vec()).unwrap_or_default();
    let (marks, _) = bytes.as_chunks::<32>();
    marks.to_vec()
}

fn engine_address() -> Option<String> {
    web_sys::window()?
        .document()?
        .document_element()?
        .get_attribute("data-engine")
}

impl core::fmt::Debug for Bridge {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Bridge")
            .field("store", &self.0.store)
            .finish_non_exhaustive()
    }
}
