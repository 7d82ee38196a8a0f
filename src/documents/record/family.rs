//! A family file's document.

use automerge::{ObjType, ROOT, transaction::Transactable};
use autosurgeon::{Hydrate, Reconcile};

use super::{
    field,
    lines::{Numbered, items, number, texts},
    optional,
    people::{AdultRecord, ChildRecord, CollectorRecord, children, children_record},
    read_record, write_record,
};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, Why, WriteError},
        schema::DocumentKind,
    },
    domain::{
        error::{Expected, Found, ParseError},
        family::{EndReason, FamilyCode, FamilyFile, FamilyState},
        ids::ReferralId,
        person::Collector,
        policy::OfficePermit,
        side::Side,
        text::ShortLine,
        time::Day,
    },
};

const KIND: DocumentKind = DocumentKind::FamilyFile;

#[derive(Reconcile, Hydrate)]
struct FamilyRecord {
    code: String,
    referral: Option<String>,
    children: Numbered<ChildRecord>,
    resident: AdultRecord,
    visiting: AdultRecord,
    needs: Numbered<String>,
    collectors: Numbered<CollectorRecord>,
    state: StateRecord,
}

#[derive(Reconcile, Hydrate)]
struct StateRecord {
    stage: String,
    reason: Option<String>,
    on: Option<String>,
}

const OPENING: &str = "opening";
const ACTIVE: &str = "active";
const SUSPENDED: &str = "suspended";
const ENDED: &str = "ended";

impl From<FamilyState> for StateRecord {
    fn from(state: FamilyState) -> Self {
        let plain = |stage: &str| Self {
            stage: stage.to_owned(),
            reason: None,
            on: None,
        };
        match state {
            FamilyState::Opening => plain(OPENING),
            FamilyState::Active => plain(ACTIVE),
            FamilyState::Suspended => plain(SUSPENDED),
            FamilyState::Ended { reason, on } => Self {
                reason: Some(reason.word().to_owned()),
                on: Some(on.iso()),
                ..plain(ENDED)
            },
        }
    }
}

impl TryFrom<StateRecord> for FamilyState {
    type Error = Unreadable;

    fn try_from(record: StateRecord) -> Result<Self, Unreadable> {
        let StateRecord { stage, reason, on } = record;
        Ok(match stage.as_str() {
            OPENING => Self::Opening,
            ACTIVE => Self::Active,
            SUSPENDED => Self::Suspended,
            ENDED => Self::Ended {
                reason: field("reason", EndReason::parse_word(&reason.unwrap_or_default()))?,
                on: field("on", Day::parse(&on.unwrap_or_default()))?,
            },
            _ => {
                let error = ParseError::new(Expected::Word("a family's state"), Found::NoSuch);
                return Err(Unreadable::because(Why::Field {
                    name: "stage",
                    error,
                }));
            }
        })
    }
}

impl From<&FamilyFile> for FamilyRecord {
    fn from(file: &FamilyFile) -> Self {
        let FamilyFile {
            code,
            referral,
            children,
            resident,
            visiting,
            needs,
            collectors,
            state,
        } = file;
        Self {
            code: code.to_string(),
            referral: referral.map(ReferralId::hex),
            children: children_record(children),
            resident: AdultRecord::from(resident),
            visiting: AdultRecord::from(visiting),
            needs: lines(needs),
            collectors: number(collectors.iter().map(CollectorRecord::from)),
            state: StateRecord::from(*state),
        }
    }
}

impl TryFrom<FamilyRecord> for FamilyFile {
    type Error = Unreadable;

    fn try_from(record: FamilyRecord) -> Result<Self, Unreadable> {
        let FamilyRecord {
            code,
            referral,
            children: child_records,
            resident,
            visiting,
            needs,
            collectors,
            state,
        } = record;
        Ok(Self {
            code: field("code", FamilyCode::parse(&code))?,
            referral: optional("referral", referral, |id| ReferralId::parse_hex(id))?,
            children: children(child_records)?,
            resident: resident.parse(Side::Resident)?,
            visiting: visiting.parse(Side::Visiting)?,
            needs: texts("needs", needs, ShortLine::parse)?,
            collectors: items(collectors, Collector::try_from)?,
            state: state.try_into()?,
        })
    }
}

fn lines(lines: &[ShortLine]) -> Numbered<String> {
    number(lines.iter().map(|line| line.as_str().to_owned()))
}

/// Writes a new family file.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    file: &FamilyFile,
) -> Result<(), WriteError> {
    write_record(document, KIND, &FamilyRecord::from(file))
}

/// Reads the family file.
pub fn read(document: &Document) -> Result<FamilyFile, Unreadable> {
    read_record::<FamilyRecord>(document, KIND)?.try_into()
}

/// Records whether the family comes; a whole new object, so that two states never mix.
pub fn set_state(
    document: &mut Document,
    _: OfficePermit,
    state: FamilyState,
) -> Result<(), WriteError> {
    let doc = document.writing(KIND)?;
    doc.put_object(ROOT, "state", ObjType::Map)?;
    Ok(autosurgeon::reconcile_prop(
        doc,
        ROOT,
        "state",
        StateRecord::from(state),
    )?)
}

/// Replaces the list of needs.
pub fn set_needs(
    document: &mut Document,
    _: OfficePermit,
    needs: &[ShortLine],
) -> Result<(), WriteError> {
    Ok(autosurgeon::reconcile_prop(
        document.writing(KIND)?,
        ROOT,
        "needs",
        lines(needs),
    )?)
}

/// Replaces the list of people who may bring or take the children.
pub fn set_collectors(
    document: &mut Document,
    _: OfficePermit,
    collectors: &[Collector],
) -> Result<(), WriteError> {
    let records = number(collectors.iter().map(CollectorRecord::from));
    Ok(autosurgeon::reconcile_prop(
        document.writing(KIND)?,
        ROOT,
        "collectors",
        records,
    )?)
}
