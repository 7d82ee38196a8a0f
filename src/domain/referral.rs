//! The request for a place and its life: received, assessed, accepted or not, started or not.
//!
//! A transition consumes the old referral and either gives the new one or says which rule refuses.

/// How far a referral has come.
mod state;

pub use self::state::{DeclineReason, ReferralStage, ReferralState, WithdrawnBy};
use crate::domain::{
    contact::{ContactKind, Reporting},
    ids::FamilyId,
    non_empty::NonEmpty,
    person::{Adult, Child},
    risk::RiskDecision,
    side::{PerSide, Side},
    text::{EmailAddress, LongText, PersonName, PhoneNumber, ShortLine},
    time::Day,
};

vocabulary! {
    /// Who asked; a court is counted in its own right (REF-1).
    ReferralSource, "a source of referrals" {
        /// A family court.
        Court = "court",
        /// The court advisory service for England.
        Cafcass = "cafcass",
        /// The court advisory service for Wales.
        CafcassCymru = "cafcass-cymru",
        /// A solicitor of either side.
        Solicitor = "solicitor",
        /// A mediator.
        Mediator = "mediator",
        /// A social worker.
        SocialWorker = "social-worker",
        /// Each parent with a form of their own.
        SelfReferral = "self-referral",
        /// Anybody else.
        OtherAgency = "other-agency",
    }
}

vocabulary! {
    /// Whether one side's own form has come in.
    Form, "whether a form is in" {
        /// Asked for, not yet here.
        Awaited = "awaited",
        /// Here, and stored where the other side cannot see it.
        Received = "received",
    }
}

vocabulary! {
    /// Whether a side can be reached; the details themselves are kept elsewhere.
    Reachable, "whether a side can be reached" {
        /// At least one way to reach them is on file.
        Yes = "yes",
        /// None is (REF-4).
        No = "no",
    }
}

/// The person or body that asks for the place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Referrer {
    /// Who to ask for; a self-referral names nobody else.
    pub name: Option<PersonName>,
    /// Where they work, unless they are a parent.
    pub organisation: Option<ShortLine>,
    /// Their telephone.
    pub phone: Option<PhoneNumber>,
    /// Their e-mail.
    pub email: Option<EmailAddress>,
}

/// One request for a place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Referral {
    /// What letters quote.
    pub reference: ShortLine,
    /// The day it came.
    pub received_on: Day,
    /// From where (REF-1).
    pub source: ReferralSource,
    /// From whom.
    pub referrer: Referrer,
    /// What was asked for.
    pub kind_requested: ContactKind,
    /// Whether reports were asked for.
    pub reporting: Reporting,
    /// The children, one at least.
    pub children: NonEmpty<Child>,
    /// The adult they live with.
    pub resident: Adult,
    /// The adult who would visit.
    pub visiting: Adult,
    /// Each side's own form (REF-2).
    pub forms: PerSide<Form>,
    /// Allergies, medicine, access, language.
    pub needs: Vec<ShortLine>,
    /// Why contact is asked for.
    pub reason: Option<LongText>,
    /// What went before.
    pub background: Option<LongText>,
    /// The current judgement of risk, if there is one (REF-5).
    pub risk: Option<RiskDecision>,
    /// How far it has come.
    pub state: ReferralState,
}

/// Something a referral still lacks.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Missing {
    /// A self-referral needs this side's form (REF-2).
    Form(Side),
    /// This side cannot be reached (REF-4).
    ContactDetails(Side),
}

/// Why a referral does not move on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ReferralRefusal {
    /// It is not complete (REF-2, REF-4).
    Incomplete(Vec<Missing>),
    /// Nobody has decided on the risk (REF-5).
    RiskNotDecided,
    /// The risk decision does not allow this kind (REF-6).
    KindNotSafe(ContactKind),
    /// It has already come to this stage.
    AlreadyAt(ReferralStage),
}

impl Referral {
    /// What is missing before it may be processed (REF-2, REF-4).
    pub fn missing(&self, reachable: PerSide<Reachable>) -> Vec<Missing> {
        let mut missing = Vec::new();
        for side in Side::ALL.iter().copied() {
            let awaited = matches!(self.forms.of(side), Form::Awaited);
            if awaited && matches!(self.source, ReferralSource::SelfReferral) {
                missing.push(Missing::Form(side));
            }
            if matches!(reachable.of(side), Reachable::No) {
                missing.push(Missing::ContactDetails(side));
            }
        }
        missing
    }

    /// `Received` or `Incomplete`, as what is missing says (REF-2, REF-4); later stages stay.
    #[must_use]
    pub fn checked(self, reachable: PerSide<Reachable>) -> Self {
        let early = matches!(
            self.state,
            ReferralState::Received | ReferralState::Incomplete
        );
        let state = match (early, self.missing(reachable).is_empty()) {
            (false, _) => self.state,
            (true, true) => ReferralState::Received,
            (true, false) => ReferralState::Incomplete,
        };
        Self { state, ..self }
    }

    /// Begins the assessment of a complete referral.
    pub fn begin_assessment(self, reachable: PerSide<Reachable>) -> Result<Self, ReferralRefusal> {
        let missing = self.missing(reachable);
        if !missing.is_empty() {
            return Err(ReferralRefusal::Incomplete(missing));
        }
        match self.state {
            ReferralState::Received | ReferralState::Incomplete => Ok(Self {
                state: ReferralState::Assessing,
                ..self
            }),
            ReferralState::Assessing
            | ReferralState::Waitlisted { .. }
            | ReferralState::Accepted { .. }
            | ReferralState::Declined { .. }
            | ReferralState::Withdrawn { .. }
            | ReferralState::Started { .. }
            | ReferralState::NeverStarted { .. } => Err(self.already()),
        }
    }

    /// Records the judgement of risk while the referral is open.
    pub fn decide_risk(self, decision: RiskDecision) -> Result<Self, ReferralRefusal> {
        self.while_open()?;
        Ok(Self {
            risk: Some(decision),
            ..self
        })
    }

    /// Offers a place of this kind, if the risk decision allows it (REF-5, REF-6).
    pub fn accept(self, kind: ContactKind, on: Day) -> Result<Self, ReferralRefusal> {
        self.assessed(kind)?;
        Ok(Self {
            state: ReferralState::Accepted { kind, on },
            ..self
        })
    }

    /// Puts a suitable referral on the waiting list (REF-12).
    pub fn wait(self, since: Day) -> Result<Self, ReferralRefusal> {
        self.assessed(self.kind_requested)?;
        Ok(Self {
            state: ReferralState::Waitlisted { since },
            ..self
        })
    }

    /// Turns the referral down, whoever made it (REF-9).
    pub fn decline(self, reason: DeclineReason, on: Day) -> Result<Self, ReferralRefusal> {
        self.while_open()?;
        Ok(Self {
            state: ReferralState::Declined { reason, on },
            ..self
        })
    }

    /// Takes the referral back.
    pub fn withdraw(self, by: WithdrawnBy, on: Day) -> Result<Self, ReferralRefusal> {
        self.while_open()?;
        Ok(Self {
            state: ReferralState::Withdrawn { by, on },
            ..self
        })
    }

    /// Opens the family file of an accepted referral.
    pub fn start(self, family: FamilyId, on: Day) -> Result<Self, ReferralRefusal> {
        self.offered()?;
        Ok(Self {
            state: ReferralState::Started { family, on },
            ..self
        })
    }

    /// Gives up the place of a family that never came.
    pub fn give_up_place(self, on: Day) -> Result<Self, ReferralRefusal> {
        self.offered()?;
        Ok(Self {
            state: ReferralState::NeverStarted { on },
            ..self
        })
    }

    fn assessed(&self, kind: ContactKind) -> Result<(), ReferralRefusal> {
        match self.state {
            ReferralState::Assessing | ReferralState::Waitlisted { .. } => {}
            ReferralState::Received | ReferralState::Incomplete => {
                return Err(ReferralRefusal::RiskNotDecided);
            }
            ReferralState::Accepted { .. }
            | ReferralState::Declined { .. }
            | ReferralState::Withdrawn { .. }
            | ReferralState::Started { .. }
            | ReferralState::NeverStarted { .. } => return Err(self.already()),
        }
        match &self.risk {
            None => Err(ReferralRefusal::RiskNotDecided),
            Some(decision) if !decision.suitable().contains(&kind) => {
                Err(ReferralRefusal::KindNotSafe(kind))
            }
            Some(_) => Ok(()),
        }
    }

    fn while_open(&self) -> Result<(), ReferralRefusal> {
        if self.state.stage().is_open() {
            Ok(())
        } else {
            Err(self.already())
        }
    }

    fn offered(&self) -> Result<(), ReferralRefusal> {
        if matches!(self.state, ReferralState::Accepted { .. }) {
            return Ok(());
        }
        Err(self.already())
    }

    const fn already(&self) -> ReferralRefusal {
        ReferralRefusal::AlreadyAt(self.state.stage())
    }
}

#[cfg(test)]
mod tests;
