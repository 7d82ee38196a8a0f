//! Joins the files of `style/` into one stylesheet, in cascade order and without their comments.

use std::{fs, path::Path};

use anyhow::{Context as _, Result};

use crate::files;

const FIRST: [&str; 4] = ["tokens.css", "reset.css", "base.css", "layout.css"];
const FOLDERS: [&str; 2] = ["components", "pages"];
const LAST: &str = "print.css";

/// Writes `target/styles/app.css`, which `index.html` names.
pub(crate) fn write() -> Result<()> {
    let source = files::root().join("style");
    let mut sheets: Vec<(usize, String)> = Vec::new();
    for path in files::files_below(&source)? {
        if path.extension().is_some_and(|extension| extension == "css") {
            let name = path
                .strip_prefix(&source)?
                .to_string_lossy()
                .replace('\\', "/");
            sheets.push((rank(&name), name));
        }
    }
    sheets.sort();
    let mut joined = String::new();
    for (_, name) in &sheets {
        joined.push_str(&without_comments(&files::read_text(&source.join(name))?));
    }
    write_if_changed(&files::root().join("target/styles/app.css"), &joined)
}

fn rank(name: &str) -> usize {
    if let Some(place) = FIRST.iter().position(|first| *first == name) {
        return place;
    }
    let folder = name.split('/').next().unwrap_or_default();
    match FOLDERS.iter().position(|known| *known == folder) {
        Some(place) => FIRST.len() + place,
        None if name == LAST => usize::MAX,
        None => FIRST.len() + FOLDERS.len(),
    }
}

/// Drops comments, leading blanks and empty lines; what stands in quotes stays as it is.
fn without_comments(sheet: &str) -> String {
    let mut kept = String::with_capacity(sheet.len());
    let mut rest = sheet.chars().peekable();
    let mut quote = None;
    while let Some(next) = rest.next() {
        if quote.is_none() && next == '/' && rest.peek() == Some(&'*') {
            skip_comment(&mut rest);
            continue;
        }
        kept.push(next);
        match quote {
            Some(_) if next == '\\' => kept.extend(rest.next()),
            Some(open) if next == open => quote = None,
            None if next == '"' || next == '\'' => quote = Some(next),
            Some(_) | None => {}
        }
    }
    let lines = kept.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.fold(String::new(), |sum, line| sum + line + "\n")
}

/// Moves to what follows the comment whose `*` is next.
fn skip_comment(rest: &mut impl Iterator<Item = char>) {
    rest.next();
    let mut before = ' ';
    for inside in rest {
        if before == '*' && inside == '/' {
            return;
        }
        before = inside;
    }
}

/// Leaves an equal file alone, so that a watcher does not see its own work as a change.
fn write_if_changed(path: &Path, text: &str) -> Result<()> {
    if fs::read_to_string(path).is_ok_and(|held| held == text) {
        return Ok(());
    }
    let folder = path.parent().context("a stylesheet lies in a folder")?;
    fs::create_dir_all(folder)?;
    files::write(path, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_first_and_print_last() {
        let mut names = [
            "print.css",
            "pages/today.css",
            "other.css",
            "components/a.css",
            "layout.css",
            "tokens.css",
        ];
        names.sort_by_key(|name| rank(name));
        let wanted = [
            "tokens.css",
            "layout.css",
            "components/a.css",
            "pages/today.css",
            "other.css",
            "print.css",
        ];
        assert_eq!(names, wanted);
    }

    #[test]
    fn comments_go_and_quoted_text_stays() {
        let sheet = "/* why */\n  a { content: \"/* kept */\\\"\"; } /* end **/\n\n";
        assert_eq!(
            without_comments(sheet),
            "a { content: \"/* kept */\\\"\"; }\n"
        );
    }
}
