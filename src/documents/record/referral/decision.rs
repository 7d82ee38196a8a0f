//! A referral's state and judgement of risk: each written and replaced as one whole.

use crate::{
    documents::{
        error::{Unreadable, WriteError},
        record::{field, reader::Reader, writer::Writer},
    },
    domain::{
        contact::ContactKind,
        error::{Expected, Found, ParseError},
        ids::{FamilyId, MemberId},
        referral::{DeclineReason, ReferralStage, ReferralState, WithdrawnBy},
        risk::{RiskDecision, RiskLevel},
        text::{LongText, ShortLine},
        time::Day,
    },
};

pub(super) fn write_risk(decision: &RiskDecision, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let suitable = decision.suitable().iter();
    let controls = decision.controls().iter();
    to.text("overall", decision.overall().word())?;
    to.members("suitable", &mut suitable.map(|kind| kind.word().to_owned()))?;
    to.lines("controls", &mut controls.map(ShortLine::as_str))?;
    to.optional("reason", decision.reason().map(LongText::as_str))?;
    to.text("decided_by", &decision.decided_by().hex())?;
    to.number("decided_at", decision.decided_at().ms())
}

pub(super) fn parse_risk(from: &Reader<'_>) -> Result<RiskDecision, Unreadable> {
    Ok(RiskDecision::decide(
        from.parse("overall", RiskLevel::parse_word)?,
        from.members("suitable", ContactKind::parse_word)?,
        from.lines("controls", ShortLine::parse)?,
        from.optional("reason", LongText::parse)?,
        from.parse("decided_by", MemberId::parse_hex)?,
        from.moment("decided_at")?,
    ))
}

pub(super) fn write_state(state: ReferralState, to: &mut Writer<'_>) -> Result<(), WriteError> {
    let family;
    let (on, detail) = match state {
        ReferralState::Received | ReferralState::Incomplete | ReferralState::Assessing => {
            (None, None)
        }
        ReferralState::Waitlisted { since } => (Some(since), None),
        ReferralState::Accepted { kind, on } => (Some(on), Some(kind.word())),
        ReferralState::Declined { reason, on } => (Some(on), Some(reason.word())),
        ReferralState::Withdrawn { by, on } => (Some(on), Some(by.word())),
        ReferralState::Started { family: id, on } => {
            family = id.hex();
            (Some(on), Some(family.as_str()))
        }
        ReferralState::NeverStarted { on } => (Some(on), None),
    };
    to.text("stage", state.stage().word())?;
    to.optional("on", on.map(Day::iso).as_deref())?;
    // The kind offered, the reason, who withdrew, or the family: what the stage calls for.
    to.optional("detail", detail)
}

pub(super) fn parse_state(from: &Reader<'_>) -> Result<ReferralState, Unreadable> {
    let on = from.optional_text("on")?;
    let day = || {
        let missing = ParseError::new(Expected::Day, Found::Nothing);
        field("on", on.as_deref().ok_or(missing).and_then(Day::parse))
    };
    let detail = from.optional_text("detail")?.unwrap_or_default();
    Ok(match from.parse("stage", ReferralStage::parse_word)? {
        ReferralStage::Received => ReferralState::Received,
        ReferralStage::Incomplete => ReferralState::Incomplete,
        ReferralStage::Assessing => ReferralState::Assessing,
        ReferralStage::Waitlisted => ReferralState::Waitlisted { since: day()? },
        ReferralStage::Accepted => ReferralState::Accepted {
            kind: field("detail", ContactKind::parse_word(&detail))?,
            on: day()?,
        },
        ReferralStage::Declined => ReferralState::Declined {
            reason: field("detail", DeclineReason::parse_word(&detail))?,
            on: day()?,
        },
        ReferralStage::Withdrawn => ReferralState::Withdrawn {
            by: field("detail", WithdrawnBy::parse_word(&detail))?,
            on: day()?,
        },
        ReferralStage::Started => ReferralState::Started {
            family: field("detail", FamilyId::parse_hex(&detail))?,
            on: day()?,
        },
        ReferralStage::NeverStarted => ReferralState::NeverStarted { on: day()? },
    })
}
