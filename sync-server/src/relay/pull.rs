//! Handing out what is new, to devices that prove who they are.

use sync_protocol::{
    CentreId, ErrorCode, RecordHash,
    frame::{Authorization, PullAnswer, PullRequest},
    limits::PULL_PAGE,
    membership::{AccessError, Device},
};

use crate::{
    error::RelayError,
    relay::{Centre, Relay, Unproved},
    store::{Pages, Wanted},
};

/// How much of the membership chain a device may see.
struct Visible {
    length: u32,
    head: RecordHash,
}

impl Relay {
    /// Answers one request for all channels.
    pub async fn pull(
        &self,
        id: CentreId,
        path: &str,
        body: &[u8],
        authorization: Option<Authorization>,
    ) -> Result<Vec<u8>, RelayError> {
        let centre = self.centre(id).await?;
        let request = Unproved::post(id, path, body, authorization);
        let device = self.prove(&centre, request)?;
        if !self.rates.pull(device.id, self.clock.now_ms()) {
            return Err(ErrorCode::SlowDown.into());
        }
        let request = PullRequest::decode(body)?;
        check_channels(&centre, device, &request)?;
        let visible = visible(&centre, device);
        let (records, more_records) = self.records(id, &request, &visible).await?;
        let spent: usize = records.iter().map(Vec::len).sum();
        let budget = PULL_PAGE.saturating_sub(spent);
        let wanted = Wanted {
            centre: id,
            channels: request.channels,
            budget,
        };
        let pages = if wanted.channels.is_empty() {
            Pages::default()
        } else {
            self.store.pages(wanted).await?
        };
        self.metrics
            .pulled(pages.pages.iter().map(|page| page.envelopes.len()).sum());
        let answer = PullAnswer {
            relay_key: self.key.verifying_key().to_bytes(),
            incarnation: self.incarnation,
            relay_ms: self.clock.now_ms(),
            challenge: self.challenge()?,
            membership_length: visible.length,
            membership_head: visible.head,
            records,
            pages: pages.pages,
            more: pages.more || more_records,
        };
        Ok(answer.sign(&self.key))
    }

    async fn records(
        &self,
        id: CentreId,
        request: &PullRequest,
        visible: &Visible,
    ) -> Result<(Vec<Vec<u8>>, bool), RelayError> {
        let wanted = visible.length.saturating_sub(request.membership_held);
        if wanted == 0 {
            return Ok((Vec::new(), false));
        }
        let held = request.membership_held;
        let mut records = self.store.records_from(id, held, PULL_PAGE).await?;
        let wanted = usize::try_from(wanted).unwrap_or(usize::MAX);
        records.truncate(wanted);
        let more = records.len() < wanted;
        Ok((records, more))
    }
}

fn check_channels(
    centre: &Centre,
    device: &Device,
    request: &PullRequest,
) -> Result<(), ErrorCode> {
    for (channel, _) in &request.channels {
        centre
            .membership
            .may_read(&device.id, *channel)
            .map_err(|error| match error {
                AccessError::UnknownDevice => ErrorCode::UnknownDevice,
                AccessError::NotInForce { .. } => ErrorCode::Revoked,
                AccessError::UnknownMembership { .. } | AccessError::Forbidden => {
                    ErrorCode::Forbidden
                }
            })?;
    }
    Ok(())
}

/// A revoked device sees the chain up to its own revocation, which proves it, and nothing later.
fn visible(centre: &Centre, device: &Device) -> Visible {
    let membership = &centre.membership;
    let last = device.revoked_at.unwrap_or_else(|| membership.last_index());
    Visible {
        length: last.saturating_add(1),
        head: membership.hash_at(last).unwrap_or(RecordHash::NONE),
    }
}
