//! HTTP and the live connection to the relay. Carries bytes; must not know what they say.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, BinaryType, CloseEvent, DedicatedWorkerGlobalScope, Headers, MessageEvent,
    RequestCache, RequestCredentials, RequestInit, RequestRedirect, Response, WebSocket,
};

use sync_protocol::frame::live::CLOSE_FORBIDDEN;

use crate::engine::event::{Answer, NoAnswer};

const TIME_OUT_MS: u32 = 30_000;
/// No honest answer is larger: a pull page is 2 MB of envelopes and little else.
const LARGEST_ANSWER: u32 = 8 * 1024 * 1024;
const BINARY: &str = "application/octet-stream";

/// Posts `body` to a path of this app's own origin.
pub(crate) async fn post(
    path: String,
    authorization: Option<String>,
    body: Vec<u8>,
) -> Result<Answer, NoAnswer> {
    fetch(&path, authorization.as_deref(), &body)
        .await
        .map_err(|_| NoAnswer)
}

async fn fetch(path: &str, authorization: Option<&str>, body: &[u8]) -> Result<Answer, JsValue> {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let abort = AbortController::new()?;
    let headers = Headers::new()?;
    headers.set("content-type", BINARY)?;
    if let Some(authorization) = authorization {
        headers.set("authorization", authorization)?;
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&Uint8Array::from(body));
    request.set_cache(RequestCache::NoStore);
    request.set_credentials(RequestCredentials::Omit);
    request.set_redirect(RequestRedirect::Error);
    request.set_signal(Some(&abort.signal()));
    let time_out = gloo::timers::callback::Timeout::new(TIME_OUT_MS, move || abort.abort());
    let response = JsFuture::from(scope.fetch_with_str_and_init(path, &request)).await?;
    let response: Response = response.dyn_into()?;
    let kind = response.headers().get("content-type")?.unwrap_or_default();
    let length = response.headers().get("content-length")?;
    // What does not fit the number is too large too. Parsing it as JavaScript's kind of number would cost 10 kB of tables.
    let fits = |text: String| {
        text.parse::<u32>()
            .is_ok_and(|bytes| bytes <= LARGEST_ANSWER)
    };
    if !length.is_none_or(fits) {
        return Err(JsValue::NULL);
    }
    let buffer: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    drop(time_out);
    Ok(Answer {
        status: response.status(),
        binary: kind.starts_with(BINARY),
        body: Uint8Array::new(&buffer).to_vec(),
    })
}

/// A live connection; closed when dropped.
#[derive(Debug)]
pub(crate) struct Live {
    socket: WebSocket,
    _opened: Closure<dyn FnMut()>,
    _message: Closure<dyn FnMut(MessageEvent)>,
    _closed: Closure<dyn FnMut(CloseEvent)>,
}

impl Live {
    /// Connects, sends `hello`, and calls `poked` for every frame, and `closed` once, with whether the relay
    /// refused.
    pub(crate) fn connect(
        path: &str,
        hello: Vec<u8>,
        mut poked: impl FnMut(Vec<u8>) + 'static,
        mut closed: impl FnMut(bool) + 'static,
    ) -> Option<Self> {
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        let origin = scope.location().origin().replacen("http", "ws", 1);
        let socket = WebSocket::new(&format!("{origin}{path}")).ok()?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let sender = socket.clone();
        let opened = Closure::<dyn FnMut()>::new(move || {
            // A failed send shows as a close, which is handled.
            drop(sender.send_with_u8_array(&hello));
        });
        let message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Ok(buffer) = event.data().dyn_into::<ArrayBuffer>() {
                poked(Uint8Array::new(&buffer).to_vec());
            }
        });
        let ended = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
            closed(event.code() == CLOSE_FORBIDDEN);
        });
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(message.as_ref().unchecked_ref()));
        socket.set_onclose(Some(ended.as_ref().unchecked_ref()));
        Some(Self {
            socket,
            _opened: opened,
            _message: message,
            _closed: ended,
        })
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        // Closing a socket that never opened may throw; it is gone either way.
        drop(self.socket.close());
    }
}
