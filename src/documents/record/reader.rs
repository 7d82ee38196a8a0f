//! Reads the fields of one stored object.
//!
//! Where concurrent changes left several values it reads the one that shows; [`super::conflicts`]
//! tells of the others. A field that is not there, or is of another type than asked for, is
//! [`Why::Shape`]. Fields that nobody asks for are left alone: a later program wrote them.

use std::collections::BTreeSet;

use automerge::{AutoCommit, ObjId, ObjType, ROOT, ReadDoc, ScalarValue, Value};

use super::field;
use crate::{
    documents::error::{Unreadable, Why},
    domain::{error::ParseError, time::Moment},
};

/// What parses a stored text.
type Parse<T> = fn(&str) -> Result<T, ParseError>;

/// One stored object, for reading.
pub(super) struct Reader<'a> {
    doc: &'a AutoCommit,
    object: ObjId,
}

impl<'a> Reader<'a> {
    /// The root of a document.
    pub(super) const fn root(doc: &'a AutoCommit) -> Self {
        Self::at(doc, ROOT)
    }

    /// Any object.
    pub(super) const fn at(doc: &'a AutoCommit, object: ObjId) -> Self {
        Self { doc, object }
    }

    /// Which object it is.
    pub(super) const fn object(&self) -> &ObjId {
        &self.object
    }

    /// The names of its fields, in order.
    pub(super) fn names(&self) -> Vec<String> {
        self.doc.keys(&self.object).collect()
    }

    /// Whether a field is there.
    pub(super) fn has(&self, name: &str) -> bool {
        self.value(name).is_ok()
    }

    /// Whether a field is there and holds something: a container, or a value other than none.
    pub(super) fn is_set(&self, name: &str) -> bool {
        self.value(name).is_ok_and(|(value, _)| !value.is_null())
    }

    /// A text written as a whole.
    pub(super) fn text(&self, name: &str) -> Result<String, Unreadable> {
        self.optional_text(name)?.ok_or(SHAPE)
    }

    /// A text, or none.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<String>, Unreadable> {
        let scalar = self.scalar(name)?;
        if scalar.is_null() {
            return Ok(None);
        }
        Ok(Some(scalar.as_str().ok_or(SHAPE)?.to_owned()))
    }

    /// A text that grows key by key.
    pub(super) fn typed_text(&self, name: &str) -> Result<String, Unreadable> {
        let (Value::Object(ObjType::Text), text) = self.value(name)? else {
            return Err(SHAPE);
        };
        Ok(self.doc.text(text)?)
    }

    /// A signed number.
    pub(super) fn number(&self, name: &str) -> Result<i64, Unreadable> {
        self.optional_number(name)?.ok_or(SHAPE)
    }

    /// A signed number, or none.
    pub(super) fn optional_number(&self, name: &str) -> Result<Option<i64>, Unreadable> {
        let scalar = self.scalar(name)?;
        if scalar.is_null() {
            return Ok(None);
        }
        let ScalarValue::Int(number) = scalar else {
            return Err(SHAPE);
        };
        Ok(Some(number))
    }

    /// A moment.
    pub(super) fn moment(&self, name: &str) -> Result<Moment, Unreadable> {
        self.number(name).map(Moment::from_ms)
    }

    /// An unsigned number.
    pub(super) fn count(&self, name: &str) -> Result<u64, Unreadable> {
        let ScalarValue::Uint(count) = self.scalar(name)? else {
            return Err(SHAPE);
        };
        Ok(count)
    }

    /// Yes or no.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Unreadable> {
        let ScalarValue::Boolean(flag) = self.scalar(name)? else {
            return Err(SHAPE);
        };
        Ok(flag)
    }

    /// An object inside this one.
    pub(super) fn part(&self, name: &str) -> Result<Self, Unreadable> {
        self.optional_part(name)?.ok_or(SHAPE)
    }

    /// An object inside this one, or none.
    pub(super) fn optional_part(&self, name: &str) -> Result<Option<Self>, Unreadable> {
        match self.value(name)? {
            (Value::Object(ObjType::Map), part) => Ok(Some(Self::at(self.doc, part))),
            (value, _) if value.is_null() => Ok(None),
            _ => Err(SHAPE),
        }
    }

    /// A parsed text.
    pub(super) fn parse<T>(&self, name: &'static str, parse: Parse<T>) -> Result<T, Unreadable> {
        field(name, parse(&self.text(name)?))
    }

    /// A parsed text, or none.
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        parse: Parse<T>,
    ) -> Result<Option<T>, Unreadable> {
        let text = self.optional_text(name)?;
        text.map(|text| field(name, parse(&text))).transpose()
    }

    /// A numbered list of texts.
    pub(super) fn lines<T>(
        &self,
        name: &'static str,
        parse: Parse<T>,
    ) -> Result<Vec<T>, Unreadable> {
        let list = self.part(name)?;
        let mut lines = Vec::new();
        for place in list.names() {
            lines.push(field(name, parse(&list.text(&place)?))?);
        }
        Ok(lines)
    }

    /// A numbered list of objects.
    pub(super) fn items<T>(
        &self,
        name: &str,
        read: fn(&Reader<'_>) -> Result<T, Unreadable>,
    ) -> Result<Vec<T>, Unreadable> {
        let list = self.part(name)?;
        let mut items = Vec::new();
        for place in list.names() {
            items.push(read(&list.part(&place)?)?);
        }
        Ok(items)
    }

    /// The members of a set that belong to it.
    pub(super) fn members<T: Ord>(
        &self,
        name: &'static str,
        parse: Parse<T>,
    ) -> Result<BTreeSet<T>, Unreadable> {
        let marks = self.part(name)?;
        let mut members = BTreeSet::new();
        for member in marks.names() {
            if marks.flag(&member)? {
                members.insert(field(name, parse(&member))?);
            }
        }
        Ok(members)
    }

    fn scalar(&self, name: &str) -> Result<ScalarValue, Unreadable> {
        match self.value(name)? {
            (Value::Scalar(scalar), _) => Ok(scalar.into_owned()),
            (Value::Object(_), _) => Err(SHAPE),
        }
    }

    fn value(&self, name: &str) -> Result<(Value<'a>, ObjId), Unreadable> {
        self.doc.get(&self.object, name)?.ok_or(SHAPE)
    }
}

const SHAPE: Unreadable = Unreadable::because(Why::Shape);
