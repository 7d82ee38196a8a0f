//! The unlock key, derived in a Worker that is thrown away: Argon2id leaves the memory it used behind.

use js_sys::{Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent, Worker, WorkerOptions, WorkerType};
use zeroize::Zeroizing;

use crate::engine::crypto::passphrase::{self, KdfParams, Phrase, UnlockSalt};

/// The name that tells a Worker of this binary that it is one of these.
pub(crate) const WORKER_NAME: &str = "derive";

#[derive(Serialize, Deserialize)]
struct Task {
    phrase: String,
    salt: [u8; 16],
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Starts a Worker for one derivation and calls `done` with the key; `None` if it failed.
pub(crate) fn start(
    phrase: &Zeroizing<String>,
    salt: [u8; 16],
    params: KdfParams,
    done: impl FnOnce(Option<Zeroizing<[u8; 32]>>) + 'static,
) {
    let task = Task {
        phrase: phrase.to_string(),
        salt,
        memory_kib: params.memory_kib(),
        passes: params.passes(),
        lanes: params.lanes(),
    };
    let Some((worker, task)) = worker().zip(postcard::to_allocvec(&task).ok()) else {
        done(None);
        return;
    };
    let ending = worker.clone();
    let answered = Closure::once_into_js(move |event: MessageEvent| {
        ending.terminate();
        let bytes = event
            .data()
            .dyn_into::<Uint8Array>()
            .map(|bytes| bytes.to_vec());
        let key = bytes
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        done(key.map(Zeroizing::new));
    });
    worker.set_onmessage(Some(answered.unchecked_ref()));
    // The message is plain bytes, which can always be cloned.
    drop(worker.post_message(&Uint8Array::from(task.as_slice())));
}

/// The whole life of such a Worker: one task in, one key out.
pub(crate) fn serve(scope: &DedicatedWorkerGlobalScope) {
    let answering = scope.clone();
    let serve = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let key = event
            .data()
            .dyn_into::<Uint8Array>()
            .ok()
            .and_then(|bytes| derive(&bytes.to_vec()));
        let bytes = key
            .as_ref()
            .map_or_else(Uint8Array::default, |key| Uint8Array::from(key.as_slice()));
        // Bytes can always be cloned.
        drop(answering.post_message(&bytes));
    });
    scope.set_onmessage(Some(serve.as_ref().unchecked_ref()));
    // The handler lives as long as this Worker does.
    serve.forget();
}

fn derive(task: &[u8]) -> Option<Zeroizing<[u8; 32]>> {
    let task: Task = postcard::from_bytes(task).ok()?;
    let params = KdfParams::new(task.memory_kib, task.passes, task.lanes).ok()?;
    let phrase = Phrase::parse(&Zeroizing::new(task.phrase)).ok()?;
    let key = passphrase::derive(&phrase, UnlockSalt::from_bytes(task.salt), params).ok()?;
    Some(Zeroizing::new(*key.expose()))
}

fn worker() -> Option<Worker> {
    let location = Reflect::get(&js_sys::global(), &"location".into()).ok()?;
    let script = Reflect::get(&location, &"href".into()).ok()?.as_string()?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(WORKER_NAME);
    Worker::new_with_options(&script, &options).ok()
}
