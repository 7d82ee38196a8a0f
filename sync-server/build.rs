//! Lists the built app's files for `src/assets/embedded.rs`, when the feature `embed-app` asks for it.

use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=NEUTRAL_GROUND_DIST");
    println!("cargo::rerun-if-changed=build.rs");
    let Some(out) = env::var_os("OUT_DIR") else {
        return Err(io::Error::other("expected cargo to set OUT_DIR"));
    };
    let mut files = Vec::new();
    if env::var_os("CARGO_FEATURE_EMBED_APP").is_some() {
        match env::var_os("NEUTRAL_GROUND_DIST").map(PathBuf::from) {
            Some(dist) => {
                let dist = dist.canonicalize()?;
                println!("cargo::rerun-if-changed={}", dist.display());
                list(&dist, &dist, &mut files)?;
            }
            None => println!(
                "cargo::error=expected NEUTRAL_GROUND_DIST to name the folder of the built app, found nothing"
            ),
        }
    }
    files.sort();
    let mut list = fs::File::create(Path::new(&out).join("embedded.rs"))?;
    writeln!(list, "pub(super) static FILES: &[(&str, &[u8])] = &[")?;
    for (name, path) in files {
        writeln!(list, "    ({name:?}, include_bytes!({path:?})),")?;
    }
    writeln!(list, "];")
}

fn list(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            list(root, &path, files)?;
            continue;
        }
        let name = path.strip_prefix(root).map_err(io::Error::other)?;
        let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
        files.push((parts.join("/"), path.to_string_lossy().into_owned()));
    }
    Ok(())
}
