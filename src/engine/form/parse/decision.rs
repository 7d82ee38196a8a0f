//! The risk decision and the arrangement.

use std::collections::BTreeSet;

use super::{ArrangementDraft, RiskDraft, fields::Fields};
use crate::domain::gather::Gather;
use crate::{
    domain::{
        arrangement::{Length, USUAL_LONGEST},
        contact::ContactKind,
        error::ParseError,
        person::Collector,
        risk::{RiskLevel, allows},
        side::Side,
        stagger::{LEAST_GAP, MOST_GAP, Meeting, Stagger, StaggerParts, USUAL_GAP},
        text::{LongText, PersonName, ShortLine},
    },
    engine::form::{ArrangementForm, FieldError, Problem, RiskForm},
};

/// The shortest visit that a form suggests, in minutes.
const SHORTEST: i32 = 10;

impl RiskForm {
    /// Reads the form; a kind that the level rules out is refused, not dropped (REF-6).
    pub fn parse(&self) -> Result<RiskDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let level = fields.chosen("risk-level", self.level).map(|level| level.0);
        let suitable: BTreeSet<_> = self.suitable.iter().map(|kind| kind.0).gather();
        if let Some(level) = level {
            check_suitable(level, &suitable, &mut fields);
        }
        let controls = fields.lines("controls", &self.controls, ShortLine::parse);
        let reason = fields.read("risk-reason", LongText::parse(&self.reason));
        let draft = level.zip(reason).map(|(level, reason)| RiskDraft {
            level,
            suitable,
            controls,
            reason,
        });
        fields.finish(draft)
    }
}

fn check_suitable(level: RiskLevel, suitable: &BTreeSet<ContactKind>, fields: &mut Fields) {
    if suitable.is_empty() && level != RiskLevel::Unmanageable {
        fields.refuse("suitable", Problem::ChooseOne);
    } else if !suitable.iter().all(|kind| allows(level, *kind)) {
        fields.refuse("suitable", Problem::KindNotAllowed);
    }
}

impl ArrangementForm {
    /// Reads the form; `may_offer` holds the kinds that the risk decision allows (REF-6).
    pub fn parse(&self, may_offer: &[ContactKind]) -> Result<ArrangementDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let kind = fields
            .chosen("arrangement-kind", self.kind)
            .map(|kind| kind.0);
        if kind.is_some_and(|kind| !may_offer.contains(&kind)) {
            fields.refuse("arrangement-kind", Problem::KindNotAllowed);
        }
        let longest = i32::try_from(USUAL_LONGEST).unwrap_or(i32::MAX);
        let minutes = fields.number("length", &self.length_minutes, SHORTEST, longest);
        let length = minutes.and_then(|minutes| fields.read("length", Length::parse(minutes)));
        let stagger = self.stagger(&mut fields);
        let collectors = fields.lines("collectors", &self.collectors, collector);
        let draft = (|| {
            Some(ArrangementDraft {
                kind: kind?,
                length: length?,
                stagger: stagger?,
                collectors,
            })
        })();
        fields.finish(draft)
    }

    fn stagger(&self, fields: &mut Fields) -> Option<Stagger> {
        let (meeting, least) = if self.keep_apart {
            (Meeting::KeptApart, LEAST_GAP)
        } else {
            (Meeting::MayMeet, 0)
        };
        let range = |value| i32::try_from(value).unwrap_or(i32::MAX);
        let arrival_gap = fields.number("gap", &self.gap_minutes, range(least), range(MOST_GAP))?;
        if !self.keep_apart && !(0..=MOST_GAP).contains(&arrival_gap) {
            fields.refuse(
                "gap",
                Problem::OutOfRange {
                    min: 0,
                    max: range(MOST_GAP),
                },
            );
            return None;
        }
        let parts = StaggerParts {
            meeting,
            first_in: self.first_in.0,
            arrival_gap,
            first_out: Side::Resident,
            departure_gap: USUAL_GAP,
        };
        fields.read("gap", Stagger::parse(parts))
    }
}

/// "Pat Price, gran", or a name alone.
fn collector(line: &str) -> Result<Collector, ParseError> {
    let (name, relationship) = line.split_once(',').unwrap_or((line, ""));
    Ok(Collector {
        name: PersonName::parse(name)?,
        relationship: ShortLine::parse_optional(relationship)?,
    })
}
