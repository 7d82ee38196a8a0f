//! A visit's document: the door card and the attendance of one family on one day.

use automerge::{ROOT, ReadDoc, ScalarValue, transaction::Transactable};
use autosurgeon::{Hydrate, Reconcile};

use super::{
    Kept, container,
    event::EventRecord,
    field,
    lines::{Numbered, items, number, texts},
    optional,
    people::{CollectorRecord, StaggerRecord},
    read_items, read_record, write_record,
};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        attendance::AttendanceEvent,
        contact::ContactKind,
        family::FamilyCode,
        ids::{MemberId, RoomId, SessionId},
        non_empty::NonEmpty,
        person::Collector,
        policy::{AttendancePermit, OfficePermit},
        side::PerSide,
        text::{PersonName, ShortLine},
        time::{Moment, Slot},
        visit::{DoorName, Visit},
    },
};

const KIND: DocumentKind = DocumentKind::Visit;

#[derive(Reconcile, Hydrate)]
struct VisitRecord {
    session: String,
    family: String,
    // The root's own `kind` names the kind of document.
    #[autosurgeon(rename = "contact")]
    kind: String,
    children: Numbered<String>,
    resident: DoorNameRecord,
    visiting: DoorNameRecord,
    starts: i64,
    ends: i64,
    room: Option<String>,
    supervisor: Option<String>,
    stagger: StaggerRecord,
    needs: Numbered<String>,
    collectors: Numbered<CollectorRecord>,
}

#[derive(Reconcile, Hydrate)]
struct DoorNameRecord {
    first_name: String,
    initials: String,
    relationship: String,
}

impl From<&DoorName> for DoorNameRecord {
    fn from(name: &DoorName) -> Self {
        let DoorName {
            first_name,
            initials,
            relationship,
        } = name;
        Self {
            first_name: first_name.as_str().to_owned(),
            initials: initials.as_str().to_owned(),
            relationship: relationship.as_str().to_owned(),
        }
    }
}

impl TryFrom<DoorNameRecord> for DoorName {
    type Error = Unreadable;

    fn try_from(record: DoorNameRecord) -> Result<Self, Unreadable> {
        let DoorNameRecord {
            first_name,
            initials,
            relationship,
        } = record;
        Ok(Self {
            first_name: field("first_name", PersonName::parse(&first_name))?,
            initials: field("initials", ShortLine::parse(&initials))?,
            relationship: field("relationship", ShortLine::parse(&relationship))?,
        })
    }
}

impl From<&Visit> for VisitRecord {
    fn from(visit: &Visit) -> Self {
        let Visit {
            session,
            family,
            kind,
            children,
            adults,
            slot,
            room,
            supervisor,
            stagger,
            needs,
            collectors,
        } = visit;
        Self {
            session: session.hex(),
            family: family.to_string(),
            kind: kind.word().to_owned(),
            children: number(children.iter().map(|name| name.as_str().to_owned())),
            resident: DoorNameRecord::from(&adults.resident),
            visiting: DoorNameRecord::from(&adults.visiting),
            starts: slot.start().ms(),
            ends: slot.end().ms(),
            room: room.map(RoomId::hex),
            supervisor: supervisor.map(MemberId::hex),
            stagger: StaggerRecord::from(*stagger),
            needs: number(needs.iter().map(|line| line.as_str().to_owned())),
            collectors: number(collectors.iter().map(CollectorRecord::from)),
        }
    }
}

impl TryFrom<VisitRecord> for Visit {
    type Error = Unreadable;

    fn try_from(record: VisitRecord) -> Result<Self, Unreadable> {
        let VisitRecord {
            session,
            family,
            kind,
            children,
            resident,
            visiting,
            starts,
            ends,
            room,
            supervisor,
            stagger,
            needs,
            collectors,
        } = record;
        let children = texts("children", children, PersonName::parse)?;
        let slot = Slot::parse(Moment::from_ms(starts), Moment::from_ms(ends));
        Ok(Self {
            session: field("session", SessionId::parse_hex(&session))?,
            family: field("family", FamilyCode::parse(&family))?,
            kind: field("contact", ContactKind::parse_word(&kind))?,
            children: field("children", NonEmpty::parse(children))?,
            adults: PerSide {
                resident: resident.try_into()?,
                visiting: visiting.try_into()?,
            },
            slot: field("ends", slot)?,
            room: optional("room", room, |id| RoomId::parse_hex(id))?,
            supervisor: optional("supervisor", supervisor, |id| MemberId::parse_hex(id))?,
            stagger: stagger.try_into()?,
            needs: texts("needs", needs, ShortLine::parse)?,
            collectors: items(collectors, Collector::try_from)?,
        })
    }
}

/// Writes a new visit.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    visit: &Visit,
) -> Result<(), WriteError> {
    write_record(document, KIND, &VisitRecord::from(visit))
}

/// Reads the door card.
pub fn read(document: &Document) -> Result<Visit, Unreadable> {
    read_record::<VisitRecord>(document, KIND)?.try_into()
}

/// Reads every event, also while the door card itself cannot be read.
pub fn events(document: &Document) -> Result<Kept<AttendanceEvent>, Unreadable> {
    read_items(document, "events", |id, record: EventRecord| {
        record.parse(id)
    })
}

/// Adds an event; one that is already there stays as it was.
pub fn append_event(
    document: &mut Document,
    _: AttendancePermit,
    event: &AttendanceEvent,
) -> Result<(), WriteError> {
    let doc = document.writing(KIND)?;
    let events = container(doc, "events")?;
    let id = event.id.hex();
    if doc.get(&events, id.as_str())?.is_some() {
        return Ok(());
    }
    Ok(autosurgeon::reconcile_prop(
        doc,
        events,
        id.as_str(),
        EventRecord::from(event),
    )?)
}

/// Moves the visit to a room, or to none.
pub fn set_room(
    document: &mut Document,
    _: OfficePermit,
    room: Option<RoomId>,
) -> Result<(), WriteError> {
    let room = room.map_or(ScalarValue::Null, |room| room.hex().into());
    Ok(document.writing(KIND)?.put(ROOT, "room", room)?)
}

/// Names who observes, or nobody.
pub fn set_supervisor(
    document: &mut Document,
    _: OfficePermit,
    supervisor: Option<MemberId>,
) -> Result<(), WriteError> {
    let supervisor = supervisor.map_or(ScalarValue::Null, |member| member.hex().into());
    Ok(document
        .writing(KIND)?
        .put(ROOT, "supervisor", supervisor)?)
}

/// Moves the visit in time.
pub fn set_slot(document: &mut Document, _: OfficePermit, slot: Slot) -> Result<(), WriteError> {
    let doc = document.writing(KIND)?;
    doc.put(ROOT, "starts", slot.start().ms())?;
    Ok(doc.put(ROOT, "ends", slot.end().ms())?)
}
