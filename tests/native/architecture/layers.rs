//! Imports point one way: `domain ← documents ← engine ← platform ← ui`.

use crate::support::{files_below, text_of};

struct Layer {
    name: &'static str,
    /// Other layers it may name.
    may_use: &'static [&'static str],
    /// Crates it must not name.
    never: &'static [&'static str],
}

const LAYERS: [Layer; 5] = [
    Layer {
        name: "domain",
        may_use: &[],
        never: &[
            "automerge",
            "serde",
            "web_sys",
            "js_sys",
            "leptos",
            "tokio",
            "log",
            "sync_protocol",
        ],
    },
    Layer {
        name: "documents",
        may_use: &["domain"],
        never: &["web_sys", "js_sys", "leptos", "tokio", "sync_protocol"],
    },
    Layer {
        name: "engine",
        may_use: &["domain", "documents"],
        never: &[
            "web_sys",
            "js_sys",
            "wasm_bindgen",
            "leptos",
            "tokio",
            "getrandom",
        ],
    },
    Layer {
        name: "platform",
        may_use: &["domain", "engine"],
        never: &["leptos", "automerge"],
    },
    Layer {
        name: "ui",
        may_use: &["domain", "engine", "platform"],
        never: &[
            "automerge",
            "sync_protocol",
            "indexed_db_futures",
            "chacha20poly1305",
        ],
    },
];

/// The one file of `ui` that starts the bridge to the engine.
const BRIDGE_KEEPER: &str = "src/ui/state.rs";

#[test]
fn each_layer_names_only_the_layers_above_it() {
    let mut broken = Vec::new();
    for layer in LAYERS {
        for file in files_of(layer.name) {
            for named in layers_named(&code_of(&file)) {
                let is_allowed = named == layer.name || layer.may_use.contains(&named.as_str());
                let is_bridge = named == "platform" && layer.name == "ui" && file != BRIDGE_KEEPER;
                if !is_allowed || is_bridge {
                    broken.push(format!("{file} names crate::{named}"));
                }
            }
        }
    }
    assert!(
        broken.is_empty(),
        "imports against the order:\n{}",
        broken.join("\n")
    );
}

#[test]
fn no_layer_names_a_crate_that_it_must_not_see() {
    let mut broken = Vec::new();
    for layer in LAYERS {
        for file in files_of(layer.name) {
            let code = code_of(&file);
            for unwanted in layer.never {
                if names_crate(&code, unwanted) {
                    broken.push(format!("{file} names {unwanted}"));
                }
            }
        }
    }
    assert!(
        broken.is_empty(),
        "crates of another layer:\n{}",
        broken.join("\n")
    );
}

#[test]
fn the_reader_of_imports_sees_every_form() {
    let code = "use crate::{domain::{ids, time}, engine};\nlet x = crate::platform::go();\nuse crate::ui::app;";
    assert_eq!(layers_named(code), ["domain", "engine", "platform", "ui"]);
    assert!(names_crate("use web_sys::Window;", "web_sys"));
    assert!(names_crate("fn f(v: leptos::View)", "leptos"));
    assert!(!names_crate("use my_web_sys::Window;", "web_sys"));
}

fn files_of(layer: &str) -> Vec<String> {
    let mut files = files_below(&format!("src/{layer}"), "rs");
    files.push(format!("src/{layer}.rs"));
    files
}

/// A file without its comments.
fn code_of(file: &str) -> String {
    let lines = text_of(file);
    let kept = lines
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    kept.collect::<Vec<_>>().join("\n")
}

/// What stands right after `crate::`, in a path or in the braces of a `use`.
fn layers_named(code: &str) -> Vec<String> {
    let mut named: Vec<String> = Vec::new();
    for rest in code.split("crate::").skip(1) {
        match rest.strip_prefix('{') {
            Some(group) => named.extend(heads_of_group(group)),
            None => named.push(word(rest)),
        }
    }
    named.retain(|name| LAYERS.iter().any(|layer| layer.name == name));
    named.sort();
    named.dedup();
    named
}

/// The first words of the items of `{a::{b, c}, d}`, given what follows its opening brace.
fn heads_of_group(group: &str) -> Vec<String> {
    let mut heads = Vec::new();
    let mut depth = 0_i32;
    let mut item = String::new();
    for next in group.chars() {
        match next {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => heads.push(word(std::mem::take(&mut item).trim())),
            _ if depth == 0 => item.push(next),
            _ => {}
        }
    }
    heads.push(word(item.trim()));
    heads
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|next| next.is_alphanumeric() || *next == '_')
        .collect()
}

fn names_crate(code: &str, name: &str) -> bool {
    let marks = [
        format!("{name}::"),
        format!("use {name};"),
        format!("use {name} as "),
    ];
    marks.iter().any(|mark| {
        code.match_indices(mark.as_str()).any(|(at, _)| {
            let before = code[..at].chars().next_back();
            !before.is_some_and(|before| before.is_alphanumeric() || before == '_')
        })
    })
}
