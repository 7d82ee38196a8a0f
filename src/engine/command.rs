//! What a person asks of the engine: imperatives in the field's words.
//!
//! A command knows nothing of documents, keys or peers. Text in it is as typed; `engine::form` parses it.

use serde::{Deserialize, Serialize};

use crate::{
    domain::{attendance::AbsenceReason, note::EntryKind, side::Side},
    engine::{
        crypto::{key::PasskeySecret, keyring::Passkey},
        form::{
            ArrangementForm, CentreForm, PersonForm, RebuildForm, ReferralForm, RiskForm,
            SessionForm, SheetsForm, VisitForm,
        },
        wire::{Id, Wire},
    },
};

/// The number the page gives to a command so that it can match the [`Reply`](super::view::Reply).
pub type CommandId = u32;

/// Everything a person can ask for.
// A command is moved a few times and never kept in numbers; a box would only be one more word for the page.
#[allow(clippy::large_enum_variant)]
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub enum Command {
    /// Keep this screen's view up to date until another is looked at.
    Look(Screen),

    // Doors
    /// Ask for a fresh four-word phrase; answered with [`Done::Phrase`](super::view::Done::Phrase).
    SuggestPhrase,
    /// Start a centre on this tablet.
    StartCentre {
        /// Names of the centre, its venue and its first co-ordinator.
        centre: CentreForm,
        /// The unlock phrase that was shown and rehearsed.
        phrase: String,
    },
    /// Join with the part of an invite link after `#`, or the whole link.
    Join {
        /// The link or its fragment as pasted.
        link: String,
        /// The unlock phrase that was shown and rehearsed.
        phrase: String,
        /// What this tablet is called, for the people who approve it.
        tablet: String,
    },
    /// Every tablet is lost: come into the centre with two of its three sheets.
    Rebuild {
        /// The sheets, and who comes in.
        form: RebuildForm,
        /// The unlock phrase that was shown and rehearsed.
        phrase: String,
    },
    /// Forget an unfinished join and go back to the doors.
    AbandonJoin,
    /// Fill an empty store with invented families; only in the demonstration store.
    FillWithMadeUpFamilies,
    /// Unlock one person's keys on this tablet.
    Unlock {
        /// Which tile was chosen.
        device: Id,
        /// The phrase as typed; case and spacing do not matter.
        phrase: String,
    },
    /// Come back to a tablet that rests: only while its memory still holds this person's keys.
    UnlockWithPin {
        /// Which tile was chosen.
        device: Id,
        /// Six digits as typed.
        pin: String,
    },
    /// Unlock one person's keys on this tablet with this device's lock.
    UnlockWithPasskey {
        /// Which tile was chosen.
        device: Id,
        /// What their passkey gave.
        secret: PasskeySecret,
    },
    /// Let this device's lock open this person's keys, in place of an earlier passkey.
    AddPasskey {
        /// What to ask for at the next start.
        passkey: Passkey,
        /// What the passkey gave.
        secret: PasskeySecret,
    },
    /// This device's lock opens nothing any more.
    RemovePasskey,
    /// Choose the six digits for coming back.
    ChoosePin {
        /// As typed.
        pin: String,
    },
    /// Seal what is open and show the tiles. Whoever chose a PIN rests; everybody else's keys are forgotten.
    Lock,

    // Co-ordinator
    /// Take a referral.
    TakeReferral(ReferralForm),
    /// Record the risk decision (REF-5, REF-6).
    DecideRisk {
        /// The referral.
        referral: Id,
        /// The decision as entered.
        risk: RiskForm,
    },
    /// Accept a referral with an approved risk decision, opening a family file.
    AcceptReferral {
        /// The referral.
        referral: Id,
        /// The arrangement agreed.
        arrangement: ArrangementForm,
    },
    /// Decline a referral (REF-9).
    DeclineReferral {
        /// The referral.
        referral: Id,
        /// The reason class in words.
        reason: String,
    },
    /// Change a family's arrangement; earlier visits keep what they were planned with.
    ChangeArrangement {
        /// The family file.
        family: Id,
        /// The arrangement as entered.
        arrangement: ArrangementForm,
    },
    /// Open one side's address and phone numbers; the opening is logged (DP-10).
    OpenProtectedDetails {
        /// The family file.
        family: Id,
        /// Whose details.
        side: Wire<Side>,
    },
    /// Put the protected details out of sight again.
    CloseProtectedDetails,
    /// Change the centre's name, venue or rooms.
    ChangeCentre(CentreForm),
    /// Plan a session.
    PlanSession(SessionForm),
    /// Book a family's visit into a session.
    BookVisit(VisitForm),
    /// Invite a person's tablet; answered with [`Done::Invited`](super::view::Done::Invited).
    Invite(PersonForm),
    /// Take back an invite that was not used.
    CancelInvite {
        /// The invite.
        invite: Id,
    },
    /// Approve a waiting tablet after comparing the six digits.
    ApproveDevice {
        /// The invite it came by.
        invite: Id,
    },
    /// Turn a waiting tablet away.
    RefuseDevice {
        /// The invite it came by.
        invite: Id,
    },
    /// Say what a person is called and does; what they may read follows.
    ChangePerson(PersonForm),
    /// A person has left: all their tablets are shut out, and they may read nothing.
    HasLeft {
        /// Who.
        member: Id,
    },
    /// Make a recovery kit and its three sheets; the one before opens nothing any more. Answered with
    /// [`Done::Sheets`](super::view::Done::Sheets).
    MakeSheets,
    /// Say whether these two sheets would let somebody in; changes nothing.
    TrySheets(SheetsForm),
    /// Shut a lost or borrowed tablet out: it may read and write nothing from now on.
    ShutOut {
        /// Whose keys on it, as [`TabletRow`](super::view::TabletRow) names them.
        device: Id,
    },

    // The session day
    /// Record that something happened at the door.
    Record {
        /// The visit.
        visit: Id,
        /// What happened.
        what: Happening,
    },
    /// Take back the last thing recorded on this tablet; both stay in the history.
    Undo {
        /// The visit.
        visit: Id,
        /// The event to take back.
        event: Id,
    },
    /// The whole text of the entry being written, sent at every keystroke.
    TypeEntry {
        /// The visit; its kind must be an observed one (REC-1).
        visit: Id,
        /// Chosen by the page at the first key.
        entry: Id,
        /// Fact, exact words, or action taken (REC-7).
        kind: Wire<EntryKind>,
        /// When it happened, ms since 1970 (REC-6).
        occurred_at: i64,
        /// Whose words, for [`EntryKind::Said`].
        speaker: String,
        /// The text as it stands.
        text: String,
    },
    /// The entry is complete and joins the note.
    FinishEntry {
        /// The visit.
        visit: Id,
        /// The entry.
        entry: Id,
    },

    // Sync
    /// Send and fetch now; answered when the attempt has ended.
    SendNow,
    /// The relay that answers now is the centre's from now on: the one before is lost.
    UseThisRelay,
}

/// A thing that can be recorded about a visit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Happening {
    /// This side's adult is here (the child comes with the resident side).
    Arrived(Wire<Side>),
    /// The child was handed to the visiting adult; contact has started.
    HandedToVisiting,
    /// The visiting adult went out with the child: a handover, or contact in the community.
    WentOut,
    /// They are back on the premises.
    CameBack,
    /// The child was handed back; contact has ended.
    HandedToResident,
    /// This side has left the building.
    Left(Wire<Side>),
    /// This side is not coming.
    NotComing {
        /// Which side.
        side: Wire<Side>,
        /// The picked reason (REC-2).
        reason: Wire<AbsenceReason>,
        /// What was said, at most 120 characters; may be blank.
        words: String,
    },
}

/// What is on the page, so that the engine knows which view to keep fresh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Screen {
    /// Nothing beyond the frame.
    Nothing,
    /// Today's session.
    Today,
    /// One visit with its note.
    Visit(Id),
    /// The co-ordinator's work list.
    Work,
    /// All open referrals.
    Referrals,
    /// One referral.
    Referral(Id),
    /// All families.
    Families,
    /// One family.
    Family(Id),
    /// Planned and past sessions.
    Sessions,
    /// One session and what can be booked into it.
    Session(Id),
    /// People, their tablets, invites waiting.
    People,
    /// One person and their tablets.
    Person(Id),
    /// Centre, venue, rooms.
    Centre,
    /// Envelopes set aside, versions, counts.
    Diagnostics,
}

/// Phrases, names and notes stay out of logs.
impl core::fmt::Debug for Command {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Command(…)")
    }
}
