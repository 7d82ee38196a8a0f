//! A session's document: the opening itself; its visits are documents of their own.

use automerge::{ROOT, ScalarValue, transaction::Transactable};
use autosurgeon::{Hydrate, Reconcile};

use super::{
    container, field,
    lines::{Marks, mark, members},
    optional, read_record, write_record,
};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        ids::MemberId,
        policy::OfficePermit,
        session::{Session, SessionState},
        text::ShortLine,
        time::{ClockTime, Day},
    },
};

const KIND: DocumentKind = DocumentKind::Session;

#[derive(Reconcile, Hydrate)]
struct SessionRecord {
    day: String,
    opens: String,
    closes: String,
    venue: String,
    leader: Option<String>,
    workers: Marks,
    state: String,
}

impl From<&Session> for SessionRecord {
    fn from(session: &Session) -> Self {
        let Session {
            day,
            opens,
            closes,
            venue,
            leader,
            workers,
            state,
        } = session;
        Self {
            day: day.iso(),
            opens: opens.to_string(),
            closes: closes.to_string(),
            venue: venue.as_str().to_owned(),
            leader: leader.map(MemberId::hex),
            workers: mark(workers.iter().map(|worker| worker.hex())),
            state: state.word().to_owned(),
        }
    }
}

impl TryFrom<SessionRecord> for Session {
    type Error = Unreadable;

    fn try_from(record: SessionRecord) -> Result<Self, Unreadable> {
        let SessionRecord {
            day,
            opens,
            closes,
            venue,
            leader,
            workers,
            state,
        } = record;
        Ok(Self {
            day: field("day", Day::parse(&day))?,
            opens: field("opens", ClockTime::parse(&opens))?,
            closes: field("closes", ClockTime::parse(&closes))?,
            venue: field("venue", ShortLine::parse(&venue))?,
            leader: optional("leader", leader, |id| MemberId::parse_hex(id))?,
            workers: members("workers", workers, MemberId::parse_hex)?,
            state: field("state", SessionState::parse_word(&state))?,
        })
    }
}

/// Writes a new session.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    session: &Session,
) -> Result<(), WriteError> {
    write_record(document, KIND, &SessionRecord::from(session))
}

/// Reads the session.
pub fn read(document: &Document) -> Result<Session, Unreadable> {
    read_record::<SessionRecord>(document, KIND)?.try_into()
}

/// Puts a worker on duty.
pub fn add_worker(
    document: &mut Document,
    _: OfficePermit,
    worker: MemberId,
) -> Result<(), WriteError> {
    put_worker(document, worker, true)
}

/// Takes a worker off duty.
pub fn remove_worker(
    document: &mut Document,
    _: OfficePermit,
    worker: MemberId,
) -> Result<(), WriteError> {
    put_worker(document, worker, false)
}

/// Names who is in charge, or nobody.
pub fn set_leader(
    document: &mut Document,
    _: OfficePermit,
    leader: Option<MemberId>,
) -> Result<(), WriteError> {
    let leader = leader.map_or(ScalarValue::Null, |member| member.hex().into());
    Ok(document.writing(KIND)?.put(ROOT, "leader", leader)?)
}

/// Opens, closes or cancels the session.
pub fn set_state(
    document: &mut Document,
    _: OfficePermit,
    state: SessionState,
) -> Result<(), WriteError> {
    Ok(document.writing(KIND)?.put(ROOT, "state", state.word())?)
}

fn put_worker(document: &mut Document, worker: MemberId, on_duty: bool) -> Result<(), WriteError> {
    let doc = document.writing(KIND)?;
    let workers = container(doc, "workers")?;
    Ok(doc.put(workers, worker.hex(), on_duty)?)
}
