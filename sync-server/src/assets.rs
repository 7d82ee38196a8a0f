//! The built app: which file answers a path, in which encoding, and how long it may be kept.
//!
//! It knows file names and bytes. It must not know what the app does.

mod embedded;

use std::{
    borrow::Cow,
    io,
    path::{Component, Path, PathBuf},
};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use sync_protocol::{ErrorCode, hex};

use crate::error::RelayError;

const START: &str = "index.html";
const HASH_DIGITS: usize = 16;

/// Where the app's files are.
#[derive(Debug)]
pub struct App {
    folder: Option<PathBuf>,
}

/// How a browser may take a file, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];

impl App {
    /// The app in this folder, or the one built in.
    pub fn open(folder: Option<&Path>) -> io::Result<Self> {
        let folder = folder.map(Path::canonicalize).transpose()?;
        Ok(Self { folder })
    }

    /// A file's bytes; `name` has passed [`safe_name`].
    async fn file(&self, name: &str) -> Option<Cow<'static, [u8]>> {
        match &self.folder {
            None => embedded::file(name).map(Cow::Borrowed),
            Some(folder) => {
                let path = folder.join(name);
                if !path.is_file() {
                    return None;
                }
                tokio::fs::read(path).await.ok().map(Cow::Owned)
            }
        }
    }
}

/// Answers a path of the app.
pub(crate) async fn answer(app: &App, path: &str, asked: &HeaderMap) -> Response<Body> {
    let Some(name) = safe_name(path) else {
        return not_found();
    };
    let name = if name.is_empty() { START } else { name };
    if let Some(found) = load(app, name, asked).await {
        return found;
    }
    // What looks like a page is one of the app's own addresses; what looks like a file is missing.
    let is_page = !name.rsplit('/').next().unwrap_or(name).contains('.');
    let start = if is_page {
        load(app, START, asked).await
    } else {
        None
    };
    start.unwrap_or_else(not_found)
}

async fn load(app: &App, name: &str, asked: &HeaderMap) -> Option<Response<Body>> {
    let plain = app.file(name).await?;
    let tag = format!(
        "\"{}\"",
        hex::encode(blake3::hash(&plain).as_bytes().get(..16)?)
    );
    let tag = HeaderValue::from_str(&tag).ok()?;
    let mut headers = HeaderMap::new();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static(content_type(name)),
    );
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static(keeping(name)),
    );
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.insert(header::ETAG, tag.clone());
    if names_tag(asked, &tag) {
        return Some((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    for (encoding, ending) in ENCODINGS {
        if !accepts(asked, encoding) {
            continue;
        }
        if let Some(bytes) = app.file(&format!("{name}{ending}")).await {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            return Some((headers, body(bytes)).into_response());
        }
    }
    Some((headers, body(plain)).into_response())
}

fn body(bytes: Cow<'static, [u8]>) -> Body {
    match bytes {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    }
}

fn not_found() -> Response<Body> {
    RelayError::Code(ErrorCode::UnknownPath).into_response()
}

/// The path below the root, unless it leads anywhere else.
fn safe_name(path: &str) -> Option<&str> {
    let name = path.strip_prefix('/')?;
    let parts = Path::new(name).components();
    let inside = parts
        .into_iter()
        .all(|part| matches!(part, Component::Normal(_)));
    (inside && !name.contains(['\\', '\0', '%'])).then_some(name)
}

fn names_tag(asked: &HeaderMap, tag: &HeaderValue) -> bool {
    let (Some(Ok(asked)), Ok(tag)) = (
        asked.get(header::IF_NONE_MATCH).map(HeaderValue::to_str),
        tag.to_str(),
    ) else {
        return false;
    };
    asked
        .split(',')
        .any(|one| one.trim().trim_start_matches("W/") == tag)
}

/// Whether an encoding is named and not refused with a weight of zero.
fn accepts(asked: &HeaderMap, encoding: &str) -> bool {
    let values = asked.get_all(header::ACCEPT_ENCODING);
    let mut named = values.iter().filter_map(|value| value.to_str().ok());
    named.any(|value| {
        value.split(',').any(|one| {
            let (name, weight) = one.split_once(';').unwrap_or((one, ""));
            let refused = matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000");
            name.trim().eq_ignore_ascii_case(encoding) && !refused
        })
    })
}

/// A name with its content's hash in it never changes; the service worker must never be an old one.
fn keeping(name: &str) -> &'static str {
    let file = name.rsplit('/').next().unwrap_or(name);
    if file == "sw.js" {
        "no-store"
    } else if has_hash(file) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    }
}

fn has_hash(file: &str) -> bool {
    file.split('-').skip(1).any(|part| {
        let digits = part
            .bytes()
            .take_while(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
            .count();
        digits == HASH_DIGITS
    })
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
