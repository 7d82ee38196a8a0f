//! Values that concurrent changes left side by side (OFF-3).
//!
//! Automerge shows one of them everywhere, the same one; silently taking it would lose the other,
//! so a person sees both and chooses. Choosing is writing the field once more.

use automerge::{AutoCommit, ObjId, ROOT, ReadDoc, ScalarValue, Value};

use super::reader::Reader;
use crate::documents::{document::Document, schema::DocumentKind};

/// A field with more than one value.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Conflict {
    /// The stored name of the field.
    pub field: &'static str,
    /// The values, the one that shows first; a composite value by its first word.
    pub values: Vec<String>,
}

/// The fields of a kind of document that two people may set at the same time.
const fn watched(kind: DocumentKind) -> &'static [&'static str] {
    match kind {
        DocumentKind::Centre => &["name", "venue"],
        DocumentKind::Worker => &["name"],
        DocumentKind::Session => &["day", "opens", "closes", "leader", "state"],
        DocumentKind::Visit => &["starts", "ends", "room", "supervisor"],
        DocumentKind::Referral => &["risk", "state"],
        DocumentKind::FamilyFile => &["state"],
        DocumentKind::Arrangement => &["version", "contact", "length", "room", "state"],
        DocumentKind::ProtectedDetails => &["address", "email", "leave_message"],
        DocumentKind::ObservationNote => &[],
    }
}

/// Everything a person should choose about in a document.
pub fn conflicts(document: &Document) -> Vec<Conflict> {
    let doc = document.reading();
    let mut found: Vec<Conflict> = watched(document.kind())
        .iter()
        .filter_map(|field| conflict(doc, &ROOT, field))
        .collect();
    if matches!(
        document.kind(),
        DocumentKind::Visit | DocumentKind::Arrangement
    ) {
        let stagger = Reader::root(doc).part("stagger").ok();
        let fields = [
            "meeting",
            "first_in",
            "arrival_gap",
            "first_out",
            "departure_gap",
        ];
        found.extend(stagger.iter().flat_map(|stagger| {
            fields
                .into_iter()
                .filter_map(|field| conflict(doc, stagger.object(), field))
        }));
    }
    found
}

fn conflict(doc: &AutoCommit, object: &ObjId, field: &'static str) -> Option<Conflict> {
    let shown = doc.get(object, field).ok()??;
    let all = doc.get_all(object, field).ok()?;
    let mut values = vec![words(doc, &shown)];
    for value in &all {
        let words = words(doc, value);
        if !values.contains(&words) {
            values.push(words);
        }
    }
    (values.len() > 1).then_some(Conflict { field, values })
}

fn words(doc: &AutoCommit, (value, object): &(Value<'_>, ObjId)) -> String {
    match value {
        Value::Scalar(scalar) => scalar_words(scalar),
        // A decision is told apart by what was decided, whoever decided it.
        Value::Object(_) => ["stage", "overall"]
            .into_iter()
            .find_map(|name| doc.get(object, name).ok().flatten())
            .map(|(value, _)| value.as_str().unwrap_or_default().to_owned())
            .unwrap_or_default(),
    }
}

fn scalar_words(scalar: &ScalarValue) -> String {
    if let Some(text) = scalar.as_str() {
        return text.to_owned();
    }
    scalar
        .as_i64()
        .map(|number| number.to_string())
        .unwrap_or_default()
}
