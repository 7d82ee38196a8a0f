//! A session, and a visit in it.

use super::{SessionDraft, VisitDraft, fields::Fields};
use crate::{
    domain::{
        ids::{FamilyId, MemberId, RoomId, SessionId},
        time::{ClockTime, Day, Moment, Slot},
    },
    engine::form::{FieldError, Problem, SessionForm, VisitForm},
};

impl SessionForm {
    /// Reads the form.
    pub fn parse(&self) -> Result<SessionDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let day = fields.read("session-day", Day::parse(&self.day));
        let opens = fields.read("session-opens", ClockTime::parse(&self.opens));
        let closes = fields.read("session-closes", ClockTime::parse(&self.closes));
        if opens
            .zip(closes)
            .is_some_and(|(opens, closes)| closes <= opens)
        {
            fields.refuse("session-closes", Problem::EndsBeforeStart);
        }
        let leader = self.leader.map(|id| MemberId::from_bytes(id.0));
        let workers = self
            .workers
            .iter()
            .map(|id| MemberId::from_bytes(id.0))
            .collect();
        let draft = (|| {
            Some(SessionDraft {
                day: day?,
                opens: opens?,
                closes: closes?,
                leader,
                workers,
            })
        })();
        fields.finish(draft)
    }
}

impl VisitForm {
    /// Reads the form; `day` is the day of its session.
    pub fn parse(&self, day: Day) -> Result<VisitDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let family = fields.chosen("visit-family", self.family);
        let starts = fields.read("visit-starts", ClockTime::parse(&self.starts));
        let ends = fields.read("visit-ends", ClockTime::parse(&self.ends));
        let slot = starts.zip(ends).and_then(|(starts, ends)| {
            let slot = Slot::parse(Moment::from_uk(day, starts), Moment::from_uk(day, ends));
            fields.read("visit-ends", slot)
        });
        let draft = family.zip(slot).map(|(family, slot)| VisitDraft {
            session: SessionId::from_bytes(self.session.0),
            family: FamilyId::from_bytes(family.0),
            slot,
            room: self.room.map(|id| RoomId::from_bytes(id.0)),
            supervisor: self.supervisor.map(|id| MemberId::from_bytes(id.0)),
        });
        fields.finish(draft)
    }
}
