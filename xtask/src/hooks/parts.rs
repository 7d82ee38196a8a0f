//! Cuts the page's WebAssembly into its parts: what every visit needs, and what is fetched when it is wanted.
//!
//! Trunk builds the page in one piece and cannot do this. So this starts again from what the linker made, and puts
//! its own files in the place of Trunk's.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use wasm_split_cli_support::{Options, SplitWasm};

use crate::{
    files,
    hooks::{precache, scripts},
    process, setup,
};

const PAGE: &str = "neutral-ground";
/// The module by which the page's program imports the functions that fetch; it becomes a piece of the page's glue.
const LINK: &str = "./__wasm_split.js";

/// Replaces the page's files in the staging folder by those of the page in parts.
pub(crate) fn cut(staging: &Path) -> Result<()> {
    let settings = Settings::read()?;
    let folder = files::target().join("parts");
    fs::create_dir_all(&folder)?;
    let split = split(&settings.linked(), &folder)?;
    bind(&folder)?;
    let mut names = Vec::new();
    for (users, part) in parts(&split)? {
        let bytes = settings.optimised(&part)?;
        let name = format!("part-{users}-{}.wasm", files::short_digest(&bytes));
        files::write(&staging.join(&name), &bytes)?;
        names.push((name_of(&part)?, name));
    }
    let wasm = settings.optimised(&folder.join(format!("{PAGE}_bg.wasm")))?;
    let wasm_name = format!("{PAGE}-{}_bg.wasm", files::short_digest(&wasm));
    let link = with_names(files::read_text(&folder.join(LINK))?, &names)?;
    let glue = files::read_text(&folder.join(format!("{PAGE}.js")))?;
    let glue = scripts::without_comments(&joined(&glue, &link)?);
    let glue_name = format!("{PAGE}-{}.js", files::short_digest(glue.as_bytes()));
    replace(staging, "_bg.wasm", &wasm_name, &wasm)?;
    replace(staging, ".js", &glue_name, glue.as_bytes())
}

/// The linked program in pieces: `main.wasm`, the others, and the link module.
fn split(linked: &Path, folder: &Path) -> Result<SplitWasm> {
    let program = files::read(linked)?;
    let main = folder.join("main.wasm");
    let main_module = format!("./{PAGE}.js");
    let mut options = Options::new(&program);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.link_name = LINK;
    options.main_module = &main_module;
    wasm_split_cli_support::transform(options)
        .map_err(|trouble| anyhow!("cannot cut {}: {trouble:#}", linked.display()))
}

/// The glue between the main piece and the browser. The others use what the linker exported, so that is kept.
fn bind(folder: &Path) -> Result<()> {
    let mut bind = Command::new(setup::tool("wasm-bindgen")?);
    bind.arg(folder.join("main.wasm"))
        .args(["--target", "web", "--no-typescript", "--keep-lld-exports"])
        .args(["--out-name", PAGE, "--out-dir"])
        .arg(folder);
    process::must(&mut bind)
}

/// The file of each piece, by the parts that need it: "desk", or "aside-desk" for what these two have in common.
fn parts(split: &SplitWasm) -> Result<BTreeMap<String, PathBuf>> {
    let mut found = BTreeMap::new();
    for path in &split.split_modules {
        let name = name_of(path)?;
        let stem = name.trim_end_matches(".wasm");
        let mut users: Vec<_> = split
            .prefetch_map
            .iter()
            .filter(|(_, stems)| stems.iter().any(|needed| needed == stem))
            .map(|(user, _)| user.as_str())
            .collect();
        users.sort_unstable();
        ensure!(
            !users.is_empty(),
            "expected a part that needs {name}, found none"
        );
        found.insert(users.join("-"), path.clone());
    }
    Ok(found)
}

fn with_names(mut link: String, names: &[(String, String)]) -> Result<String> {
    for (made, name) in names {
        let quoted = format!("\"./{made}\"");
        ensure!(
            link.contains(&quoted),
            "expected {quoted} in the link module, found none: wasm-split has changed"
        );
        link = link.replace(&quoted, &format!("\"./{name}\""));
    }
    Ok(link)
}

/// The glue with the link module inside: one script less to fetch before the page can start, and the two need not know
/// each other's names.
fn joined(glue: &str, link: &str) -> Result<String> {
    let imports = |line: &&str| line.starts_with("import ");
    let (imported, code): (Vec<_>, Vec<_>) = glue.lines().partition(imports);
    let mut script = code.join("\n");
    let (_, functions) = link
        .split_once(&format!("from \"./{PAGE}.js\";\n"))
        .context("expected the link module to import the glue: wasm-split has changed")?;
    let exports: Vec<_> = functions
        .lines()
        .filter_map(|line| line.strip_prefix("export const ")?.split(' ').next())
        .collect();
    let functions = functions.replace("export const ", "const ");
    let named = format!(" from \"{LINK}\"");
    for line in imported {
        let name = line
            .strip_prefix("import * as ")
            .and_then(|rest| rest.strip_suffix(&named))
            .with_context(|| format!("expected an import of {LINK} in the glue, found: {line}"))?;
        script = format!("{script}\nconst {name} = parts;");
    }
    Ok(format!(
        "const parts = (() => {{\n{functions}return {{ {} }};\n}})();\n{script}\n",
        exports.join(", ")
    ))
}

fn name_of(path: &Path) -> Result<String> {
    let name = path
        .file_name()
        .context("expected a file, found a folder")?;
    Ok(name.to_string_lossy().into_owned())
}

/// Puts a file in the place of the one of Trunk's whose name ends like this, also where the page names it.
fn replace(staging: &Path, ending: &str, name: &str, bytes: &[u8]) -> Result<()> {
    for path in files::files_below(staging)? {
        let found = name_of(&path)?;
        if found.starts_with(&format!("{PAGE}-")) && found.ends_with(ending) {
            fs::remove_file(&path)?;
            files::write(&staging.join(name), bytes)?;
            return precache::substitute(&staging.join("index.html"), &found, name);
        }
    }
    bail!("expected a file {PAGE}-…{ending} in the staged build, found none")
}

/// What `index.html` tells Trunk about the two programs.
struct Settings {
    profile: String,
    optimiser: Vec<String>,
}

impl Settings {
    /// The profile is the page's. Trunk is told not to optimise the page, so how that is done is said of the engine.
    fn read() -> Result<Self> {
        let page = files::read_text(&files::root().join("index.html"))?;
        let of = |program: &str, name: &str| {
            let link = page
                .lines()
                .find(|line| line.contains(&format!("data-bin=\"{program}\"")));
            let value = link.and_then(|link| link.split(&format!("{name}=\"")).nth(1));
            let value = value.and_then(|rest| rest.split('"').next());
            value.with_context(|| format!("expected {name} of {program} in index.html, found none"))
        };
        let level = format!("-O{}", of("engine", "data-wasm-opt")?);
        let more = of("engine", "data-wasm-opt-params")?.split(' ');
        Ok(Self {
            profile: of(PAGE, "data-cargo-profile-release")?.to_owned(),
            optimiser: [level].into_iter().chain(more.map(str::to_owned)).collect(),
        })
    }

    /// What the linker made of the page.
    fn linked(&self) -> PathBuf {
        files::target()
            .join("wasm32-unknown-unknown")
            .join(&self.profile)
            .join(format!("{PAGE}.wasm"))
    }

    fn optimised(&self, piece: &Path) -> Result<Vec<u8>> {
        let output = piece.with_extension("small.wasm");
        let mut optimise = Command::new(setup::tool("wasm-opt")?);
        optimise.arg(piece).arg("--output").arg(&output);
        // It warns of names of a kind that it does not know, which nothing needs.
        process::must_quietly(optimise.args(&self.optimiser))?;
        files::read(&output)
    }
}

#[cfg(test)]
mod tests {
    use super::{joined, with_names};

    const LINK: &str = "import { initSync } from \"./neutral-ground.js\";\n\
        const load = () => fetch(\"./split_desk.wasm\");\n\
        export const __wasm_split_load_desk = load;\n";

    #[test]
    fn the_link_module_becomes_a_piece_of_the_glue() {
        let glue = "import * as import1 from \"./__wasm_split.js\"\nfunction initSync() {}\nexport { initSync };";
        let names = [("split_desk.wasm".to_owned(), "part-desk-0a.wasm".to_owned())];
        let script = with_names(LINK.to_owned(), &names).and_then(|link| joined(glue, &link));
        assert_eq!(
            script.ok().as_deref(),
            Some(
                "const parts = (() => {\n\
             const load = () => fetch(\"./part-desk-0a.wasm\");\n\
             const __wasm_split_load_desk = load;\n\
             return { __wasm_split_load_desk };\n\
             })();\n\
             function initSync() {}\nexport { initSync };\nconst import1 = parts;\n"
            )
        );
    }

    #[test]
    fn what_the_tools_write_otherwise_is_refused() {
        assert!(
            with_names(
                LINK.to_owned(),
                &[("chunk_3.wasm".to_owned(), String::new())]
            )
            .is_err()
        );
        assert!(joined("import { now } from \"env\"", LINK).is_err());
        assert!(joined("", "export const __wasm_split_load_desk = load;").is_err());
    }
}
