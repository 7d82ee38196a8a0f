//! What is written down of those who were let in: name, roles, and what their tablets are called.
//!
//! It knows workers' records, which the whole team reads; who may read what is the chain's.

use super::{Candidate, SentInvite};

use sync_protocol::{DocumentId, InviteId, membership::InviteState};

use crate::domain::gather::Gather;
use crate::{
    documents::{Document, DocumentKind, record::worker},
    domain::{
        ids::{DeviceId, MemberId as PersonId},
        policy,
        text::PersonName,
        time::Moment,
        worker::{Tablet, Worker},
    },
    engine::{
        crypto::enrolment::InviteSecret,
        open::{
            Open,
            commands::document,
            writing::{Sealing, gone},
        },
        summary::Summary,
        turn::Turn,
        view::Trouble,
        wire::Id,
    },
};

impl Open {
    /// The record of a person.
    pub(crate) fn worker_document(&self, member: Id) -> Option<DocumentId> {
        let mut workers = self.lines(DocumentKind::Worker, Summary::as_worker);
        let found = workers.find(|(_, worker)| worker.member == member);
        found.map(|(id, _)| document(id))
    }

    /// The record of whoever an invite is for, if they are here already.
    pub(crate) fn invited_document(&self, invite: Id) -> Option<DocumentId> {
        let invite = self.membership.invite(&InviteId::from_bytes(invite.0))?;
        self.worker_document(Id(*invite.member.as_bytes()))
    }

    /// Writes down who was let in by the relay without this tablet hearing of it: its answer was lost, or this
    /// tablet was switched off before it came. Without that record nobody would ever learn the newcomer's name.
    pub(crate) fn know_those_let_in(&mut self, turn: &mut Turn<'_>) {
        let nameless = self
            .people
            .sent
            .iter()
            .filter(|sent| sent.newcomer.is_some())
            .map(|sent| InviteSecret::from_bytes(sent.secret).invite())
            .filter(|invite| {
                let known = self.membership.invite(invite);
                known.is_some_and(|known| matches!(known.state, InviteState::Used { .. }))
            });
        let nameless: Vec<InviteId> = nameless.collect();
        for invite in nameless {
            let candidate = self.people.candidates.remove(&invite);
            if self.write_down(invite, candidate, turn).is_ok() {
                self.write_private(turn);
            }
        }
    }

    /// A person who was let in gets a record with name and roles, for everybody to read; and their tablet its name in it.
    pub(super) fn write_down(
        &mut self,
        invite: InviteId,
        candidate: Option<Candidate>,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let since = Moment::from_ms(turn.now);
        let tablet = candidate.and_then(|candidate| {
            let device = DeviceId::from_bytes(*candidate.keys.device().as_bytes());
            let name = candidate.tablet?;
            Some((device, Tablet { name, since }))
        });
        let is_this = |sent: &SentInvite| InviteSecret::from_bytes(sent.secret).invite() == invite;
        let sent = self.people.sent.iter().find(|sent| is_this(sent));
        let Some((member, newcomer)) = sent.map(|sent| (sent.member, sent.newcomer.clone())) else {
            return Ok(());
        };
        let Some((name, roles)) = newcomer else {
            return self.put_tablet(Id(member), tablet, turn);
        };
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let record = Worker {
            member: PersonId::from_bytes(member),
            name: PersonName::parse(&name).map_err(|_| gone())?,
            roles: roles.into_iter().map(|role| role.0).collect(),
            tablets: tablet.into_iter().gather(),
        };
        let me = self.member();
        self.create(
            DocumentKind::Worker,
            me,
            |doc| worker::write_new(doc, permit, &record),
            turn,
        )?;
        if let Some(sent) = self.people.sent.iter_mut().find(|sent| is_this(sent)) {
            sent.newcomer = None;
        }
        Ok(())
    }

    /// Writes the tablet's name into the record of somebody who is here already, if that is open.
    fn put_tablet(
        &mut self,
        member: Id,
        tablet: Option<(DeviceId, Tablet)>,
        turn: &mut Turn<'_>,
    ) -> Result<(), Trouble> {
        let permit = policy::may_plan(&self.acting()).map_err(|_| Trouble::NotAllowed)?;
        let record = self.worker_document(member);
        let record = record.filter(|record| self.library.live(*record).is_some());
        let Some((record, (device, tablet))) = record.zip(tablet) else {
            return Ok(());
        };
        let write = |doc: &mut Document| worker::put_tablet(doc, permit, device, &tablet);
        self.edit(record, Sealing::AtOnce, write, turn)
    }
}
