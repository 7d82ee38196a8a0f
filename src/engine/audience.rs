//! From a document's audience to the channel that carries it, and back to who may write there.

use sync_protocol::{Channel, MemberId, Ring, RingSet};

use crate::{
    documents::{
        DocumentKind,
        audience::{Audience, Writers, audience},
    },
    domain::worker::Role,
};

/// The channel of a new document; `desk` is the supervisor's for what lies on a desk.
pub(crate) fn channel(kind: DocumentKind, desk: MemberId) -> Channel {
    match audience(kind) {
        Audience::Team => Channel::Ring(Ring::Team),
        Audience::Office => Channel::Ring(Ring::Office),
        Audience::SupervisorDesk => Channel::Desk(desk),
    }
}

/// True if a document of this kind belongs into a channel of this sort.
pub(crate) fn fits(kind: DocumentKind, found: Channel) -> bool {
    match audience(kind) {
        Audience::Team => found == Channel::Ring(Ring::Team),
        Audience::Office => found == Channel::Ring(Ring::Office),
        Audience::SupervisorDesk => matches!(found, Channel::Desk(_)),
    }
}

/// True if a member with these rings may change documents of these writers in this channel.
pub(crate) fn may_write(
    writers: Writers,
    rings: RingSet,
    member: MemberId,
    found: Channel,
) -> bool {
    match writers {
        Writers::Team => rings.contains(Ring::Team),
        Writers::Office => rings.contains(Ring::Office),
        Writers::DeskOwner => found == Channel::Desk(member),
    }
}

/// The rings that a person's roles bring.
///
/// A first co-ordinator also holds `safeguarding` until a safeguarding lead is named.
pub(crate) fn rings<'r>(roles: impl IntoIterator<Item = &'r Role>) -> RingSet {
    let mut rings = RingSet::default();
    for role in roles {
        for ring in rings_of(*role) {
            rings.insert(*ring);
        }
    }
    rings
}

const fn rings_of(role: Role) -> &'static [Ring] {
    match role {
        Role::Coordinator => &[Ring::Admin, Ring::Office, Ring::Safeguarding, Ring::Team],
        Role::SafeguardingLead => &[Ring::Safeguarding, Ring::Team],
        Role::SessionLeader | Role::Volunteer | Role::Supervisor => &[Ring::Team],
        Role::Trustee => &[Ring::Trustees],
        Role::Treasurer => &[Ring::Treasurer],
    }
}
