//! What the page draws: plain data in the field's words, made by the engine.
//!
//! A view holds only what its reader may see. Times are milliseconds since 1970 UTC; the page words them in UK time.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{
        contact::ContactKind, note::EntryKind, referral::ReferralSource, risk::RiskLevel,
        side::Side, worker::Role,
    },
    engine::{
        command::CommandId,
        crypto::keyring::Passkey,
        form::{ArrangementForm, CentreForm, FieldError},
        wire::{Id, Wire},
    },
};

pub use self::{desk::*, hall::*};

mod desk;
mod hall;

/// One message from the engine to the page.
// A view is sent as bytes; only one of them exists at a time.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ViewChange {
    /// The frame: which door we stand at, who is signed in.
    Door(Door),
    /// The sync words and badges.
    Sync(SyncView),
    /// The screen last asked for by [`Command::Look`](super::command::Command::Look).
    Screen(ScreenView),
    /// The answer to a command.
    Reply(Reply),
}

/// The answer to one command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// Which command.
    pub command: CommandId,
    /// What came of it. `Ok` means: the storage transaction completed.
    pub outcome: Result<Done, Trouble>,
}

/// What a command gave.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Done {
    /// Nothing more to say.
    Saved,
    /// Something new with an address of its own.
    Created(Id),
    /// Four words to write down and rehearse.
    Phrase(String),
    /// An invite was made.
    Invited {
        /// The part of the link after `#`.
        fragment: String,
        /// When it ends, ms.
        expires_at: i64,
    },
    /// The words of three new sheets; any two of them let somebody in when every tablet is lost.
    Sheets([String; 3]),
}

/// A phrase and a link are secrets; they are not printed.
impl core::fmt::Debug for Done {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Saved => "Saved",
            Self::Created(_) => "Created",
            Self::Phrase(_) => "Phrase(…)",
            Self::Invited { .. } => "Invited(…)",
            Self::Sheets(_) => "Sheets(…)",
        })
    }
}

/// Why a command was not carried out. Nothing was lost; what was typed stays on the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Trouble {
    /// Fields that need another look.
    Form(Vec<FieldError>),
    /// The phrase opens nothing here.
    WrongPhrase,
    /// What this device's lock gave opens nothing here.
    WrongPasskey,
    /// The PIN is another one. With no tries left, or twelve hours after the phrase, only the phrase opens.
    WrongPin {
        /// Tries left.
        left: u8,
    },
    /// Own phrases must be as hard to guess as a generated one.
    WeakPhrase,
    /// This person may not do that.
    NotAllowed,
    /// A rule refuses, in one sentence for the person.
    Rule {
        /// The rule's id, for example `CAP-1`.
        rule: String,
        /// The sentence.
        why: String,
    },
    /// The invite link is not one: too short, mistyped or cut off.
    LinkUnreadable,
    /// The invite has ended.
    LinkExpired,
    /// Somebody used the invite already.
    LinkUsed,
    /// The co-ordinator took the invite back.
    LinkCancelled,
    /// The relay does not know this invite: another centre's relay, or mistyped.
    LinkUnknown,
    /// This needs the relay and it was not reached.
    NoRelay(RelayTrouble),
    /// The membership list moved meanwhile; it was fetched, please try again.
    TryAgain,
    /// The tablet could not store it.
    Storage(StorageTrouble),
    /// Already recorded, not found any more, or not possible in this state; one sentence.
    NotNow(String),
}

/// Why the relay was not reached or not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RelayTrouble {
    /// No signal.
    NoSignal,
    /// Something answered that is not the relay, such as a Wi-Fi log-in page.
    NotARelay,
    /// The relay answered with a key that is not the one this tablet knows.
    WrongRelay,
    /// The relay refuses this tablet.
    Refused,
    /// The relay does not have this centre, and does not take it.
    UnknownCentre,
    /// What the relay answers does not fit what it said before.
    Contradicts,
    /// The relay's list of people goes on differently from this tablet's.
    OtherHistory,
    /// The relay has a fault of its own.
    ServerError,
}

/// Why the tablet could not store something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StorageTrouble {
    /// No room left.
    Full,
    /// The database refused or was closed.
    Failed,
}

/// Which door the person stands at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Door {
    /// The engine is still reading this tablet.
    Opening,
    /// The storage cannot be opened; the words to show.
    NoStorage(StorageTrouble),
    /// Another tab of this app has the store.
    OtherTab,
    /// Nothing here yet: the three doors.
    Empty,
    /// The keys on this tablet of whoever has these initials were ended by a co-ordinator, and erased; stays until it
    /// was read.
    ShutOut(String),
    /// Waiting to be approved.
    Joining(JoiningView),
    /// Somebody must unlock.
    Locked {
        /// One tile a person.
        people: Vec<TileView>,
        /// Those of them who come back with their PIN.
        resting: Vec<Id>,
        /// True while the phrase is being checked.
        checking: bool,
    },
    /// Unlocked, and not open before this tablet has met the relay: it last did then, ms.
    OutOfTouch(i64),
    /// Unlocked.
    Open(MeView),
}

/// A tile on the unlock screen. Holds no name and no secret: it is stored in the clear.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileView {
    /// Which keys.
    pub device: Id,
    /// For example "JT".
    pub initials: String,
    /// What to ask this device's lock with, if it opens these keys.
    pub passkey: Option<Passkey>,
}

/// A join in progress.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct JoiningView {
    /// The six digits to compare in two groups, `482 913`, once the other side has answered.
    pub code: Option<String>,
    /// Why nothing moves, if so.
    pub trouble: Option<RelayTrouble>,
    /// The co-ordinator said no.
    pub refused: bool,
    /// Why the invite will never work, if so.
    pub ended: Option<Trouble>,
}

/// Who is signed in and what the screens may offer.
// Each is a fact of its own.
#[allow(clippy::struct_excessive_bools)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeView {
    /// The member.
    pub member: Id,
    /// Which keys, as on the unlock screen's tile.
    pub device: Id,
    /// Display name.
    pub name: String,
    /// For example "JT".
    pub initials: String,
    /// Roles, in order.
    pub roles: Vec<Wire<Role>>,
    /// What this tablet is called.
    pub tablet: String,
    /// The centre.
    pub centre: String,
    /// True in the demonstration store.
    pub made_up: bool,
    /// Has chosen a PIN on this tablet.
    pub has_pin: bool,
    /// When sheets were used that are still in force, ms: somebody came in with them, which everybody sees.
    pub sheets_used: Option<i64>,
    /// The passkey by which this device's lock opens their keys, if it does.
    pub passkey: Option<Passkey>,
    /// May take referrals, plan, invite: the desk is shown.
    pub desk: bool,
    /// False until the day pack has been fetched once after joining.
    pub ready: bool,
}

/// The sync words.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SyncView {
    /// Changes saved on this tablet that the relay has not acknowledged.
    pub unsent: u32,
    /// Of those, the ones that the relay had and has lost: it was restored from an old copy, or replaced.
    pub again: u32,
    /// Of those, the ones the relay refused; they need a person.
    pub refused: u32,
    /// An attempt is under way.
    pub busy: bool,
    /// When the relay last answered, ms.
    pub last_contact: Option<i64>,
    /// When something from another tablet was last received, ms.
    pub last_heard: Option<i64>,
    /// Everything up to this time is known to be on another device, ms.
    pub elsewhere_until: Option<i64>,
    /// Why the last attempt failed.
    pub trouble: Option<RelayTrouble>,
    /// A storage failure that is still so.
    pub storage: Option<StorageTrouble>,
    /// Envelopes set aside.
    pub set_aside: u32,
    /// Unsent items, oldest first, at most 50.
    pub items: Vec<UnsentView>,
}

/// One unsent item.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnsentView {
    /// What it is in words the holder may read, for example "Visit – Otter 14".
    pub what: String,
    /// When it was saved here, ms.
    pub saved_at: i64,
    /// Refused by the relay, with the code's words.
    pub refused: Option<String>,
}

/// The three truths about one item, never mixed; the more careful one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Badge {
    /// Saved on this tablet only.
    Here,
    /// The relay has it.
    AtRelay,
    /// Another device has said that it holds it.
    Elsewhere,
}

/// The screen that the page looks at.
// Only one screen is looked at, so the size of the largest costs nothing.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ScreenView {
    /// Being read from storage.
    Loading,
    /// No such thing here, or not for this person.
    NotFound,
    /// No screen chosen.
    Nothing,
    /// Today's session.
    Today(TodayView),
    /// One visit with its note.
    Visit(VisitView),
    /// The co-ordinator's work list.
    Work(WorkView),
    /// Referrals.
    Referrals(Vec<ReferralRow>),
    /// One referral.
    Referral(ReferralView),
    /// Families.
    Families(Vec<FamilyRow>),
    /// One family.
    Family(FamilyView),
    /// Sessions.
    Sessions(Vec<SessionRow>),
    /// One session.
    Session(SessionView),
    /// People.
    People(PeopleView),
    /// One person and their tablets.
    Person(PersonView),
    /// Centre.
    Centre(CentreView),
    /// Diagnostics.
    Diagnostics(DiagnosticsView),
}
