//! An arrangement's document; a change of terms is a new version of the whole.

use automerge::{ROOT, transaction::Transactable};
use autosurgeon::{Hydrate, Reconcile};

use super::{
    field,
    lines::{Numbered, number, texts},
    optional,
    people::StaggerRecord,
    read_record, write_record,
};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        arrangement::{Arrangement, ArrangementState, Frequency, Length},
        contact::{ContactKind, Reporting},
        ids::{FamilyId, RoomId},
        policy::OfficePermit,
        text::ShortLine,
        time::Day,
    },
};

const KIND: DocumentKind = DocumentKind::Arrangement;

#[derive(Reconcile, Hydrate)]
struct ArrangementRecord {
    family: String,
    version: u64,
    // The root's own `kind` names the kind of document.
    #[autosurgeon(rename = "contact")]
    kind: String,
    reporting: String,
    frequency: String,
    starts_on: String,
    length: i64,
    stagger: StaggerRecord,
    room: Option<String>,
    conditions: Numbered<String>,
    state: String,
}

impl From<&Arrangement> for ArrangementRecord {
    fn from(arrangement: &Arrangement) -> Self {
        let Arrangement {
            family,
            version,
            kind,
            reporting,
            frequency,
            starts_on,
            length,
            stagger,
            room,
            conditions,
            state,
        } = arrangement;
        Self {
            family: family.hex(),
            version: u64::from(*version),
            kind: kind.word().to_owned(),
            reporting: reporting.word().to_owned(),
            frequency: frequency.word().to_owned(),
            starts_on: starts_on.iso(),
            length: length.minutes(),
            stagger: StaggerRecord::from(*stagger),
            room: room.map(RoomId::hex),
            conditions: number(conditions.iter().map(|line| line.as_str().to_owned())),
            state: state.word().to_owned(),
        }
    }
}

impl TryFrom<ArrangementRecord> for Arrangement {
    type Error = Unreadable;

    fn try_from(record: ArrangementRecord) -> Result<Self, Unreadable> {
        let ArrangementRecord {
            family,
            version,
            kind,
            reporting,
            frequency,
            starts_on,
            length,
            stagger,
            room,
            conditions,
            state,
        } = record;
        Ok(Self {
            family: field("family", FamilyId::parse_hex(&family))?,
            version: u32::try_from(version).unwrap_or(u32::MAX),
            kind: field("contact", ContactKind::parse_word(&kind))?,
            reporting: field("reporting", Reporting::parse_word(&reporting))?,
            frequency: field("frequency", Frequency::parse_word(&frequency))?,
            starts_on: field("starts_on", Day::parse(&starts_on))?,
            length: field("length", Length::parse_agreed_longer(length))?,
            stagger: stagger.try_into()?,
            room: optional("room", room, |id| RoomId::parse_hex(id))?,
            conditions: texts("conditions", conditions, ShortLine::parse)?,
            state: field("state", ArrangementState::parse_word(&state))?,
        })
    }
}

/// Writes a new arrangement.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    arrangement: &Arrangement,
) -> Result<(), WriteError> {
    write_record(document, KIND, &ArrangementRecord::from(arrangement))
}

/// Writes changed terms over the old ones; only what differs is written.
pub fn change_terms(
    document: &mut Document,
    _: OfficePermit,
    arrangement: &Arrangement,
) -> Result<(), WriteError> {
    write_record(document, KIND, &ArrangementRecord::from(arrangement))
}

/// Reads the arrangement.
pub fn read(document: &Document) -> Result<Arrangement, Unreadable> {
    read_record::<ArrangementRecord>(document, KIND)?.try_into()
}

/// Records how far the arrangement has come.
pub fn set_state(
    document: &mut Document,
    _: OfficePermit,
    state: ArrangementState,
) -> Result<(), WriteError> {
    Ok(document.writing(KIND)?.put(ROOT, "state", state.word())?)
}
