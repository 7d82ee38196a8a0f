//! Links, messages and codes, honest and hostile.

#![allow(clippy::unwrap_used)]

use sync_protocol::{CentreId, membership::DeviceKeys};

use super::*;
use crate::engine::crypto::{device::DeviceSecrets, vectors::FixedRng};

fn link() -> InviteLink {
    let mut rng = FixedRng::new("link");
    let centre = CentreId::from_bytes(random::bytes(&mut rng));
    InviteLink {
        centre,
        secret: InviteSecret::random(&mut rng),
    }
}

fn hello(rng: &mut FixedRng) -> (MailboxMessage, DeviceSecrets, Nonce) {
    let (device, nonce) = (DeviceSecrets::generate(rng), Nonce::random(rng));
    let (keys, commitment) = (Box::new(device.public_keys()), nonce.commitment());
    let tablet = "Amber".to_owned();
    let hello = MailboxMessage::Hello {
        keys,
        commitment,
        tablet,
    };
    (hello, device, nonce)
}

#[test]
fn a_link_comes_back_however_it_was_pasted() {
    let link = link();
    let url = link.url("https://centre.example/");
    let invite = link.fragment();
    assert!(url.starts_with("https://centre.example/join#"));
    assert_eq!(invite.len(), 64);
    let (front, back) = invite.split_at(30);
    for pasted in [
        url.to_string(),
        invite.to_string(),
        format!("  {}\n", *url),
        format!("<{}>", *url),
        format!(
            "Hello Joan, here is your link: {} See you on Saturday",
            *url
        ),
        format!("{}.", *url),
        format!("https://centre.example/join#{front}\r\n  {back}"),
        format!("https://centre.example/join#{front}\u{200b}{back}"),
        format!("{}==", *invite),
        format!("#{}", *invite),
        invite.replace('-', "+").replace('_', "/"),
    ] {
        assert_eq!(InviteLink::parse(&pasted), Ok(link.clone()), "{pasted:?}");
    }
}

#[test]
fn text_that_holds_no_invite_says_what_is_wrong() {
    let link = link();
    let invite = link.fragment();
    assert_eq!(InviteLink::parse(" \n"), Err(LinkError::Empty));
    assert_eq!(
        InviteLink::parse("https://centre.example/join"),
        Err(LinkError::NoSecret)
    );
    assert_eq!(
        InviteLink::parse("https://centre.example/join#"),
        Err(LinkError::NoSecret)
    );
    let cut: String = invite.chars().take(63).collect();
    assert_eq!(
        InviteLink::parse(&cut),
        Err(LinkError::Length {
            expected: 64,
            found: 63
        })
    );
    let twice = format!("{}{}", *invite, *invite);
    assert_eq!(
        InviteLink::parse(&twice),
        Err(LinkError::Length {
            expected: 64,
            found: 128
        })
    );
    let strange: String = invite
        .chars()
        .enumerate()
        .map(|(at, char)| if at == 9 { '*' } else { char })
        .collect();
    assert_eq!(
        InviteLink::parse(&strange),
        Err(LinkError::Character { place: 10 })
    );
}

#[test]
fn the_token_is_what_the_chain_lets_the_relay_check_and_says_nothing_of_the_box_key() {
    let secret = link().secret;
    assert_eq!(
        secret.mailbox_hash(),
        *blake3::hash(&secret.token()).as_bytes()
    );
    assert_ne!(secret.token(), *secret.box_key());
}

#[test]
fn messages_open_with_their_own_secret_and_tell_who_left_them() {
    let mut rng = FixedRng::new("mailbox");
    let secret = InviteSecret::random(&mut rng);
    let (hello, ..) = hello(&mut rng);
    let nonce = Nonce::random(&mut rng);
    for message in [
        hello,
        MailboxMessage::Answer {
            nonce: nonce.clone(),
        },
        MailboxMessage::Reveal { nonce },
        MailboxMessage::Approved,
        MailboxMessage::Refused,
    ] {
        let sealed = message.seal(&secret, &mut rng);
        assert_eq!(MailboxMessage::open(&secret, &sealed), Ok(message));
        let other = InviteSecret::random(&mut rng);
        assert_eq!(
            MailboxMessage::open(&other, &sealed),
            Err(MailboxError::Sealed)
        );
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            for byte in damaged.iter_mut().skip(at).take(1) {
                *byte ^= 0x40;
            }
            assert_eq!(
                MailboxMessage::open(&secret, &damaged),
                Err(MailboxError::Sealed)
            );
        }
    }
}

#[test]
fn a_message_cannot_be_turned_round() {
    let mut rng = FixedRng::new("mailbox, turned");
    let secret = InviteSecret::random(&mut rng);
    let message = MailboxMessage::Approved;
    let nonce = [7; 12];
    let aad = [&[0], secret.invite().as_bytes().as_slice()].concat();
    let sealed = aead::seal(&secret.box_key(), nonce, &aad, &[0x81, 0x03]);
    let turned = [nonce.as_slice(), &sealed].concat();
    assert_eq!(message.sender(), Sender::Approver);
    assert_eq!(
        MailboxMessage::open(&secret, &turned),
        Err(MailboxError::WrongSender)
    );
}

#[test]
fn a_message_of_a_later_version_and_a_weak_key_say_so() {
    let mut rng = FixedRng::new("mailbox, hostile");
    let secret = InviteSecret::random(&mut rng);
    let sealed = |plain: &[u8]| {
        let aad = [&[0], secret.invite().as_bytes().as_slice()].concat();
        [
            &[7; 12],
            aead::seal(&secret.box_key(), [7; 12], &aad, plain).as_slice(),
        ]
        .concat()
    };
    let later = sealed(&[0x81, 0x09]);
    assert_eq!(
        MailboxMessage::open(&secret, &later),
        Err(MailboxError::UpdateNeeded { kind: 9 })
    );
    let identity = {
        let mut bytes = [0; 32];
        for byte in bytes.iter_mut().take(1) {
            *byte = 1;
        }
        bytes
    };
    let weak = [
        &[0x83, 0x01, 0x82, 0x58, 0x20][..],
        &identity,
        &[0x58, 0x20],
        &[3; 32],
        &[0x58, 0x20],
        &[4; 32],
    ]
    .concat();
    assert_eq!(
        MailboxMessage::open(&secret, &sealed(&weak)),
        Err(MailboxError::SigningKey)
    );
}

#[test]
fn both_screens_show_the_same_six_digits() {
    let mut rng = FixedRng::new("codes");
    let link = link();
    let invite = link.secret.invite();
    let (message, device, newcomer) = hello(&mut rng);
    let approver = Nonce::random(&mut rng);
    let MailboxMessage::Hello {
        keys, commitment, ..
    } = message
    else {
        unreachable!()
    };

    let revealed = commitment.check(newcomer.clone()).unwrap();
    let on_approver = ComparisonCode::of(link.centre, invite, &keys, &revealed, &approver);
    let on_newcomer = ComparisonCode::of(
        link.centre,
        invite,
        &device.public_keys(),
        &newcomer.own(),
        &approver,
    );
    assert_eq!(on_approver, on_newcomer);
    assert_eq!(on_approver.to_string().len(), 6);
    assert_eq!(
        on_approver.grouped().replace(' ', ""),
        on_approver.to_string()
    );
}

#[test]
fn the_code_depends_on_every_part_and_a_nonce_that_was_not_committed_to_shows_none() {
    let mut rng = FixedRng::new("codes, parts");
    let link = link();
    let invite = link.secret.invite();
    let device = DeviceSecrets::generate(&mut rng).public_keys();
    let (newcomer, approver) = (Nonce::random(&mut rng), Nonce::random(&mut rng));
    let code = ComparisonCode::of(link.centre, invite, &device, &newcomer.own(), &approver);

    let other = DeviceSecrets::generate(&mut rng).public_keys();
    let signs = DeviceKeys {
        sign: other.sign,
        ..device.clone()
    };
    let seals = DeviceKeys {
        seal: other.seal,
        ..device.clone()
    };
    let nonce = Nonce::random(&mut rng);
    let centre = CentreId::from_bytes([1; 32]);
    let elsewhere = InviteSecret::random(&mut rng).invite();
    for changed in [
        ComparisonCode::of(centre, invite, &device, &newcomer.own(), &approver),
        ComparisonCode::of(link.centre, elsewhere, &device, &newcomer.own(), &approver),
        ComparisonCode::of(link.centre, invite, &signs, &newcomer.own(), &approver),
        ComparisonCode::of(link.centre, invite, &seals, &newcomer.own(), &approver),
        ComparisonCode::of(link.centre, invite, &device, &nonce.own(), &approver),
        ComparisonCode::of(link.centre, invite, &device, &newcomer.own(), &nonce),
    ] {
        assert_ne!(changed, code);
    }
    assert_eq!(newcomer.commitment().check(nonce), None);
}

#[test]
fn debug_of_an_invite_shows_nothing_secret() {
    let shown = format!("{:?}", link());
    assert!(shown.contains("InviteSecret(secret)"), "{shown}");
    assert_eq!(format!("{:?}", Nonce::from_bytes([9; 16])), "Nonce(secret)");
}
