//! A referral's state and judgement of risk: each written and replaced as one whole.

use autosurgeon::{Hydrate, Reconcile};

use crate::{
    documents::{
        error::Unreadable,
        record::{
            field,
            lines::{Marks, Numbered, mark, members, number, texts},
            optional,
        },
    },
    domain::{
        contact::ContactKind,
        error::{Expected, Found, ParseError},
        ids::{FamilyId, MemberId},
        referral::{DeclineReason, ReferralStage, ReferralState, WithdrawnBy},
        risk::{RiskDecision, RiskLevel},
        text::{LongText, ShortLine},
        time::{Day, Moment},
    },
};

#[derive(Reconcile, Hydrate)]
pub(super) struct RiskRecord {
    overall: String,
    suitable: Marks,
    controls: Numbered<String>,
    reason: Option<String>,
    decided_by: String,
    decided_at: i64,
}

impl From<&RiskDecision> for RiskRecord {
    fn from(decision: &RiskDecision) -> Self {
        Self {
            overall: decision.overall().word().to_owned(),
            suitable: mark(
                decision
                    .suitable()
                    .iter()
                    .map(|kind| kind.word().to_owned()),
            ),
            controls: number(
                decision
                    .controls()
                    .iter()
                    .map(|line| line.as_str().to_owned()),
            ),
            reason: decision.reason().map(|text| text.as_str().to_owned()),
            decided_by: decision.decided_by().hex(),
            decided_at: decision.decided_at().ms(),
        }
    }
}

impl TryFrom<RiskRecord> for RiskDecision {
    type Error = Unreadable;

    fn try_from(record: RiskRecord) -> Result<Self, Unreadable> {
        let RiskRecord {
            overall,
            suitable,
            controls,
            reason,
            decided_by,
            decided_at,
        } = record;
        Ok(Self::decide(
            field("overall", RiskLevel::parse_word(&overall))?,
            members("suitable", suitable, ContactKind::parse_word)?,
            texts("controls", controls, ShortLine::parse)?,
            optional("reason", reason, |text| LongText::parse(text))?,
            field("decided_by", MemberId::parse_hex(&decided_by))?,
            Moment::from_ms(decided_at),
        ))
    }
}

#[derive(Reconcile, Hydrate)]
pub(super) struct StateRecord {
    stage: String,
    on: Option<String>,
    /// The kind offered, the reason, who withdrew, or the family: what the stage calls for.
    detail: Option<String>,
}

impl From<ReferralState> for StateRecord {
    fn from(state: ReferralState) -> Self {
        let (on, detail) = match state {
            ReferralState::Received | ReferralState::Incomplete | ReferralState::Assessing => {
                (None, None)
            }
            ReferralState::Waitlisted { since } => (Some(since), None),
            ReferralState::Accepted { kind, on } => (Some(on), Some(kind.word().to_owned())),
            ReferralState::Declined { reason, on } => (Some(on), Some(reason.word().to_owned())),
            ReferralState::Withdrawn { by, on } => (Some(on), Some(by.word().to_owned())),
            ReferralState::Started { family, on } => (Some(on), Some(family.hex())),
            ReferralState::NeverStarted { on } => (Some(on), None),
        };
        Self {
            stage: state.stage().word().to_owned(),
            on: on.map(Day::iso),
            detail,
        }
    }
}

impl TryFrom<StateRecord> for ReferralState {
    type Error = Unreadable;

    fn try_from(record: StateRecord) -> Result<Self, Unreadable> {
        let StateRecord { stage, on, detail } = record;
        let day = || {
            let missing = ParseError::new(Expected::Day, Found::Nothing);
            field("on", on.as_deref().ok_or(missing).and_then(Day::parse))
        };
        let detail = detail.unwrap_or_default();
        Ok(match field("stage", ReferralStage::parse_word(&stage))? {
            ReferralStage::Received => Self::Received,
            ReferralStage::Incomplete => Self::Incomplete,
            ReferralStage::Assessing => Self::Assessing,
            ReferralStage::Waitlisted => Self::Waitlisted { since: day()? },
            ReferralStage::Accepted => Self::Accepted {
                kind: field("detail", ContactKind::parse_word(&detail))?,
                on: day()?,
            },
            ReferralStage::Declined => Self::Declined {
                reason: field("detail", DeclineReason::parse_word(&detail))?,
                on: day()?,
            },
            ReferralStage::Withdrawn => Self::Withdrawn {
                by: field("detail", WithdrawnBy::parse_word(&detail))?,
                on: day()?,
            },
            ReferralStage::Started => Self::Started {
                family: field("detail", FamilyId::parse_hex(&detail))?,
                on: day()?,
            },
            ReferralStage::NeverStarted => Self::NeverStarted { on: day()? },
        })
    }
}
