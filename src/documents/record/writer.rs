//! Writes the fields of one stored object.
//!
//! Lists and sets are stored as maps, so that two people's additions both stay. Writing what is
//! already there changes nothing.

/// How a key press becomes the smallest change of a text.
mod typing;

use automerge::{
    AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, transaction::Transactable,
};

use super::reader::Reader;
use crate::documents::error::WriteError;

/// One stored object, for writing.
pub(super) struct Writer<'a> {
    doc: &'a mut AutoCommit,
    object: ObjId,
}

impl<'a> Writer<'a> {
    /// The root of a document.
    pub(super) const fn root(doc: &'a mut AutoCommit) -> Self {
        Self { doc, object: ROOT }
    }

    /// What it holds so far.
    pub(super) fn reader(&self) -> Reader<'_> {
        Reader::at(self.doc, self.object.clone())
    }

    /// Goes into an object that must be there.
    pub(super) fn inside(self, name: &str) -> Result<Self, WriteError> {
        let part = self.reader().part(name);
        let object = part.map_err(|_| WriteError::NotThere)?.object().clone();
        Ok(Self { object, ..self })
    }

    /// The object under this name; makes it if it is not there.
    ///
    /// What the first change made is never made again: two devices fill one and the same.
    pub(super) fn part(&mut self, name: &str) -> Result<Writer<'_>, WriteError> {
        let found = self.reader().part(name).map(|part| part.object().clone());
        match found {
            Ok(object) => Ok(Writer {
                doc: self.doc,
                object,
            }),
            Err(_) => self.fresh_part(name),
        }
    }

    /// A new object in place of what is there, so that two written apart never mix.
    pub(super) fn fresh_part(&mut self, name: &str) -> Result<Writer<'_>, WriteError> {
        let object = self.doc.put_object(&self.object, name, ObjType::Map)?;
        Ok(Writer {
            doc: self.doc,
            object,
        })
    }

    /// A text written as a whole.
    pub(super) fn text(&mut self, name: &str, text: &str) -> Result<(), WriteError> {
        self.put(name, text.into())
    }

    /// A text, or none.
    pub(super) fn optional(&mut self, name: &str, text: Option<&str>) -> Result<(), WriteError> {
        self.put(name, text.map_or(ScalarValue::Null, ScalarValue::from))
    }

    /// A new, empty text that will grow key by key.
    pub(super) fn fresh_text(&mut self, name: &str) -> Result<(), WriteError> {
        self.doc.put_object(&self.object, name, ObjType::Text)?;
        Ok(())
    }

    /// Brings such a text to these words.
    pub(super) fn type_text(&mut self, name: &str, words: &str) -> Result<(), WriteError> {
        let found = self.doc.get(&self.object, name)?;
        let (_, object) = found.ok_or(WriteError::NotThere)?;
        typing::bring_to(self.doc, &object, words)
    }

    /// A signed number.
    pub(super) fn number(&mut self, name: &str, number: i64) -> Result<(), WriteError> {
        self.put(name, number.into())
    }

    /// An unsigned number.
    pub(super) fn count(&mut self, name: &str, count: u64) -> Result<(), WriteError> {
        self.put(name, count.into())
    }

    /// Yes or no.
    pub(super) fn flag(&mut self, name: &str, flag: bool) -> Result<(), WriteError> {
        self.put(name, flag.into())
    }

    /// Nothing, where something may come.
    pub(super) fn none(&mut self, name: &str) -> Result<(), WriteError> {
        self.put(name, ScalarValue::Null)
    }

    /// A list of texts in place of the one that is there.
    pub(super) fn lines(
        &mut self,
        name: &str,
        lines: &mut dyn Iterator<Item = &str>,
    ) -> Result<(), WriteError> {
        let mut list = self.part(name)?;
        let mut places = Vec::new();
        for line in lines {
            let place = place(places.len());
            list.text(&place, line)?;
            places.push(place);
        }
        list.keep_only(&places)
    }

    /// A list of objects in place of the one that is there.
    pub(super) fn items<'t, T: 't>(
        &mut self,
        name: &str,
        items: &mut dyn Iterator<Item = &'t T>,
        write: fn(&T, &mut Writer<'_>) -> Result<(), WriteError>,
    ) -> Result<(), WriteError> {
        let mut list = self.part(name)?;
        let mut places = Vec::new();
        for item in items {
            let place = place(places.len());
            write(item, &mut list.part(&place)?)?;
            places.push(place);
        }
        list.keep_only(&places)
    }

    /// A set in place of the one that is there: each member under its word or id, true while it
    /// belongs.
    ///
    /// A verb that takes a member out writes false, so that leaving and joining at the same time is
    /// one value to decide about and not a deletion.
    pub(super) fn members(
        &mut self,
        name: &str,
        members: &mut dyn Iterator<Item = String>,
    ) -> Result<(), WriteError> {
        let mut marks = self.part(name)?;
        let mut written = Vec::new();
        for member in members {
            marks.flag(&member, true)?;
            written.push(member);
        }
        marks.keep_only(&written)
    }

    /// Takes out every field but these.
    pub(super) fn keep_only(&mut self, names: &[String]) -> Result<(), WriteError> {
        for name in self.reader().names() {
            if !names.contains(&name) {
                self.doc.delete(&self.object, name.as_str())?;
            }
        }
        Ok(())
    }

    fn put(&mut self, name: &str, value: ScalarValue) -> Result<(), WriteError> {
        Ok(self.doc.put(&self.object, name, value)?)
    }
}

/// The name of a place in a list: three digits at least, so that the map's order is the list's.
fn place(place: usize) -> String {
    format!("{place:03}")
}
