//! The enrolment mailbox: whoever knows the invite's token may leave and read a few small messages.

use sync_protocol::{
    ErrorCode, InviteId,
    frame::{MailboxAnswer, MailboxRequest, MailboxState, Poke},
    limits::MAX_MAILBOX_MESSAGES,
    membership::{Invite, InviteState},
};

use crate::{
    error::RelayError,
    relay::Relay,
    store::{Left, NewMessage},
};

impl Relay {
    /// Leaves a message if there is one, and answers with those not seen yet.
    pub async fn mailbox(&self, id: InviteId, body: &[u8]) -> Result<Vec<u8>, RelayError> {
        let request = MailboxRequest::decode(body)?;
        let found = self.store.invite_centre(id).await?;
        let centre = self.centre(found.ok_or(ErrorCode::UnknownInvite)?).await?;
        let invite = centre
            .membership
            .invite(&id)
            .ok_or(ErrorCode::UnknownInvite)?;
        // Comparing hashes of BLAKE3 takes the same time wherever they differ.
        if blake3::hash(&request.token) != blake3::Hash::from(invite.mailbox_hash) {
            return Err(ErrorCode::WrongToken.into());
        }
        let now_ms = self.clock.now_ms();
        let in_force = now_ms < invite.expires_ms;
        if let Some(bytes) = request.message {
            if !in_force {
                return Err(ErrorCode::MailboxClosed.into());
            }
            self.leave(invite, bytes).await?;
            self.hub.poke(centre.id(), Poke::Mailbox);
        }
        let messages = if in_force {
            self.store.messages(id, request.after).await?
        } else {
            Vec::new()
        };
        let answer = MailboxAnswer {
            centre: centre.id(),
            relay_ms: now_ms,
            expires_ms: invite.expires_ms,
            state: state(invite, in_force),
            messages,
        };
        Ok(answer.encode())
    }

    async fn leave(&self, invite: &Invite, bytes: Vec<u8>) -> Result<(), RelayError> {
        let message = NewMessage {
            invite: invite.id,
            bytes,
            expires_ms: invite.expires_ms,
            limit: MAX_MAILBOX_MESSAGES,
        };
        match self.store.leave_message(message).await? {
            Left::Stored => {
                self.metrics.left_message();
                Ok(())
            }
            Left::Duplicate => Ok(()),
            Left::Full => Err(ErrorCode::MailboxFull.into()),
        }
    }
}

const fn state(invite: &Invite, in_force: bool) -> MailboxState {
    match invite.state {
        InviteState::Used { .. } => MailboxState::Used,
        InviteState::Cancelled => MailboxState::Cancelled,
        InviteState::Open if in_force => MailboxState::Open,
        InviteState::Open => MailboxState::Expired,
    }
}
