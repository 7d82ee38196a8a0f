//! The app's files over HTTP: encodings, how long they may be kept, and the headers on everything.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/running.rs"]
mod running;

use std::path::Path;

use running::{Client, Running};
use sync_protocol::{CentreId, vectors::centre::signing_key};
use tempfile::TempDir;

const HASHED: &str = "page-0123456789abcdef_bg.wasm";
const PART: &str = "part-aside-desk-0123456789abcdef.wasm";

fn build_app(folder: &Path) {
    let files = [
        ("index.html", "<html>"),
        ("index.html.br", "br of index"),
        ("sw.js", "worker"),
        ("outbox.js", "outbox"),
        ("manifest.webmanifest", "{}"),
        ("icons/icon.svg", "<svg>"),
        ("page-0123456789abcdef.css", "css"),
        (HASHED, "plain"),
        (PART, "part"),
        ("page-0123456789abcdef_bg.wasm.br", "br of wasm"),
        ("page-0123456789abcdef_bg.wasm.gz", "gz of wasm"),
    ];
    std::fs::create_dir_all(folder.join("icons")).unwrap();
    for (name, text) in files {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

async fn with_app() -> (TempDir, Running, Client) {
    let folder = TempDir::new().unwrap();
    let app = folder.path().join("app");
    build_app(&app);
    std::fs::write(folder.path().join("secret.txt"), "not the app's").unwrap();
    let relay = Running::with(folder.path(), |config| config.app_dir = Some(app)).await;
    let client = relay.client(CentreId::from_bytes([1; 32]), &signing_key(1));
    (folder, relay, client)
}

fn header<'a>(answer: &'a reqwest::Response, name: &str) -> &'a str {
    answer
        .headers()
        .get(name)
        .map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn each_file_has_its_type_and_its_time() {
    let (_folder, relay, client) = with_app().await;
    let immutable = "public, max-age=31536000, immutable";
    let cases = [
        ("/", "text/html; charset=utf-8", "no-cache"),
        ("/index.html", "text/html; charset=utf-8", "no-cache"),
        ("/today/visit", "text/html; charset=utf-8", "no-cache"),
        ("/sw.js", "text/javascript; charset=utf-8", "no-store"),
        ("/outbox.js", "text/javascript; charset=utf-8", "no-cache"),
        (
            "/manifest.webmanifest",
            "application/manifest+json",
            "no-cache",
        ),
        ("/icons/icon.svg", "image/svg+xml", "no-cache"),
        (
            "/page-0123456789abcdef.css",
            "text/css; charset=utf-8",
            immutable,
        ),
        (
            "/page-0123456789abcdef_bg.wasm",
            "application/wasm",
            immutable,
        ),
        (
            "/part-aside-desk-0123456789abcdef.wasm",
            "application/wasm",
            immutable,
        ),
    ];
    for (path, kind, keeping) in cases {
        let answer = client.fetch(path, &[]).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(header(&answer, "content-type"), kind, "{path}");
        assert_eq!(header(&answer, "cache-control"), keeping, "{path}");
        assert_eq!(header(&answer, "content-encoding"), "", "{path}");
    }
    relay.stop().await;
}

#[tokio::test]
async fn the_best_encoding_that_is_there_and_asked_for_is_sent() {
    let (_folder, relay, client) = with_app().await;
    let cases = [
        (HASHED, "gzip, deflate, br, zstd", "br", "br of wasm"),
        (HASHED, "gzip;q=1.0", "gzip", "gz of wasm"),
        (HASHED, "br;q=0, gzip", "gzip", "gz of wasm"),
        (HASHED, "identity", "", "plain"),
        ("today", "gzip, br", "br", "br of index"),
        ("sw.js", "gzip, br", "", "worker"),
    ];
    for (name, asked, encoding, text) in cases {
        let answer = client
            .fetch(&format!("/{name}"), &[("accept-encoding", asked)])
            .await;
        assert_eq!(
            header(&answer, "content-encoding"),
            encoding,
            "{name} {asked}"
        );
        assert_eq!(header(&answer, "vary"), "accept-encoding");
        assert_eq!(answer.text().await.unwrap(), text, "{name} {asked}");
    }
    relay.stop().await;
}

#[tokio::test]
async fn a_file_that_the_browser_has_is_not_sent_again() {
    let (_folder, relay, client) = with_app().await;
    let first = client.fetch("/", &[]).await;
    let tag = header(&first, "etag").to_owned();
    let again = client.fetch("/", &[("if-none-match", &tag)]).await;
    assert_eq!(again.status(), 304);
    let other = client.fetch("/", &[("if-none-match", "\"old\"")]).await;
    assert_eq!(other.status(), 200);
    relay.stop().await;
}

#[tokio::test]
async fn missing_files_and_ways_out_of_the_folder_are_not_found() {
    let (_folder, relay, client) = with_app().await;
    for path in ["/missing.js", "/icons/none.png", "/.hidden.txt"] {
        assert_eq!(client.fetch(path, &[]).await.status(), 404, "{path}");
    }
    // The client would tidy these paths, so they go over a bare connection.
    let address = relay.url.strip_prefix("http://").unwrap();
    for path in [
        "/../secret.txt",
        "/icons/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/icons//../..//secret.txt",
    ] {
        let answer = bare_get(address, path).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(!answer.contains("not the app's"));
    }
    relay.stop().await;
}

async fn bare_get(address: &str, path: &str) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: relay\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn every_answer_has_the_security_headers() {
    let (_folder, relay, client) = with_app().await;
    let path = client.path("pull");
    for path in [
        "/",
        "/sw.js",
        "/missing.js",
        "/healthz",
        &path,
        "/v1/unknown",
    ] {
        let answer = client.fetch(path, &[]).await;
        let policy = header(&answer, "content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self' 'wasm-unsafe-eval';"),
            "{path}"
        );
        assert!(!policy.contains("unsafe-inline"));
        assert_eq!(
            header(&answer, "x-content-type-options"),
            "nosniff",
            "{path}"
        );
        assert_eq!(header(&answer, "referrer-policy"), "no-referrer", "{path}");
        assert_eq!(
            header(&answer, "cross-origin-opener-policy"),
            "same-origin",
            "{path}"
        );
        assert_eq!(
            header(&answer, "cross-origin-resource-policy"),
            "same-origin",
            "{path}"
        );
        assert!(
            header(&answer, "permissions-policy").contains("geolocation=()"),
            "{path}"
        );
    }
    relay.stop().await;
}

#[tokio::test]
async fn a_relay_without_an_app_says_so() {
    let folder = TempDir::new().unwrap();
    let relay = Running::start(folder.path()).await;
    let client = relay.client(CentreId::from_bytes([1; 32]), &signing_key(1));
    assert_eq!(client.fetch("/", &[]).await.status(), 404);
    relay.stop().await;
}
