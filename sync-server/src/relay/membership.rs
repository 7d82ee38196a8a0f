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
        let records = match (&before, length.checked_sub(request.expected)) {
            (_, Some(0)) => records,
            (Some(centre), Some(_)) => {
                let rest = beyond(&centre.membership, request.expected, records)?;
                if rest.is_empty() {
                    return Ok(answer(&centre.membership));
                }
                rest
            }
            (None, Some(_)) | (_, None) => return Err(ErrorCode::MembershipMoved.into()),
        };
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

/// What of these records the chain does not have yet, if it has the ones before them.
///
/// A retry after a lost answer finds its records in place and is answered like the first time; a device that
/// brings its whole chain to a relay that was restored from an old copy has the missing end appended.
fn beyond(
    membership: &Membership,
    expected: u32,
    mut records: Vec<SignedRecord>,
) -> Result<Vec<SignedRecord>, RelayError> {
    let there = membership.length().saturating_sub(expected);
    let there = usize::try_from(there).unwrap_or(usize::MAX);
    let rest = records.split_off(there.min(records.len()));
    let same = !records.is_empty()
        && records
            .iter()
            .zip(expected..)
            .all(|(record, index)| membership.hash_at(index) == Some(record.hash()));
    if same {
        Ok(rest)
    } else {
        Err(ErrorCode::MembershipMoved.into())
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
            | Payload::InviteCancel { .. }
            | Payload::RecoveryUsed
            | Payload::RelayChange { .. } => None,
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
