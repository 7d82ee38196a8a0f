//! A session's document: the opening itself; its visits are documents of their own.

use super::{reader::Reader, reading, writer::Writer, writing};
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

/// Writes a new session.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    session: &Session,
) -> Result<(), WriteError> {
    write(session, &mut writing(document, KIND)?)
}

/// Reads the session.
pub fn read(document: &Document) -> Result<Session, Unreadable> {
    parse(&reading(document, KIND)?)
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
    writing(document, KIND)?.optional("leader", leader.map(MemberId::hex).as_deref())
}

/// Opens, closes or cancels the session.
pub fn set_state(
    document: &mut Document,
    _: OfficePermit,
    state: SessionState,
) -> Result<(), WriteError> {
    writing(document, KIND)?.text("state", state.word())
}

fn put_worker(document: &mut Document, worker: MemberId, on_duty: bool) -> Result<(), WriteError> {
    let mut workers = writing(document, KIND)?.inside("workers")?;
    workers.flag(&worker.hex(), on_duty)
}

fn write(session: &Session, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let Session {
        day,
        opens,
        closes,
        venue,
        leader,
        workers,
        state,
    } = session;
    to.text("day", &day.iso())?;
    to.text("opens", &opens.to_string())?;
    to.text("closes", &closes.to_string())?;
    to.text("venue", venue.as_str())?;
    to.optional("leader", leader.map(MemberId::hex).as_deref())?;
    to.members("workers", &mut workers.iter().map(|worker| worker.hex()))?;
    to.text("state", state.word())
}

fn parse(from: &Reader<'_>) -> Result<Session, Unreadable> {
    Ok(Session {
        day: from.parse("day", Day::parse)?,
        opens: from.parse("opens", ClockTime::parse)?,
        closes: from.parse("closes", ClockTime::parse)?,
        venue: from.parse("venue", ShortLine::parse)?,
        leader: from.optional("leader", MemberId::parse_hex)?,
        workers: from.members("workers", MemberId::parse_hex)?,
        state: from.parse("state", SessionState::parse_word)?,
    })
}
