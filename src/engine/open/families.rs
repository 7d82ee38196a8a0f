//! The family file, its arrangement with a version, and the two sealed halves with their log of openings.
//!
//! It knows families that were accepted; how a referral gets that far is in [`intake`](super::intake).

use super::intake::may_offer;
use std::collections::BTreeSet;

use sync_protocol::DocumentId;

use crate::domain::gather::Gather;
use crate::{
    documents::{
        DocumentKind,
        record::{arrangement, family, protected},
    },
    domain::{
        arrangement::{Arrangement, ArrangementState, Frequency},
        contact::{ContactKind, Reporting},
        family::{FamilyCode, FamilyFile, FamilyState},
        ids::{EntryId, FamilyId, ReferralId},
        policy,
        protected::Opening,
        referral::Referral,
        side::Side,
        time::{Day, Moment},
    },
    engine::{
        form::{ArrangementForm, parse::ArrangementDraft},
        library::record::Opened,
        open::{
            Open,
            commands::document,
            writing::{OpenDetails, Sealing, gone},
        },
        summary::Summary,
        turn::Turn,
        view::{Done, Trouble},
        wire::Id,
    },
};

impl Open {
    pub(super) fn new_family(
        &self,
        referral: &Referral,
        id: Id,
        draft: &ArrangementDraft,
        turn: &mut Turn<'_>,
    ) -> Result<FamilyFile, Trouble> {
        let taken: BTreeSet<FamilyCode> = self
            .family_summaries()
            .filter_map(|(_, family)| FamilyCode::parse(&family.code).ok())
            .gather();
        let seed = u64::from_be_bytes(turn.random());
        Ok(FamilyFile {
            code: FamilyCode::suggest(&taken, seed).ok_or_else(gone)?,
            referral: Some(ReferralId::from_bytes(id.0)),
            children: referral.children.clone(),
            resident: referral.resident.clone(),
            visiting: referral.visiting.clone(),
            needs: referral.needs.clone(),
            collectors: draft.collectors.clone(),
            state: FamilyState::Active,
        })
    }

    /// Changes a family's arrangement; the version goes up.
    pub(crate) fn change_arrangement(
        &mut self,
        id: Id,
        form: &ArrangementForm,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let (terms_id, current) = self.arrangement_of(id).ok_or_else(gone)?;
        let may_offer = self.may_offer_to(id).unwrap_or_else(|| vec![current.kind]);
        let version = current.version;
        let draft = form.parse(&may_offer).map_err(Trouble::Form)?;
        let today = Moment::from_ms(turn.now).uk_day();
        let changed = terms(FamilyId::from_bytes(id.0), version + 1, &draft, today);
        let write = |doc: &mut _| arrangement::change_terms(doc, permit, &changed);
        self.edit(terms_id, Sealing::AtOnce, write, turn)?;
        let write = |doc: &mut _| family::set_collectors(doc, permit, &draft.collectors);
        self.edit(document(id), Sealing::AtOnce, write, turn)?;
        Ok(Done::Saved)
    }

    /// Opens one side's protected details and logs who did (DP-10).
    pub(crate) fn open_details(
        &mut self,
        family: Id,
        side: Side,
        turn: &mut Turn<'_>,
    ) -> Result<Done, Trouble> {
        let permit = policy::may_open_protected(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let details = self.details_of(family, side).ok_or_else(gone)?;
        let opening = Opening {
            id: EntryId::from_bytes(turn.random()),
            by: permit.by(),
            at: Moment::from_ms(turn.now),
            reason: None,
        };
        self.edit(
            details,
            Sealing::AtOnce,
            |doc| protected::log_opening(doc, permit, &opening),
            turn,
        )?;
        self.details = Some(OpenDetails {
            family: document(family),
            side,
            document: details,
        });
        Ok(Done::Saved)
    }

    /// What the risk decision of a family's referral allows.
    pub(crate) fn may_offer_to(&self, family: Id) -> Option<Vec<ContactKind>> {
        let Some(Opened::Family(file)) = self.library.opened(document(family)) else {
            return None;
        };
        let referral = DocumentId::from_bytes(*file.referral?.as_bytes());
        self.referral(referral)
            .ok()
            .map(|referral| may_offer(referral.risk.as_ref()))
    }

    /// The arrangement of a family, if it is open.
    pub(crate) fn arrangement_of(&self, family: Id) -> Option<(DocumentId, &Arrangement)> {
        let id = self.arrangement_id(family)?;
        self.library
            .opened(id)?
            .as_arrangement()
            .map(|arrangement| (id, arrangement))
    }

    fn arrangement_id(&self, family: Id) -> Option<DocumentId> {
        let mut all = self.arrangement_summaries();
        all.find_map(|(id, arrangement)| (arrangement.family == family).then_some(document(id)))
    }

    fn details_of(&self, family: Id, side: Side) -> Option<DocumentId> {
        self.library
            .of_kind(DocumentKind::ProtectedDetails)
            .into_iter()
            .find_map(|(id, summary)| { matches!(summary, Summary::Details { family: of, side: whose } if *of == family && whose.0 == side).then_some(id) })
    }

    /// Documents of a family's own screen and commands.
    pub(crate) fn family_documents(&self, family: Id) -> BTreeSet<DocumentId> {
        let referral = self
            .library
            .entry(document(family))
            .and_then(|entry| entry.summary.as_ref()?.as_family()?.referral.map(document));
        let halves = Side::ALL
            .iter()
            .filter_map(|side| self.details_of(family, *side));
        [
            Some(document(family)),
            self.arrangement_id(family),
            referral,
        ]
        .into_iter()
        .flatten()
        .chain(halves)
        .gather()
    }
}

pub(super) fn terms(
    family: FamilyId,
    version: u32,
    draft: &ArrangementDraft,
    today: Day,
) -> Arrangement {
    Arrangement {
        family,
        version,
        kind: draft.kind,
        reporting: Reporting::None,
        frequency: Frequency::Fortnightly,
        starts_on: today,
        length: draft.length,
        stagger: draft.stagger,
        room: None,
        conditions: Vec::new(),
        state: ArrangementState::InForce,
    }
}
