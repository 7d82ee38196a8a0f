//! Appending to the membership chain: judged by the shared rules, then compared and appended.

use std::sync::Arc;

use sync_protocol::{
    CentreId, ErrorCode, InviteId, Membership, MembershipError, SignedRecord,
    frame::{MembershipAnswer, MembershipRequest, Poke},
    membership::Payload,
};

use crate::{
    error::RelayError,
    relay::{Centre, Relay},
    store::{MembershipAppend, NewMembership},
};

impl Relay {
    /// Appends records, all or none.
    pub async fn append_membership(
        &self,
        id: CentreId,
        body: &[u8],
    ) -> Result<Vec<u8>, RelayError> {
        let request = MembershipRequest::decode(body)?;
        let records = parse(request.records)?;
        let before = match self.centre(id).await {
            Ok(centre) => Some(centre),
            Err(RelayError::Code(ErrorCode::UnknownCentre)) => None,
            Err(error) => return Err(error),
        };
        let length = before
            .as_ref()
            .map_or(0, |centre| centre.membership.length());
        if length != request.expected {
            return already_there(before.as_deref(), request.expected, &records);
        }
        let membership = judge(before.as_deref(), id, &records)?;
        let now_ms = self.clock.now_ms();
        let append = NewMembership {
            centre: id,
            expected: length,
            head: membership.head(),
            invites: invites(&records),
            records: records.into_iter().map(SignedRecord::into_bytes).collect(),
            now_ms,
            max_centres: self.max_centres,
        };
        match self.store.append_membership(append).await? {
            MembershipAppend::Appended => {}
            MembershipAppend::Moved => {
                self.reload(id).await?;
                return Err(ErrorCode::MembershipMoved.into());
            }
            MembershipAppend::InviteTaken => {
                return Err(RelayError::Membership(MembershipError::KnownInvite));
            }
            MembershipAppend::Full => return Err(ErrorCode::Quota.into()),
        }
        let answer = answer(&membership);
        let length = membership.length();
        let centre = Centre::grown(membership, before.as_deref(), now_ms);
        self.keep(id, Arc::new(centre));
        self.metrics.appended();
        self.hub.poke(id, Poke::Membership { length });
        Ok(answer)
    }
}

fn parse(records: Vec<Vec<u8>>) -> Result<Vec<SignedRecord>, RelayError> {
    records
        .into_iter()
        .map(|bytes| {
            SignedRecord::parse(bytes)
                .map_err(|error| RelayError::Membership(MembershipError::Record(error)))
        })
        .collect()
}

/// A retry after a lost answer finds its records in place and is answered like the first time.
fn already_there(
    centre: Option<&Centre>,
    expected: u32,
    records: &[SignedRecord],
) -> Result<Vec<u8>, RelayError> {
    let moved = RelayError::Code(ErrorCode::MembershipMoved);
    let Some(centre) = centre else {
        return Err(moved);
    };
    let there = !records.is_empty()
        && records
            .iter()
            .zip(expected..)
            .all(|(record, index)| centre.membership.hash_at(index) == Some(record.hash()));
    if there {
        Ok(answer(&centre.membership))
    } else {
        Err(moved)
    }
}

fn judge(
    before: Option<&Centre>,
    id: CentreId,
    records: &[SignedRecord],
) -> Result<Membership, RelayError> {
    let mut records = records.iter();
    let mut membership = if let Some(centre) = before {
        centre.membership.clone()
    } else {
        let first = records.next().ok_or(ErrorCode::UnknownCentre)?;
        let membership = Membership::genesis(first).map_err(RelayError::Membership)?;
        if membership.centre() != id {
            return Err(ErrorCode::UnknownCentre.into());
        }
        membership
    };
    for record in records {
        membership.apply(record).map_err(RelayError::Membership)?;
    }
    Ok(membership)
}

fn invites(records: &[SignedRecord]) -> Vec<(InviteId, i64)> {
    records
        .iter()
        .filter_map(|signed| match signed.record().ok()?.payload {
            Payload::Invite {
                invite, expires_ms, ..
            } => Some((invite, expires_ms)),
            Payload::Genesis { .. }
            | Payload::MemberAdd { .. }
            | Payload::DeviceAdd { .. }
            | Payload::DeviceRevoke { .. }
            | Payload::RoleChange { .. }
            | Payload::RingEpoch { .. }
            | Payload::InviteCancel { .. } => None,
        })
        .collect()
}

fn answer(membership: &Membership) -> Vec<u8> {
    MembershipAnswer {
        length: membership.length(),
        head: membership.head(),
    }
    .encode()
}
