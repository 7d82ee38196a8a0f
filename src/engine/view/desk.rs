//! Views for the co-ordinator's desk.

use super::{
    ArrangementForm, CentreForm, ContactKind, Deserialize, Id, ReferralSource, RiskLevel, Role,
    Serialize, Side, VisitRow, Wire,
};

/// Counts that open lists.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorkView {
    /// Referrals not yet decided.
    pub referrals_open: u32,
    /// The oldest of them, in days (REF-11).
    pub oldest_days: u32,
    /// Families on the books.
    pub families: u32,
    /// Tablets waiting to be approved.
    pub devices_waiting: u32,
    /// The next session, `2026-03-14`, with its number of visits.
    pub next_session: Option<(Id, String, u32)>,
    /// What still has to be done before a first session can run, in order.
    pub first_steps: Vec<FirstStep>,
}

/// A step of setting the centre up that is still to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FirstStep {
    /// No rooms yet.
    AddRooms,
    /// Nobody but the co-ordinator yet.
    InvitePeople,
    /// Nothing is printed yet that lets somebody in when every tablet is lost.
    PrintSheets,
    /// No referral yet.
    TakeReferral,
    /// No session yet.
    PlanSession,
}

/// Where a referral stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ReferralStage {
    /// Arrived; no risk decision yet.
    Received,
    /// A risk decision was made; not accepted yet.
    Assessed,
    /// Accepted; the family file.
    Accepted(Id),
    /// Declined with this reason.
    Declined(String),
}

/// A referral in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferralRow {
    /// The referral.
    pub id: Id,
    /// For example "R-2026-014".
    pub reference: String,
    /// Children's names.
    pub children: Vec<String>,
    /// Source.
    pub source: Wire<ReferralSource>,
    /// Kind asked for.
    pub kind: Wire<ContactKind>,
    /// Received, ms.
    pub received_at: i64,
    /// Age in days (REF-11).
    pub age_days: u32,
    /// Stage.
    pub stage: ReferralStage,
}

/// One referral.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReferralView {
    /// The same facts as in the list.
    pub row: ReferralRow,
    /// Children: name, and day of birth if given.
    pub children: Vec<(String, Option<String>)>,
    /// "Dana Price, mum".
    pub resident: String,
    /// "Tom Price, dad".
    pub visiting: String,
    /// Referrer's name, organisation, phone.
    pub referrer: String,
    /// Reason as given.
    pub reason: String,
    /// Allergies and other needs.
    pub needs: Vec<String>,
    /// The risk decision.
    pub risk: Option<RiskView>,
    /// Kinds that may be offered after the risk decision (REF-6).
    pub may_offer: Vec<Wire<ContactKind>>,
}

/// A risk decision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskView {
    /// Level.
    pub level: Wire<RiskLevel>,
    /// Kinds judged suitable.
    pub suitable: Vec<Wire<ContactKind>>,
    /// Plain instructions.
    pub controls: Vec<String>,
    /// Reason.
    pub reason: String,
    /// Who decided.
    pub by: String,
    /// When, ms.
    pub at: i64,
}

/// A family in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyRow {
    /// The family file.
    pub id: Id,
    /// "Otter 14".
    pub code: String,
    /// Children's first names.
    pub children: Vec<String>,
    /// Kind in force.
    pub kind: Wire<ContactKind>,
    /// Next visit planned, ms.
    pub next_visit: Option<i64>,
    /// Visits so far.
    pub visits: u32,
}

/// One family file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FamilyView {
    /// The same facts as in the list.
    pub row: FamilyRow,
    /// Full names of the children, and days of birth.
    pub children: Vec<(String, Option<String>)>,
    /// "Dana Price, mum".
    pub resident: String,
    /// "Tom Price, dad".
    pub visiting: String,
    /// Allergies and other needs.
    pub needs: Vec<String>,
    /// The arrangement, ready to edit.
    pub arrangement: ArrangementForm,
    /// Its version, from 1.
    pub arrangement_version: u32,
    /// The referral it came from.
    pub referral: Id,
    /// Kinds that the risk decision allows.
    pub may_offer: Vec<Wire<ContactKind>>,
    /// One side's protected details, while open.
    pub details: Option<DetailsView>,
    /// Visits, latest first.
    pub visits: Vec<VisitRow>,
}

/// Protected details of one side, shown after a deliberate, logged step.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct DetailsView {
    /// Whose.
    pub side: Wire<Side>,
    /// Phone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Address, lines.
    pub address: String,
    /// Earlier openings, latest first: who, when (ms).
    pub openings: Vec<(String, i64)>,
}

/// Addresses and numbers stay out of logs.
impl core::fmt::Debug for DetailsView {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("DetailsView")
            .field("side", &self.side)
            .finish_non_exhaustive()
    }
}

/// A session in the list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionRow {
    /// The session.
    pub id: Id,
    /// `2026-03-14`.
    pub day: String,
    /// Opens, ms.
    pub opens: i64,
    /// Closes, ms.
    pub closes: i64,
    /// Venue.
    pub venue: String,
    /// Visits booked.
    pub visits: u32,
    /// Leader's name.
    pub leader: Option<String>,
}

/// A family that can be booked: id, code, children, kind, usual length in minutes.
pub type BookableFamily = (Id, String, Vec<String>, Wire<ContactKind>, u32);

/// One session with what can be booked into it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    /// The same facts as in the list.
    pub row: SessionRow,
    /// Workers' names.
    pub workers: Vec<String>,
    /// Visits by time.
    pub visits: Vec<VisitRow>,
    /// Families that can be booked.
    pub families: Vec<BookableFamily>,
    /// Rooms.
    pub rooms: Vec<(Id, String)>,
    /// People who may supervise.
    pub supervisors: Vec<(Id, String)>,
}

/// People, tablets and invites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PeopleView {
    /// Everybody.
    pub people: Vec<PersonRow>,
    /// Invites that wait for a tablet, or for approval.
    pub invites: Vec<InviteRow>,
    /// What is to be had when every tablet is lost.
    pub sheets: SheetsView,
}

/// The trustees' three sheets, any two of which let somebody in when every tablet is lost.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SheetsView {
    /// When the newest were made, ms, and by whom.
    pub made: Option<(i64, String)>,
    /// When the ones before were made, ms: they are in force until two of the newest were tried.
    pub before: Option<i64>,
    /// When sheets were used that are still in force, ms: two people have seen what is on them.
    pub used: Option<i64>,
}

/// One person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonRow {
    /// The member.
    pub member: Id,
    /// Name.
    pub name: String,
    /// Roles; none if they have left.
    pub roles: Vec<Wire<Role>>,
    /// Number of active tablets.
    pub tablets: u32,
    /// When this tablet last received something they wrote, ms.
    pub last_seen: Option<i64>,
}

/// One person and their tablets.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonView {
    /// The same facts as in the list.
    pub row: PersonRow,
    /// Whether they are who looks: nobody changes their own roles.
    pub is_me: bool,
    /// Their tablets: those that are in first, by the time they were let in.
    pub tablets: Vec<TabletRow>,
}

/// One person's keys on one tablet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TabletRow {
    /// Which keys.
    pub device: Id,
    /// What it called itself, and when it was let in, ms; none if whoever let it in did not hear.
    pub known_as: Option<(String, i64)>,
    /// When this tablet last received something that was written on it, ms.
    pub last_seen: Option<i64>,
    /// Whether it may read and write.
    pub standing: TabletStanding,
}

/// Whether a tablet is in, and may be shut out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TabletStanding {
    /// It is in, and can be shut out.
    In,
    /// It is in the hands of whoever looks.
    InHand,
    /// It was shut out.
    Out,
}

/// One invite.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InviteRow {
    /// The invite.
    pub id: Id,
    /// For whom.
    pub name: String,
    /// Ends, ms.
    pub expires_at: i64,
    /// The link's fragment, on the device that made it.
    pub fragment: Option<String>,
    /// Six digits in two groups, `482 913`, once a tablet has used the link.
    pub code: Option<String>,
    /// What the waiting tablet calls itself.
    pub tablet: Option<String>,
}

/// The centre, ready to edit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CentreView {
    /// The form; rooms by name.
    pub form: CentreForm,
    /// Short name of the centre's id, for diagnostics.
    pub id: String,
}

/// What a person reads out when asking for help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DiagnosticsView {
    /// Envelopes on this tablet.
    pub envelopes: u32,
    /// Documents this person can open.
    pub documents: u32,
    /// Length of the membership chain and its short hash.
    pub membership: (u32, String),
    /// Short check of everything held, the same on two tablets that hold the same.
    pub log_code: String,
    /// Envelopes set aside: short id and reason.
    pub set_aside: Vec<(String, String)>,
    /// The relay's key, short.
    pub relay: String,
}
