//! The route table, and what surrounds every answer: headers, a time limit, a log line without ids.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Bytes,
    extract::{
        DefaultBodyLimit, MatchedPath, Path, Request, State, WebSocketUpgrade,
        rejection::BytesRejection,
    },
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use sync_protocol::{
    CentreId, ErrorCode, InviteId,
    frame::Authorization,
    limits::{MAX_MAILBOX_BODY, MAX_MEMBERSHIP_BODY, MAX_PULL_BODY, MAX_PUSH_BODY},
};
use tokio::time::{Instant, timeout};
use tower_http::timeout::RequestBodyTimeoutLayer;

use crate::{
    assets::{self, App},
    config::Config,
    crowd::Room,
    error::{OCTETS, RelayError},
    live,
    relay::Relay,
};

/// Time for a whole request; a full push over a slow line fits.
const REQUEST_TIME: Duration = Duration::from_mins(2);
/// Bytes of bodies in memory at once for each of the other calls.
const CALL_MEMORY: usize = 64 * 1024 * 1024;
/// A hello is far smaller.
const LIVE_MESSAGE: usize = 1024;
/// Bytes that every listener's connection keeps for reading, all the time; a hello fits.
const LIVE_BUFFER: usize = 256;

/// Headers on everything. Transport security is the reverse proxy's, which alone knows that there is TLS.
const SECURITY: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; \
             manifest-src 'self'; font-src 'none'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'",
        ),
    ),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        header::REFERRER_POLICY,
        HeaderValue::from_static("no-referrer"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "camera=(self), clipboard-write=(self), geolocation=(), microphone=(), payment=(), usb=()",
        ),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

type Body = Result<Bytes, BytesRejection>;
type Answered = Result<Response, RelayError>;

/// The app and the relay's calls.
pub(crate) fn public(relay: Arc<Relay>, app: Arc<App>, config: &Config) -> Router {
    let pushes = Room::new(config.push_memory);
    let [pulls, records, messages] = [(); 3].map(|()| Room::new(CALL_MEMORY));
    let calls = Router::new()
        .route(
            "/v1/{centre}/push",
            limited(post(push), MAX_PUSH_BODY, pushes),
        )
        .route(
            "/v1/{centre}/pull",
            limited(post(pull), MAX_PULL_BODY, pulls),
        )
        .route(
            "/v1/{centre}/membership",
            limited(post(membership), MAX_MEMBERSHIP_BODY, records),
        )
        .route("/v1/{centre}/live", get(listen))
        .route(
            "/v1/mailbox/{invite}",
            limited(post(mailbox), MAX_MAILBOX_BODY, messages),
        )
        .route("/healthz", get(healthz))
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::map_response(never_stored));
    calls
        .with_state(relay)
        .fallback(move |request| serve_app(app, request))
        .layer(RequestBodyTimeoutLayer::new(config.body_time))
        .layer(middleware::from_fn(in_time))
        .layer(middleware::map_response(secured))
        .layer(middleware::from_fn(logged))
}

/// A call whose body has a limit: by its stated length before a byte is read, and while it is read.
///
/// There must be room for it besides the other bodies of this call, until it is answered.
fn limited(call: MethodRouter<Arc<Relay>>, limit: usize, room: Room) -> MethodRouter<Arc<Relay>> {
    let within = move |request: Request, next: Next| {
        let room = room.clone();
        async move {
            let stated = request.headers().get(header::CONTENT_LENGTH);
            let stated = stated.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
            if stated.is_some_and(|stated| stated > limit as u64) {
                return RelayError::Code(ErrorCode::TooLarge).into_response();
            }
            let Some(taken) = room.take() else {
                return RelayError::Code(ErrorCode::Unavailable).into_response();
            };
            let counted = request.map(|body| taken.count(body));
            let response = next.run(counted).await;
            if taken.was_full() {
                return RelayError::Code(ErrorCode::Unavailable).into_response();
            }
            response
        }
    };
    call.layer(DefaultBodyLimit::max(limit))
        .layer(middleware::from_fn(within))
}

async fn push(
    State(relay): State<Arc<Relay>>,
    Path(centre): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    let authorization = authorization(&headers)?;
    octets(
        relay
            .push(centre_id(&centre)?, uri.path(), &body?, authorization)
            .await?,
    )
}

async fn pull(
    State(relay): State<Arc<Relay>>,
    Path(centre): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Body,
) -> Answered {
    let authorization = authorization(&headers)?;
    octets(
        relay
            .pull(centre_id(&centre)?, uri.path(), &body?, authorization)
            .await?,
    )
}

async fn membership(
    State(relay): State<Arc<Relay>>,
    Path(centre): Path<String>,
    body: Body,
) -> Answered {
    octets(relay.append_membership(centre_id(&centre)?, &body?).await?)
}

async fn mailbox(
    State(relay): State<Arc<Relay>>,
    Path(invite): Path<String>,
    body: Body,
) -> Answered {
    let invite = InviteId::parse_hex(&invite).map_err(|_| ErrorCode::UnknownInvite)?;
    octets(relay.mailbox(invite, &body?).await?)
}

async fn listen(
    State(relay): State<Arc<Relay>>,
    Path(centre): Path<String>,
    uri: Uri,
    upgrade: WebSocketUpgrade,
) -> Answered {
    let centre = centre_id(&centre)?;
    relay.centre(centre).await?;
    let seat = relay.hub.seat().ok_or(ErrorCode::Unavailable)?;
    let path = uri.path().to_owned();
    Ok(upgrade
        .read_buffer_size(LIVE_BUFFER)
        .write_buffer_size(0)
        .max_message_size(LIVE_MESSAGE)
        .max_frame_size(LIVE_MESSAGE)
        .on_upgrade(async move |socket| {
            live::serve(relay, centre, path, socket).await;
            drop(seat);
        }))
}

async fn healthz(State(relay): State<Arc<Relay>>) -> Result<&'static str, RelayError> {
    relay.touch().await?;
    Ok("ok\n")
}

async fn serve_app(app: Arc<App>, request: Request) -> Response {
    if request.uri().path().starts_with("/v1/") {
        return RelayError::Code(ErrorCode::UnknownPath).into_response();
    }
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return wrong_method().await.into_response();
    }
    assets::answer(&app, request.uri().path(), request.headers()).await
}

async fn wrong_method() -> RelayError {
    ErrorCode::WrongMethod.into()
}

fn centre_id(text: &str) -> Result<CentreId, RelayError> {
    CentreId::parse_hex(text).map_err(|_| ErrorCode::Malformed.into())
}

fn authorization(headers: &HeaderMap) -> Result<Option<Authorization>, RelayError> {
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        return Ok(None);
    };
    let text = value.to_str().map_err(|_| ErrorCode::Malformed)?;
    Ok(Some(Authorization::parse(text)?))
}

// The handlers end in this, so that `?` can be used on everything before it.
#[allow(clippy::unnecessary_wraps)]
fn octets(bytes: Vec<u8>) -> Answered {
    Ok(([(header::CONTENT_TYPE, OCTETS)], bytes).into_response())
}

async fn never_stored(mut response: Response) -> Response {
    let value = HeaderValue::from_static("no-store");
    response
        .headers_mut()
        .entry(header::CACHE_CONTROL)
        .or_insert(value);
    response
}

async fn secured(mut response: Response) -> Response {
    response.headers_mut().extend(SECURITY);
    response
}

async fn in_time(request: Request, next: Next) -> Response {
    match timeout(REQUEST_TIME, next.run(request)).await {
        Ok(response) => response,
        Err(_) => RelayError::Code(ErrorCode::Timeout).into_response(),
    }
}

/// One line a request: the route's pattern and never its path, so that no id gets into a log.
async fn logged(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    tracing::info!(
        %method,
        route = route.as_ref().map_or("app", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX),
        "request"
    );
    response
}
