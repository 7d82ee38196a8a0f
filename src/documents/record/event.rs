//! One attendance event inside a visit's document; written once, never changed.

use autosurgeon::{Hydrate, Reconcile};

use super::{field, optional};
use crate::{
    documents::error::{Unreadable, Why},
    domain::{
        attendance::{AbsenceReason, AttendanceEvent, EventKind, TurnedAwayReason},
        error::{Expected, Found, ParseError},
        ids::{EventId, MemberId},
        side::Side,
        text::ShortLine,
        time::Moment,
    },
};

#[derive(Reconcile, Hydrate)]
pub(super) struct EventRecord {
    what: String,
    side: Option<String>,
    reason: Option<String>,
    words: Option<String>,
    target: Option<String>,
    occurred_at: i64,
    recorded_at: i64,
    recorded_by: String,
    tablet: String,
    correction_of: Option<String>,
}

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

/// The parts of an event that depend on what happened.
#[derive(Default)]
struct Parts {
    what: &'static str,
    side: Option<Side>,
    reason: Option<&'static str>,
    words: Option<String>,
    target: Option<EventId>,
}

impl Parts {
    fn of(kind: &EventKind) -> Self {
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
                words: words.as_ref().map(|words| words.as_str().to_owned()),
                ..sided(NOT_COMING, side)
            },
            EventKind::Undone(target) => Self {
                target: Some(*target),
                ..plain(UNDONE)
            },
        }
    }
}

impl From<&AttendanceEvent> for EventRecord {
    fn from(event: &AttendanceEvent) -> Self {
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
        Self {
            what: what.to_owned(),
            side: side.map(|side| side.word().to_owned()),
            reason: reason.map(str::to_owned),
            words,
            target: target.map(EventId::hex),
            occurred_at: occurred_at.ms(),
            recorded_at: recorded_at.ms(),
            recorded_by: recorded_by.hex(),
            tablet: tablet.as_str().to_owned(),
            correction_of: correction_of.map(EventId::hex),
        }
    }
}

impl EventRecord {
    pub(super) fn parse(self, id: &str) -> Result<AttendanceEvent, Unreadable> {
        let kind = self.kind()?;
        let Self {
            what: _,
            side: _,
            reason: _,
            words: _,
            target: _,
            occurred_at,
            recorded_at,
            recorded_by,
            tablet,
            correction_of,
        } = self;
        Ok(AttendanceEvent {
            id: field("events", EventId::parse_hex(id))?,
            kind,
            occurred_at: Moment::from_ms(occurred_at),
            recorded_at: Moment::from_ms(recorded_at),
            recorded_by: field("recorded_by", MemberId::parse_hex(&recorded_by))?,
            tablet: field("tablet", ShortLine::parse(&tablet))?,
            correction_of: optional("correction_of", correction_of, |id| EventId::parse_hex(id))?,
        })
    }

    /// What happened, from the five fields that say so together.
    fn kind(&self) -> Result<EventKind, Unreadable> {
        let side = || needed("side", self.side.as_deref(), Side::parse_word);
        let reason = self.reason.as_deref();
        Ok(match self.what.as_str() {
            ARRIVED => EventKind::Arrived(side()?),
            SEEN_HERE => EventKind::SeenHere(side()?),
            HANDED_TO_VISITING => EventKind::HandedToVisiting,
            LEFT_PREMISES => EventKind::LeftPremisesWithVisiting,
            BACK_ON_PREMISES => EventKind::BackOnPremises,
            HANDED_TO_RESIDENT => EventKind::HandedToResident,
            LEFT => EventKind::Left(side()?),
            TURNED_AWAY => EventKind::TurnedAway {
                side: side()?,
                reason: needed("reason", reason, TurnedAwayReason::parse_word)?,
            },
            NOT_COMING => EventKind::NotComing {
                side: side()?,
                reason: needed("reason", reason, AbsenceReason::parse_word)?,
                words: optional("words", self.words.as_deref(), |words| {
                    ShortLine::parse(words)
                })?,
            },
            UNDONE => EventKind::Undone(needed(
                "target",
                self.target.as_deref(),
                EventId::parse_hex,
            )?),
            _ => {
                let error = ParseError::new(Expected::Word("an event"), Found::NoSuch);
                return Err(Unreadable::because(Why::Field {
                    name: "what",
                    error,
                }));
            }
        })
    }
}

fn needed<T>(
    name: &'static str,
    stored: Option<&str>,
    parse: impl Fn(&str) -> Result<T, ParseError>,
) -> Result<T, Unreadable> {
    let missing = ParseError::new(Expected::Word(name), Found::Nothing);
    field(name, stored.ok_or(missing).and_then(parse))
}
