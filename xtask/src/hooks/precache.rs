//! After Trunk's build: the page in parts, hashed names for the engine, the build id, the service worker's list.
//!
//! Works in Trunk's staging folder only.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail, ensure};

use crate::{
    compress, files,
    hooks::{parts, scripts},
};

const ENGINE_START: &str = include_str!("engine_start.js");
const EMPTY_LIST: &str = "const PRECACHE = { build: \"dev\", files: [] };";
/// Not kept for offline use: the worker itself, and pictures that only an app store page shows.
const NOT_KEPT: [&str; 2] = ["sw.js", "screenshots/"];

/// Finishes the staged build.
pub(crate) fn write() -> Result<()> {
    let staging = staging()?;
    let is_release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    if is_release {
        parts::cut(&staging)?;
        scripts::shorten(&staging)?;
    }
    let engine = name_engine(&staging)?;
    let page = staging.join("index.html");
    substitute(&page, "__ENGINE__", &format!("/{engine}"))?;
    let build = build_id(&staging, is_release)?;
    substitute(&page, "__BUILD__", &build)?;
    write_list(&staging, &build)?;
    if is_release {
        compress::folder(&staging)?;
    }
    Ok(())
}

fn staging() -> Result<PathBuf> {
    let Some(folder) = env::var_os("TRUNK_STAGING_DIR") else {
        bail!(
            "expected TRUNK_STAGING_DIR, found nothing: Trunk calls this command, see Trunk.toml"
        );
    };
    Ok(folder.into())
}

/// Trunk leaves a Worker's files under fixed names; a name made of the content may be cached for ever.
fn name_engine(staging: &Path) -> Result<String> {
    let wasm = staging.join("engine_bg.wasm");
    let wasm_name = format!(
        "engine-{}_bg.wasm",
        files::short_digest(&files::read(&wasm)?)
    );
    let glue = staging.join("engine.js");
    let mut script = files::read_text(&glue)?;
    ensure!(
        script.contains("__wbg_init as default"),
        "expected `__wbg_init as default` in the engine's script, found another form: wasm-bindgen has changed"
    );
    script.push_str(&ENGINE_START.replace("ENGINE_WASM", &wasm_name));
    let script_name = format!("engine-{}.js", files::short_digest(script.as_bytes()));
    files::write(&staging.join(&script_name), script.as_bytes())?;
    fs::remove_file(glue)?;
    fs::rename(wasm, staging.join(wasm_name))?;
    Ok(script_name)
}

/// Puts a value where the mark stands.
pub(crate) fn substitute(path: &Path, mark: &str, value: &str) -> Result<()> {
    let text = files::read_text(path)?;
    ensure!(
        text.contains(mark),
        "expected {mark} in {}, found none",
        path.display()
    );
    files::write(path, text.replace(mark, value).as_bytes())
}

/// Changes when any file of the build changes, the worker's own code included.
fn build_id(staging: &Path, is_release: bool) -> Result<String> {
    let mut all = String::new();
    for path in files::files_below(staging)? {
        all.push_str(&address(staging, &path)?);
        all.push_str(&files::digest(&files::read(&path)?));
    }
    let id = files::short_digest(all.as_bytes());
    Ok(if is_release { id } else { format!("dev-{id}") })
}

fn write_list(staging: &Path, build: &str) -> Result<()> {
    let mut entries = Vec::new();
    for path in files::files_below(staging)? {
        let address = address(staging, &path)?;
        if NOT_KEPT
            .iter()
            .any(|skip| address.trim_start_matches('/').starts_with(skip))
        {
            continue;
        }
        let digest = files::digest(&files::read(&path)?);
        entries.push(format!(
            "  {{ url: \"{address}\", digest: \"{digest}\" }},\n"
        ));
    }
    let list = format!(
        "const PRECACHE = {{ build: \"{build}\", files: [\n{}] }};",
        entries.concat()
    );
    substitute(&staging.join("sw.js"), EMPTY_LIST, &list)
}

/// The path a browser asks for; the page itself is the site's root.
fn address(staging: &Path, path: &Path) -> Result<String> {
    let name = path
        .strip_prefix(staging)?
        .to_string_lossy()
        .replace('\\', "/");
    Ok(if name == "index.html" {
        "/".to_owned()
    } else {
        format!("/{name}")
    })
}
