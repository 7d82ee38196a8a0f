//! The document of one side's protected details, with the log of every opening.

use automerge::ReadDoc;
use autosurgeon::{Hydrate, Reconcile};

use super::{
    Kept, container, field,
    lines::{Numbered, number, texts},
    optional, read_items, read_record, write_record,
};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        ids::{EntryId, FamilyId, MemberId},
        policy::{OfficePermit, OpeningPermit},
        protected::{EmergencyContact, LeaveMessage, Opening, ProtectedDetails},
        side::Side,
        text::{EmailAddress, PersonName, PhoneNumber, PostalAddress, ShortLine},
        time::Moment,
    },
};

const KIND: DocumentKind = DocumentKind::ProtectedDetails;

#[derive(Reconcile, Hydrate)]
struct ProtectedRecord {
    family: String,
    side: String,
    address: Option<String>,
    phones: Numbered<String>,
    leave_message: String,
    email: Option<String>,
    emergency: Option<EmergencyRecord>,
    vehicle: Option<String>,
    school: Option<String>,
    solicitor: Option<String>,
}

#[derive(Hydrate)]
struct SubjectRecord {
    family: String,
    side: String,
}

#[derive(Reconcile, Hydrate)]
struct EmergencyRecord {
    name: String,
    phone: String,
}

#[derive(Reconcile, Hydrate)]
struct OpeningRecord {
    by: String,
    at: i64,
    reason: Option<String>,
}

impl From<&ProtectedDetails> for ProtectedRecord {
    fn from(details: &ProtectedDetails) -> Self {
        let ProtectedDetails {
            family,
            side,
            address,
            phones,
            leave_message,
            email,
            emergency,
            vehicle,
            school,
            solicitor,
        } = details;
        let line = |line: &Option<ShortLine>| line.as_ref().map(|line| line.as_str().to_owned());
        Self {
            family: family.hex(),
            side: side.word().to_owned(),
            address: address.as_ref().map(|address| address.as_str().to_owned()),
            phones: number(phones.iter().map(|phone| phone.as_str().to_owned())),
            leave_message: leave_message.word().to_owned(),
            email: email.as_ref().map(|email| email.as_str().to_owned()),
            emergency: emergency.as_ref().map(EmergencyRecord::from),
            vehicle: line(vehicle),
            school: line(school),
            solicitor: line(solicitor),
        }
    }
}

impl From<&EmergencyContact> for EmergencyRecord {
    fn from(contact: &EmergencyContact) -> Self {
        let EmergencyContact { name, phone } = contact;
        Self {
            name: name.as_str().to_owned(),
            phone: phone.as_str().to_owned(),
        }
    }
}

impl TryFrom<EmergencyRecord> for EmergencyContact {
    type Error = Unreadable;

    fn try_from(record: EmergencyRecord) -> Result<Self, Unreadable> {
        let EmergencyRecord { name, phone } = record;
        Ok(Self {
            name: field("emergency", PersonName::parse(&name))?,
            phone: field("emergency", PhoneNumber::parse(&phone))?,
        })
    }
}

impl TryFrom<ProtectedRecord> for ProtectedDetails {
    type Error = Unreadable;

    fn try_from(record: ProtectedRecord) -> Result<Self, Unreadable> {
        let ProtectedRecord {
            family,
            side,
            address,
            phones,
            leave_message,
            email,
            emergency,
            vehicle,
            school,
            solicitor,
        } = record;
        let line = |name, stored| optional(name, stored, |line: &String| ShortLine::parse(line));
        Ok(Self {
            family: field("family", FamilyId::parse_hex(&family))?,
            side: field("side", Side::parse_word(&side))?,
            address: optional("address", address, |address| PostalAddress::parse(address))?,
            phones: texts("phones", phones, PhoneNumber::parse)?,
            leave_message: field("leave_message", LeaveMessage::parse_word(&leave_message))?,
            email: optional("email", email, |email| EmailAddress::parse(email))?,
            emergency: emergency.map(EmergencyContact::try_from).transpose()?,
            vehicle: line("vehicle", vehicle)?,
            school: line("school", school)?,
            solicitor: line("solicitor", solicitor)?,
        })
    }
}

/// Writes new protected details.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    details: &ProtectedDetails,
) -> Result<(), WriteError> {
    write_record(document, KIND, &ProtectedRecord::from(details))
}

/// Writes changed details over the old ones; only what differs is written.
pub fn change(
    document: &mut Document,
    _: OfficePermit,
    details: &ProtectedDetails,
) -> Result<(), WriteError> {
    write_record(document, KIND, &ProtectedRecord::from(details))
}

/// Reads the details; the engine logs the opening before it shows them.
pub fn read(document: &Document, _: OpeningPermit) -> Result<ProtectedDetails, Unreadable> {
    read_record::<ProtectedRecord>(document, KIND)?.try_into()
}

/// Whose details these are, for an index; opens nothing.
pub fn subject(document: &Document) -> Result<(FamilyId, Side), Unreadable> {
    let SubjectRecord { family, side } = read_record(document, KIND)?;
    Ok((
        field("family", FamilyId::parse_hex(&family))?,
        field("side", Side::parse_word(&side))?,
    ))
}

/// Reads the log of openings, in the order of their ids.
pub fn openings(document: &Document) -> Result<Kept<Opening>, Unreadable> {
    read_items(document, "openings", |id, record: OpeningRecord| {
        let OpeningRecord { by, at, reason } = record;
        Ok(Opening {
            id: field("openings", EntryId::parse_hex(id))?,
            by: field("by", MemberId::parse_hex(&by))?,
            at: Moment::from_ms(at),
            reason: optional("reason", reason, |line| ShortLine::parse(line))?,
        })
    })
}

/// Logs one look (DP-10); a line that is already there stays as it was.
///
/// The name in the line is the permit's, so nobody logs a look as somebody else's.
pub fn log_opening(
    document: &mut Document,
    permit: OpeningPermit,
    opening: &Opening,
) -> Result<(), WriteError> {
    let Opening {
        id,
        by: _,
        at,
        reason,
    } = opening;
    let record = OpeningRecord {
        by: permit.by().hex(),
        at: at.ms(),
        reason: reason.as_ref().map(|line| line.as_str().to_owned()),
    };
    let doc = document.writing(KIND)?;
    let openings = container(doc, "openings")?;
    let id = id.hex();
    if doc.get(&openings, id.as_str())?.is_some() {
        return Ok(());
    }
    Ok(autosurgeon::reconcile_prop(
        doc,
        openings,
        id.as_str(),
        record,
    )?)
}
