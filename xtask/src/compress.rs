//! Compressed siblings (`.br`, `.gz`) of the files that gain by it.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use brotli::enc::BrotliEncoderParams;
use flate2::{Compression, write::GzEncoder};

use crate::files;

const WORTH_IT: [&str; 8] = [
    "html",
    "css",
    "js",
    "wasm",
    "svg",
    "json",
    "webmanifest",
    "txt",
];

/// Writes the siblings of every file below `folder` that shrinks.
pub(crate) fn folder(folder: &Path) -> Result<()> {
    for path in files::files_below(folder)? {
        let extension = path
            .extension()
            .and_then(|extension| extension.to_str())
            .unwrap_or_default();
        if WORTH_IT.contains(&extension) {
            siblings(&path).with_context(|| format!("cannot compress {}", path.display()))?;
        }
    }
    Ok(())
}

/// Brotli at its highest setting.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut small = Vec::new();
    let settings = BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompress(&mut &*bytes, &mut small, &settings)?;
    Ok(small)
}

fn siblings(path: &Path) -> Result<()> {
    let bytes = files::read(path)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes)?;
    for (suffix, small) in [("br", brotli(&bytes)?), ("gz", gzip.finish()?)] {
        if small.len() < bytes.len() {
            files::write(&with_suffix(path, suffix), &small)?;
        }
    }
    Ok(())
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(suffix);
    name.into()
}
