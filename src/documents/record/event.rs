//! One attendance event inside a visit's document; written once, never changed.

use super::{field, reader::Reader, writer::Writer};
use crate::{
    documents::error::{Unreadable, WriteError},
    domain::{
        attendance::{AbsenceReason, AttendanceEvent, EventKind, TurnedAwayReason},
        error::{Expected, Found, ParseError},
        ids::{EventId, MemberId},
        side::Side,
        text::ShortLine,
    },
};

const ARRIVED: &str = "arrived";
const SEEN_HERE: &str = "seen-here";
const HANDED_TO_VISITING: &str = "handed-to-visiting";
const LEFT_PREMISES: &str = "left-premises-with-visiting";
const BACK_ON_PREMISES: &str = "back-on-premises";
const HANDED_TO_RESIDENT: &str = "handed-to-resident";
const LEFT: &str = "left";
const TURNED_AWAY: &str = "turned-away";
const NOT_COMING: &str = "not-coming";
const UNDONE: &str = "undone";

pub(super) fn write_event(event: &AttendanceEvent, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let AttendanceEvent {
        id: _,
        kind,
        occurred_at,
        recorded_at,
        recorded_by,
        tablet,
        correction_of,
    } = event;
    let Parts {
        what,
        side,
        reason,
        words,
        target,
    } = Parts::of(kind);
    to.text("what", what)?;
    to.optional("side", side.map(Side::word))?;
    to.optional("reason", reason)?;
    to.optional("words", words)?;
    to.optional("target", target.map(EventId::hex).as_deref())?;
    to.number("occurred_at", occurred_at.ms())?;
    to.number("recorded_at", recorded_at.ms())?;
    to.text("recorded_by", &recorded_by.hex())?;
    to.text("tablet", tablet.as_str())?;
    to.optional("correction_of", correction_of.map(EventId::hex).as_deref())
}

pub(super) fn parse_event(id: &str, from: &Reader<'_>) -> Result<AttendanceEvent, Unreadable> {
    Ok(AttendanceEvent {
        id: field("events", EventId::parse_hex(id))?,
        kind: parse_kind(from)?,
        occurred_at: from.moment("occurred_at")?,
        recorded_at: from.moment("recorded_at")?,
        recorded_by: from.parse("recorded_by", MemberId::parse_hex)?,
        tablet: from.parse("tablet", ShortLine::parse)?,
        correction_of: from.optional("correction_of", EventId::parse_hex)?,
    })
}

/// The parts of an event that depend on what happened.
#[derive(Default)]
struct Parts<'a> {
    what: &'static str,
    side: Option<Side>,
    reason: Option<&'static str>,
    words: Option<&'a str>,
    target: Option<EventId>,
}

impl<'a> Parts<'a> {
    fn of(kind: &'a EventKind) -> Self {
        let plain = |what| Self {
            what,
            ..Self::default()
        };
        let sided = |what, side: &Side| Self {
            what,
            side: Some(*side),
            ..Self::default()
        };
        match kind {
            EventKind::Arrived(side) => sided(ARRIVED, side),
            EventKind::SeenHere(side) => sided(SEEN_HERE, side),
            EventKind::HandedToVisiting => plain(HANDED_TO_VISITING),
            EventKind::LeftPremisesWithVisiting => plain(LEFT_PREMISES),
            EventKind::BackOnPremises => plain(BACK_ON_PREMISES),
            EventKind::HandedToResident => plain(HANDED_TO_RESIDENT),
            EventKind::Left(side) => sided(LEFT, side),
            EventKind::TurnedAway { side, reason } => Self {
                reason: Some(reason.word()),
                ..sided(TURNED_AWAY, side)
            },
            EventKind::NotComing {
                side,
                reason,
                words,
            } => Self {
                reason: Some(reason.word()),
                words: words.as_ref().map(ShortLine::as_str),
                ..sided(NOT_COMING, side)
            },
            EventKind::Undone(target) => Self {
                target: Some(*target),
                ..plain(UNDONE)
            },
        }
    }
}

/// What happened, from the five fields that say so together.
fn parse_kind(from: &Reader<'_>) -> Result<EventKind, Unreadable> {
    let what = from.text("what")?;
    let side = from.optional_text("side")?;
    let side = || needed("side", side.as_deref(), Side::parse_word);
    let reason = from.optional_text("reason")?;
    let words = from.optional_text("words")?;
    let target = from.optional_text("target")?;
    Ok(match what.as_str() {
        ARRIVED => EventKind::Arrived(side()?),
        SEEN_HERE => EventKind::SeenHere(side()?),
        HANDED_TO_VISITING => EventKind::HandedToVisiting,
        LEFT_PREMISES => EventKind::LeftPremisesWithVisiting,
        BACK_ON_PREMISES => EventKind::BackOnPremises,
        HANDED_TO_RESIDENT => EventKind::HandedToResident,
        LEFT => EventKind::Left(side()?),
        TURNED_AWAY => EventKind::TurnedAway {
            side: side()?,
            reason: needed("reason", reason.as_deref(), TurnedAwayReason::parse_word)?,
        },
        NOT_COMING => EventKind::NotComing {
            side: side()?,
            reason: needed("reason", reason.as_deref(), AbsenceReason::parse_word)?,
            words: words
                .map(|words| field("words", ShortLine::parse(&words)))
                .transpose()?,
        },
        UNDONE => EventKind::Undone(needed("target", target.as_deref(), EventId::parse_hex)?),
        _ => {
            let error = ParseError::new(Expected::Word("an event"), Found::NoSuch);
            return field("what", Err(error));
        }
    })
}

fn needed<T>(
    name: &'static str,
    stored: Option<&str>,
    parse: fn(&str) -> Result<T, ParseError>,
) -> Result<T, Unreadable> {
    let missing = ParseError::new(Expected::Word(name), Found::Nothing);
    field(name, stored.ok_or(missing).and_then(parse))
}
