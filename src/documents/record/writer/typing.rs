//! How a key press becomes the smallest change of a text.
//!
//! What stands before and after the place of typing is the same in both texts, so one comparison
//! from each end finds the change. A general difference would cost more and find the same.

use automerge::{AutoCommit, ObjId, ReadDoc, transaction::Transactable};

use crate::documents::error::WriteError;

/// Brings a text to the given one with one splice.
pub(super) fn bring_to(doc: &mut AutoCommit, text: &ObjId, new: &str) -> Result<(), WriteError> {
    let old = doc.text(text)?;
    let Splice { at, delete, insert } = splice(&old, new);
    if delete == 0 && insert.is_empty() {
        return Ok(());
    }
    let delete = isize::try_from(delete).map_err(|_| WriteError::Refused)?;
    Ok(doc.splice_text(text, at, delete, &insert)?)
}

/// A change of a text, counted in characters, as the document counts.
#[derive(PartialEq, Eq, Debug)]
struct Splice {
    at: usize,
    delete: usize,
    insert: String,
}

fn splice(old: &str, new: &str) -> Splice {
    let at = old
        .chars()
        .zip(new.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let (old_rest, new_rest) = (old.chars().count() - at, new.chars().count() - at);
    let tail = old
        .chars()
        .rev()
        .zip(new.chars().rev())
        .take(old_rest.min(new_rest))
        .take_while(|(a, b)| a == b)
        .count();
    let insert = new.chars().skip(at).take(new_rest - tail).collect();
    Splice {
        at,
        delete: old_rest - tail,
        insert,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(at: usize, delete: usize, insert: &str) -> Splice {
        Splice {
            at,
            delete,
            insert: insert.to_owned(),
        }
    }

    #[test]
    fn the_smallest_change_is_found_from_both_ends() {
        for (old, new, expected) in [
            ("", "L", change(0, 0, "L")),
            ("Lena", "Lena ", change(4, 0, " ")),
            ("Lena", "Len", change(3, 1, "")),
            ("Lena ran", "Lena soon ran", change(5, 0, "soon ")),
            ("aaa", "aa", change(2, 1, "")),
            ("aa", "aaa", change(2, 0, "a")),
            ("één", "eén", change(0, 1, "e")),
            ("same", "same", change(4, 0, "")),
            ("old words", "new", change(0, 9, "new")),
        ] {
            assert_eq!(splice(old, new), expected, "{old:?} to {new:?}");
        }
    }
}
