//! Taking envelopes: judged one by one, stored together, receipted.

use std::{collections::BTreeMap, sync::Arc};

use sync_protocol::{
    CentreId, Channel, DeviceId, EnvelopeError, EnvelopeId, EnvelopeKind, ErrorCode,
    SealedEnvelope,
    envelope::id_of,
    frame::{Authorization, Poke, PushAnswer, PushCode, PushOutcome, PushRequest},
    membership::{AccessError, Device},
};

use crate::{
    error::RelayError,
    relay::{
        Centre, Relay, Unproved,
        compaction::{self, Shown},
    },
    store::{EnvelopeAppend, NewEnvelopes, Placed},
};

/// Times that a batch is judged again because the membership moved under it.
const TRIES: usize = 8;

/// An envelope to store, or the reason not to.
type Judged = Result<SealedEnvelope, PushCode>;

/// Who answers for a batch, besides those who signed its envelopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sender {
    /// Nobody: what is not new is not known to be old.
    Unproved,
    /// An active device says that it held these envelopes: the log is being brought back.
    ///
    /// Only what the passing of time changed is forgiven. An author who was revoked since must have been
    /// active at the record that the envelope names. And what two devices let go of may come without its body.
    Proved(DeviceId),
}

impl Relay {
    /// Takes a batch, and answers with a signed receipt for what is durable by then.
    ///
    /// With a proof of an active device, as for a pull, envelopes may be old: their authors revoked since, their
    /// epochs retired long ago, and many at once. That is how a log comes back to a relay that has lost it.
    pub async fn push(
        &self,
        centre: CentreId,
        path: &str,
        body: &[u8],
        authorization: Option<Authorization>,
    ) -> Result<Vec<u8>, RelayError> {
        let sender = self.sender(centre, path, body, authorization).await?;
        let request = PushRequest::decode(body)?;
        let ids: Vec<EnvelopeId> = request.envelopes.iter().map(|bytes| id_of(bytes)).collect();
        let outcomes = match self.centre_as_kept(centre).await {
            Ok(known) => self.push_into(known, sender, &request.envelopes).await?,
            Err(RelayError::Code(_)) => vec![refused(PushCode::UnknownCentre); ids.len()],
            Err(error) => return Err(error),
        };
        for outcome in &outcomes {
            self.metrics.pushed(outcome.code);
        }
        let answer = PushAnswer {
            outcomes,
            incarnation: self.incarnation,
        };
        Ok(answer.sign(centre, &ids, &self.key)?)
    }

    async fn sender(
        &self,
        id: CentreId,
        path: &str,
        body: &[u8],
        authorization: Option<Authorization>,
    ) -> Result<Sender, RelayError> {
        if authorization.is_none() {
            return Ok(Sender::Unproved);
        }
        let centre = self.centre(id).await?;
        let request = Unproved::post(id, path, body, authorization);
        let device = self.prove(&centre, request)?;
        match device.revoked_at {
            None => Ok(Sender::Proved(device.id)),
            Some(_) => Err(ErrorCode::Revoked.into()),
        }
    }

    async fn push_into(
        &self,
        mut centre: Arc<Centre>,
        sender: Sender,
        envelopes: &[&[u8]],
    ) -> Result<Vec<PushOutcome>, RelayError> {
        for _ in 0..TRIES {
            let judged = self.judge_all(&centre, sender, envelopes);
            // What is accepted is judged at the store's own length; what is refused must be too.
            if judged.iter().any(Result::is_err) {
                let newest = self.centre(centre.id()).await?;
                if newest.membership.length() != centre.membership.length() {
                    centre = newest;
                    continue;
                }
            }
            let now_ms = self.clock.now_ms();
            let batch = NewEnvelopes {
                centre: centre.id(),
                membership_length: centre.membership.length(),
                envelopes: judged.iter().flatten().cloned().collect(),
                quota: self.centre_quota,
                now_ms,
                prunings: compaction::prunings(&centre, judged.iter().flatten(), now_ms),
            };
            let placed = if batch.envelopes.is_empty() {
                EnvelopeAppend::Done(Vec::new())
            } else {
                self.store.append_envelopes(batch).await?
            };
            match placed {
                EnvelopeAppend::Done(placed) => {
                    return Ok(self.report(centre.id(), judged, placed));
                }
                EnvelopeAppend::Moved => centre = self.reload(centre.id()).await?,
            }
        }
        Err(ErrorCode::Unavailable.into())
    }

    fn judge_all(&self, centre: &Centre, sender: Sender, envelopes: &[&[u8]]) -> Vec<Judged> {
        let shown = match sender {
            Sender::Unproved => Shown::nothing(),
            Sender::Proved(device) => Shown::by(centre, &device, envelopes),
        };
        envelopes
            .iter()
            .map(|bytes| self.judge(centre, sender, &shown, bytes))
            .collect()
    }

    fn judge(&self, centre: &Centre, sender: Sender, shown: &Shown, bytes: &[u8]) -> Judged {
        let envelope = SealedEnvelope::parse_kept(bytes.to_vec()).map_err(|error| match error {
            EnvelopeError::TooLarge { .. } => PushCode::TooLarge,
            EnvelopeError::Length { .. }
            | EnvelopeError::Magic
            | EnvelopeError::UpdateNeeded { .. }
            | EnvelopeError::Field { .. }
            | EnvelopeError::Signature => PushCode::Malformed,
        })?;
        if !shown.allows(&envelope) {
            return Err(PushCode::Malformed);
        }
        let now_ms = self.clock.now_ms();
        let author = judge_rights(centre, &envelope)?;
        if sender != Sender::Unproved {
            return Ok(envelope);
        }
        if author.revoked_at.is_some() {
            return Err(PushCode::Revoked);
        }
        centre.check_not_retired(envelope.header(), now_ms)?;
        if !self.rates.push(author.id, envelope.header().kind, now_ms) {
            return Err(PushCode::SlowDown);
        }
        Ok(envelope)
    }

    /// Puts the store's answers back where the envelopes came from, and pokes who listens.
    fn report(
        &self,
        centre: CentreId,
        judged: Vec<Judged>,
        placed: Vec<Placed>,
    ) -> Vec<PushOutcome> {
        let mut placed = placed.into_iter();
        let mut grown: BTreeMap<Channel, u64> = BTreeMap::new();
        let outcomes = judged
            .into_iter()
            .map(|judged| {
                let envelope = match judged {
                    Ok(envelope) => envelope,
                    Err(code) => return refused(code),
                };
                let outcome = placed.next().map_or(refused(PushCode::Malformed), outcome);
                if outcome.code == PushCode::Accepted {
                    grown.insert(envelope.header().channel, outcome.seq);
                }
                outcome
            })
            .collect();
        for (channel, seq) in grown {
            self.hub.poke(centre, Poke::Channel { channel, seq });
        }
        outcomes
    }
}

/// Everything about an envelope that neither order nor time changes: kind, membership seen, author, signature, rights,
/// and that its epoch has begun.
fn judge_rights<'c>(centre: &'c Centre, envelope: &SealedEnvelope) -> Result<&'c Device, PushCode> {
    let header = envelope.header();
    let membership = &centre.membership;
    if header.centre != centre.id() {
        return Err(PushCode::UnknownCentre);
    }
    match header.kind {
        EnvelopeKind::Change
        | EnvelopeKind::Snapshot
        | EnvelopeKind::Wrap
        | EnvelopeKind::Drop
        | EnvelopeKind::Attest
        | EnvelopeKind::Prune => {}
        EnvelopeKind::Erase => return Err(PushCode::Malformed),
    }
    membership
        .check_seen(header.membership_index, header.membership_hash)
        .map_err(|_| PushCode::UnknownMembership)?;
    let author = membership
        .device(&header.author)
        .ok_or(PushCode::Forbidden)?;
    envelope
        .verify(&author.sign)
        .map_err(|_| PushCode::Signature)?;
    membership
        .may_write(&header.author, header.channel, header.membership_index)
        .map_err(|error| match error {
            AccessError::UnknownMembership { .. } => PushCode::UnknownMembership,
            // A revoked author is told so, whatever the envelope says that they had seen.
            AccessError::NotInForce { .. } if author.revoked_at.is_some() => PushCode::Revoked,
            AccessError::UnknownDevice
            | AccessError::NotInForce { .. }
            | AccessError::Forbidden => PushCode::Forbidden,
        })?;
    compaction::judge(centre, envelope)?;
    centre.check_begun(header)?;
    Ok(author)
}

const fn refused(code: PushCode) -> PushOutcome {
    PushOutcome { code, seq: 0 }
}

fn outcome(placed: Placed) -> PushOutcome {
    let (code, seq) = match placed {
        Placed::Accepted(seq) => (PushCode::Accepted, seq),
        Placed::Duplicate(seq) => (PushCode::Duplicate, seq),
        Placed::Conflict => (PushCode::Conflict, 0),
        Placed::Gap(expected) => (PushCode::Gap, expected),
        Placed::Quota => (PushCode::Quota, 0),
    };
    PushOutcome { code, seq }
}
