//! Versions that are written in two places and must be one.

use crate::support::{files_below, text_of};

#[test]
fn the_compiler_is_the_one_that_the_manifest_asks_for() {
    let toolchain = after("rust-toolchain.toml", "channel = \"");
    let wanted = after("Cargo.toml", "rust-version = \"");
    assert!(
        toolchain.starts_with(&wanted),
        "expected {wanted}, found {toolchain}"
    );
}

#[test]
fn the_wasm_bindgen_tool_is_the_crates_own_version() {
    let locked = locked_version("wasm-bindgen");
    assert_eq!(
        after("xtask/src/pins.rs", "WASM_BINDGEN: &str = \""),
        locked
    );
    assert_eq!(after("Trunk.toml", "wasm_bindgen = \""), locked);
    assert_eq!(after("Cargo.toml", "wasm-bindgen = \"="), locked);
}

#[test]
fn trunk_is_one_version() {
    assert_eq!(
        after("xtask/src/pins.rs", "TRUNK: &str = \""),
        after("Trunk.toml", "trunk-version = \"")
    );
}

#[test]
fn the_wasm_optimiser_is_the_one_that_trunk_expects() {
    let package = after("tests/e2e/package.json", "\"binaryen\": \"");
    let major = package.split('.').next().unwrap_or_default();
    assert_eq!(after("Trunk.toml", "wasm_opt = \"version_"), major);
    assert_eq!(
        after("xtask/src/pins.rs", "WASM_OPT: &str = \"version_"),
        major
    );
}

#[test]
fn node_packages_are_pinned_exactly_and_locked() {
    let manifest = text_of("tests/e2e/package.json");
    for name in ["playwright-core", "@axe-core/playwright", "binaryen"] {
        let wanted = after("tests/e2e/package.json", &format!("\"{name}\": \""));
        assert!(
            wanted.starts_with(|first: char| first.is_ascii_digit()),
            "{name}: expected a version, found {wanted}"
        );
        let lock = text_of("tests/e2e/package-lock.json");
        let entry = lock
            .split(&format!("\"node_modules/{name}\": {{"))
            .nth(1)
            .unwrap_or_default();
        assert!(
            entry
                .trim_start()
                .starts_with(&format!("\"version\": \"{wanted}\"")),
            "{name} is locked to another version"
        );
    }
    assert!(manifest.contains("\"private\": true"));
}

#[test]
fn the_page_names_one_manifest_and_its_pictures_exist() {
    let page = text_of("index.html");
    assert_eq!(page.matches("rel=\"manifest\"").count(), 1);
    let manifest = text_of("public/manifest.webmanifest");
    let pictures: Vec<_> = manifest
        .split("\"src\": \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(
        pictures.len() >= 4,
        "expected icons in the manifest, found {}",
        pictures.len()
    );
    let present: Vec<_> = ["png", "svg"]
        .iter()
        .flat_map(|ending| files_below("public", ending))
        .collect();
    for picture in pictures {
        assert!(
            present.contains(&format!("public{picture}")),
            "public{picture} does not exist"
        );
    }
}

/// What follows `mark` in a file, up to the closing quote.
fn after(file: &str, mark: &str) -> String {
    let text = text_of(file);
    let rest = text
        .split(mark)
        .nth(1)
        .unwrap_or_else(|| panic!("expected {mark} in {file}, found none"));
    rest.split('"').next().unwrap_or_default().to_owned()
}

fn locked_version(package: &str) -> String {
    let lock = text_of("Cargo.lock");
    let entry = lock
        .split(&format!("name = \"{package}\"\nversion = \""))
        .nth(1);
    entry
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default()
        .to_owned()
}
