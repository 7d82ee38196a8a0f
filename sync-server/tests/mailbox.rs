//! The enrolment mailbox over real HTTP.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

#[path = "support/world.rs"]
mod world;

use sync_protocol::{
    ErrorCode,
    frame::MailboxState,
    id::InviteId,
    limits::MAX_INVITE_MS,
    membership::Payload,
    vectors::centre::{device_keys, member, signing_key},
};
use world::World;

#[tokio::test]
async fn a_mailbox_lives_from_invite_to_expiry() {
    let mut w = World::open().await;
    let (secret, token) = ([7; 16], [8; 32]);
    let invite = InviteId::of(&secret);
    let unknown = w.admin.mailbox(invite, token, 0, None).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::UnknownInvite);
    w.append(w.centre.invite(secret, member(2), &token)).await;
    let wrong = w.admin.mailbox(invite, [9; 32], 0, None).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::WrongToken);
    let answer = w
        .admin
        .mailbox(invite, token, 0, Some(b"one"))
        .await
        .unwrap();
    assert_eq!(
        (answer.centre, answer.state),
        (w.admin.centre, MailboxState::Open)
    );
    let answer = w
        .admin
        .mailbox(invite, token, 0, Some(b"one"))
        .await
        .unwrap();
    assert_eq!(answer.messages, [b"one".to_vec()]);
    let answer = w
        .admin
        .mailbox(invite, token, 1, Some(b"two"))
        .await
        .unwrap();
    assert_eq!(answer.messages, [b"two".to_vec()]);
    for n in 3_u8..=8 {
        w.admin.mailbox(invite, token, 0, Some(&[n])).await.unwrap();
    }
    let full = w
        .admin
        .mailbox(invite, token, 0, Some(b"nine"))
        .await
        .unwrap_err();
    assert_eq!(full.code, ErrorCode::MailboxFull);
    let keys = device_keys(&signing_key(30));
    w.append(w.centre.device_add(member(2), keys, Some(invite)))
        .await;
    let answer = w.admin.mailbox(invite, token, 7, None).await.unwrap();
    assert_eq!(
        (answer.state, answer.messages.len()),
        (MailboxState::Used, 1)
    );
    w.relay.pass(MAX_INVITE_MS + 10_000);
    let answer = w.admin.mailbox(invite, token, 0, None).await.unwrap();
    assert_eq!(
        (answer.state, answer.messages.len()),
        (MailboxState::Used, 0)
    );
    let closed = w
        .admin
        .mailbox(invite, token, 0, Some(b"late"))
        .await
        .unwrap_err();
    assert_eq!(closed.code, ErrorCode::MailboxClosed);
    w.relay.stop().await;
}

#[tokio::test]
async fn an_invite_nobody_used_is_expired_and_one_taken_back_is_cancelled() {
    let mut w = World::open().await;
    let token = [8; 32];
    let (first, second) = (InviteId::of(&[1; 16]), InviteId::of(&[2; 16]));
    w.append(w.centre.invite([1; 16], member(2), &token)).await;
    w.append(w.centre.invite([2; 16], member(2), &token)).await;
    w.append(Payload::InviteCancel { invite: second }).await;
    let answer = w.admin.mailbox(second, token, 0, None).await.unwrap();
    assert_eq!(answer.state, MailboxState::Cancelled);
    w.relay.pass(MAX_INVITE_MS + 10_000);
    let answer = w.admin.mailbox(first, token, 0, None).await.unwrap();
    assert_eq!(answer.state, MailboxState::Expired);
    w.relay.stop().await;
}
