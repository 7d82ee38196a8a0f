//! Scripts as they are downloaded: no comments, no indents. The sources keep both.
//!
//! It knows lines only. No script of ours or of wasm-bindgen's has a text that goes over several lines.

use std::path::Path;

use anyhow::Result;

use crate::files;

/// Makes every script of the staged build smaller.
pub(crate) fn shorten(staging: &Path) -> Result<()> {
    for path in files::files_below(staging)? {
        if path.extension().is_some_and(|extension| extension == "js") {
            let script = files::read_text(&path)?;
            files::write(&path, without_comments(&script).as_bytes())?;
        }
    }
    Ok(())
}

/// Leaves out lines that are comments, blank lines and indents; comments behind code stay.
pub(crate) fn without_comments(script: &str) -> String {
    let mut short = String::with_capacity(script.len());
    let mut in_comment = false;
    for line in script.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            short.push_str(line);
            short.push('\n');
        }
        in_comment &= !line.contains("*/");
    }
    short
}

#[cfg(test)]
mod tests {
    use super::without_comments;

    #[test]
    fn comments_blank_lines_and_indents_go_and_code_stays() {
        let script = "// Says hello.\n(() => {\n  /** To whom. */\n  const name = \"x // y\"; // kept\n\n  /**\n   * More.\n   */\n  greet(name);\n})();\n";
        assert_eq!(
            without_comments(script),
            "(() => {\nconst name = \"x // y\"; // kept\ngreet(name);\n})();\n"
        );
    }
}
