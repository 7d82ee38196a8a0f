//! Referrals: taking one with its two sealed halves, the risk decision, accepting, declining.
//!
//! It knows a referral until it is decided; what an accepted one becomes is in [`families`](super::families).

use sync_protocol::DocumentId;

use crate::{
    documents::{
        DocumentKind,
        record::{arrangement, family, protected, referral},
    },
    domain::{
        contact::{ContactKind, Reporting},
        ids::FamilyId,
        policy,
        protected::{LeaveMessage, ProtectedDetails},
        referral::{DeclineReason, Form, Reachable, Referral, ReferralRefusal, ReferralState},
        risk::RiskDecision,
        side::{PerSide, Side},
        text::ShortLine,
        time::{Day, Moment},
    },
    engine::{
        form::{
            ArrangementForm, ReferralForm, RiskForm,
            parse::{ContactDetails, ReferralDraft},
        },
        library::record::Opened,
        open::families::terms,
        open::{
            Open,
            commands::document,
            writing::{Sealing, gone},
        },
        turn::Turn,
        view::{Done, Trouble},
        wire::Id,
    },
};

impl Open {
    /// Takes a referral: one record for the request, one sealed half for each side.
    pub(crate) fn take_referral(
        &mut self,
        form: &ReferralForm,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let today = Moment::from_ms(turn.now).uk_day();
        let draft = form.parse(today).map_err(Trouble::Form)?;
        let details = draft.details.clone();
        let referral = self.new_referral(draft, today)?;
        let me = self.member();
        let id = self.create(
            DocumentKind::Referral,
            me,
            |document| referral::write_new(document, permit, &referral),
            turn,
        )?;
        let family = family_of(id);
        for side in Side::ALL.iter().copied() {
            let half = half(family, side, details.of(side));
            let write = |document: &mut _| protected::write_new(document, permit, &half);
            self.create(DocumentKind::ProtectedDetails, me, write, turn)?;
        }
        Ok(Done::Created(Id(*id.as_bytes())))
    }

    fn new_referral(&self, draft: ReferralDraft, today: Day) -> Result<Referral, Trouble> {
        let (year, _, _) = today.numbers();
        let so_far = self.referral_summaries().count();
        let reference = format!("R-{year}-{:03}", so_far + 1);
        let ReferralDraft {
            source,
            referrer,
            children,
            adults,
            details: _,
            kind,
            reason,
            needs,
        } = draft;
        let PerSide { resident, visiting } = adults;
        Ok(Referral {
            reference: ShortLine::parse(&reference).map_err(|_| gone())?,
            received_on: today,
            source,
            referrer,
            kind_requested: kind,
            reporting: Reporting::None,
            children,
            resident,
            visiting,
            forms: PerSide {
                resident: Form::Received,
                visiting: Form::Received,
            },
            needs,
            reason: Some(reason),
            background: None,
            risk: None,
            state: ReferralState::Received,
        })
    }

    /// Records the risk decision (REF-5, REF-6).
    pub(crate) fn decide_risk(
        &mut self,
        id: Id,
        form: &RiskForm,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let acting = self.acting();
        let permit = policy::may_decide_risk(&acting).map_err(|_| Trouble::NotAllowed)?;
        let plan = policy::may_plan(&acting).map_err(|_| Trouble::NotAllowed)?;
        let draft = form.parse().map_err(Trouble::Form)?;
        let now = Moment::from_ms(turn.now);
        let decision = RiskDecision::decide(
            draft.level,
            draft.suitable,
            draft.controls,
            Some(draft.reason),
            permit.by(),
            now,
        );
        let referral = self.referral(document(id))?.clone();
        let referral = match referral.state {
            ReferralState::Received | ReferralState::Incomplete => referral
                .begin_assessment(REACHABLE)
                .map_err(|refusal| refused(&refusal))?,
            ReferralState::Assessing
            | ReferralState::Waitlisted { .. }
            | ReferralState::Accepted { .. }
            | ReferralState::Declined { .. }
            | ReferralState::Withdrawn { .. }
            | ReferralState::Started { .. }
            | ReferralState::NeverStarted { .. } => referral,
        };
        let referral = referral
            .decide_risk(decision.clone())
            .map_err(|refusal| refused(&refusal))?;
        let write = |document: &mut _| {
            referral::decide_risk(document, permit, &decision)?;
            referral::set_state(document, plan, referral.state)
        };
        self.edit(document(id), Sealing::AtOnce, write, turn)?;
        Ok(Done::Saved)
    }

    /// Accepts a referral: opens the family file and puts the arrangement in force.
    pub(crate) fn accept_referral(
        &mut self,
        id: Id,
        form: &ArrangementForm,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let referral = self.referral(document(id))?.clone();
        let may_offer = may_offer(referral.risk.as_ref());
        let draft = form.parse(&may_offer).map_err(Trouble::Form)?;
        let today = Moment::from_ms(turn.now).uk_day();
        let family = family_of(document(id));
        let accepted = referral
            .clone()
            .accept(draft.kind, today)
            .map_err(|refusal| refused(&refusal))?;
        let started = accepted
            .start(family, today)
            .map_err(|refusal| refused(&refusal))?;
        let file = self.new_family(&referral, id, &draft, turn)?;
        let me = self.member();
        let file_id = DocumentId::from_bytes(*family.as_bytes());
        self.create_as(
            file_id,
            DocumentKind::FamilyFile,
            me,
            |document| family::write_new(document, permit, &file),
            turn,
        )?;
        let terms = terms(family, 1, &draft, today);
        self.create(
            DocumentKind::Arrangement,
            me,
            |document| arrangement::write_new(document, permit, &terms),
            turn,
        )?;
        let write = |doc: &mut _| referral::set_state(doc, permit, started.state);
        self.edit(document(id), Sealing::AtOnce, write, turn)?;
        Ok(Done::Created(Id(*family.as_bytes())))
    }

    /// Declines a referral with a reason class (REF-9).
    pub(crate) fn decline_referral(
        &mut self,
        id: Id,
        reason: &str,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let reason = DeclineReason::parse_word(reason).map_err(|_| Trouble::Rule {
            rule: "REF-9".to_owned(),
            why: "Choose why the referral is declined.".to_owned(),
        })?;
        let today = Moment::from_ms(turn.now).uk_day();
        let declined = self
            .referral(document(id))?
            .clone()
            .decline(reason, today)
            .map_err(|refusal| refused(&refusal))?;
        let write = |doc: &mut _| referral::set_state(doc, permit, declined.state);
        self.edit(document(id), Sealing::AtOnce, write, turn)?;
        Ok(Done::Saved)
    }

    /// An open referral.
    pub(crate) fn referral(&self, id: DocumentId) -> Result<&Referral, Trouble> {
        match self.library.opened(id) {
            Some(Opened::Referral(referral)) => Ok(referral),
            _ => Err(gone()),
        }
    }
}

/// Every side on a referral that was taken has a way to be reached: the form demands it (REF-4).
const REACHABLE: PerSide<Reachable> = PerSide {
    resident: Reachable::Yes,
    visiting: Reachable::Yes,
};

/// The family file that a referral leads to, known before it exists so that the sealed halves can name it.
fn family_of(referral: DocumentId) -> FamilyId {
    let mut hash = blake3::Hasher::new();
    hash.update(b"ng/family/v1").update(referral.as_bytes());
    let mut id = [0; 16];
    hash.finalize_xof().fill(&mut id);
    FamilyId::from_bytes(id)
}

/// Kinds that a risk decision allows; none before there is one (REF-5).
pub(crate) fn may_offer(risk: Option<&RiskDecision>) -> Vec<ContactKind> {
    risk.map(|risk| risk.suitable().iter().copied().collect())
        .unwrap_or_default()
}

fn half(family: FamilyId, side: Side, details: &ContactDetails) -> ProtectedDetails {
    ProtectedDetails {
        address: details.address.clone(),
        phones: details.phone.iter().cloned().collect(),
        email: details.email.clone(),
        leave_message: LeaveMessage::NotAsked,
        ..ProtectedDetails::blank(family, side)
    }
}

fn refused(refusal: &ReferralRefusal) -> Trouble {
    let (rule, why) = match refusal {
        ReferralRefusal::Incomplete(_) => (
            "REF-2",
            "Something is still missing from one side; add it first.",
        ),
        ReferralRefusal::RiskNotDecided => ("REF-5", "Record the risk decision before accepting."),
        ReferralRefusal::KindNotSafe(_) => (
            "REF-6",
            "The risk decision does not allow this kind of contact.",
        ),
        ReferralRefusal::AlreadyAt(_) => ("REF-14", "This referral was already decided."),
    };
    Trouble::Rule {
        rule: rule.to_owned(),
        why: why.to_owned(),
    }
}
