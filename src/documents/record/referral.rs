//! A referral's document.

/// A referral's state and judgement of risk: each written and replaced as one whole.
mod decision;

use automerge::{ObjType, ROOT, transaction::Transactable};
use autosurgeon::{Hydrate, Reconcile};

use self::decision::{RiskRecord, StateRecord};
use super::{
    container, field,
    lines::{Numbered, number, texts},
    optional,
    people::{AdultRecord, ChildRecord, children, children_record},
    read_record, write_record,
};
use crate::{
    documents::{
        document::Document,
        error::{Unreadable, WriteError},
        schema::DocumentKind,
    },
    domain::{
        contact::{ContactKind, Reporting},
        policy::{OfficePermit, RiskPermit},
        referral::{Form, Referral, ReferralSource, ReferralState, Referrer},
        risk::RiskDecision,
        side::{PerSide, Side},
        text::{EmailAddress, LongText, PersonName, PhoneNumber, ShortLine},
        time::Day,
    },
};

const KIND: DocumentKind = DocumentKind::Referral;

#[derive(Reconcile, Hydrate)]
struct ReferralRecord {
    reference: String,
    received_on: String,
    source: String,
    referrer: ReferrerRecord,
    kind_requested: String,
    reporting: String,
    children: Numbered<ChildRecord>,
    resident: AdultRecord,
    visiting: AdultRecord,
    forms: FormsRecord,
    needs: Numbered<String>,
    reason: Option<String>,
    background: Option<String>,
    risk: Option<RiskRecord>,
    state: StateRecord,
}

#[derive(Reconcile, Hydrate)]
struct ReferrerRecord {
    name: Option<String>,
    organisation: Option<String>,
    phone: Option<String>,
    email: Option<String>,
}

#[derive(Reconcile, Hydrate)]
struct FormsRecord {
    resident: String,
    visiting: String,
}

impl From<&Referrer> for ReferrerRecord {
    fn from(referrer: &Referrer) -> Self {
        let Referrer {
            name,
            organisation,
            phone,
            email,
        } = referrer;
        Self {
            name: name.as_ref().map(|name| name.as_str().to_owned()),
            organisation: organisation.as_ref().map(|line| line.as_str().to_owned()),
            phone: phone.as_ref().map(|phone| phone.as_str().to_owned()),
            email: email.as_ref().map(|email| email.as_str().to_owned()),
        }
    }
}

impl TryFrom<ReferrerRecord> for Referrer {
    type Error = Unreadable;

    fn try_from(record: ReferrerRecord) -> Result<Self, Unreadable> {
        let ReferrerRecord {
            name,
            organisation,
            phone,
            email,
        } = record;
        Ok(Self {
            name: optional("name", name, |name| PersonName::parse(name))?,
            organisation: optional("organisation", organisation, |line| ShortLine::parse(line))?,
            phone: optional("phone", phone, |phone| PhoneNumber::parse(phone))?,
            email: optional("email", email, |email| EmailAddress::parse(email))?,
        })
    }
}

impl From<PerSide<Form>> for FormsRecord {
    fn from(forms: PerSide<Form>) -> Self {
        let PerSide { resident, visiting } = forms;
        Self {
            resident: resident.word().to_owned(),
            visiting: visiting.word().to_owned(),
        }
    }
}

impl TryFrom<FormsRecord> for PerSide<Form> {
    type Error = Unreadable;

    fn try_from(record: FormsRecord) -> Result<Self, Unreadable> {
        let FormsRecord { resident, visiting } = record;
        Ok(Self {
            resident: field("forms", Form::parse_word(&resident))?,
            visiting: field("forms", Form::parse_word(&visiting))?,
        })
    }
}

impl From<&Referral> for ReferralRecord {
    fn from(referral: &Referral) -> Self {
        let Referral {
            reference,
            received_on,
            source,
            referrer,
            kind_requested,
            reporting,
            children,
            resident,
            visiting,
            forms,
            needs,
            reason,
            background,
            risk,
            state,
        } = referral;
        Self {
            reference: reference.as_str().to_owned(),
            received_on: received_on.iso(),
            source: source.word().to_owned(),
            referrer: ReferrerRecord::from(referrer),
            kind_requested: kind_requested.word().to_owned(),
            reporting: reporting.word().to_owned(),
            children: children_record(children),
            resident: AdultRecord::from(resident),
            visiting: AdultRecord::from(visiting),
            forms: FormsRecord::from(*forms),
            needs: number(needs.iter().map(|line| line.as_str().to_owned())),
            reason: reason.as_ref().map(|text| text.as_str().to_owned()),
            background: background.as_ref().map(|text| text.as_str().to_owned()),
            risk: risk.as_ref().map(RiskRecord::from),
            state: StateRecord::from(*state),
        }
    }
}

impl TryFrom<ReferralRecord> for Referral {
    type Error = Unreadable;

    fn try_from(record: ReferralRecord) -> Result<Self, Unreadable> {
        let ReferralRecord {
            reference,
            received_on,
            source,
            referrer,
            kind_requested,
            reporting,
            children: child_records,
            resident,
            visiting,
            forms,
            needs,
            reason,
            background,
            risk,
            state,
        } = record;
        Ok(Self {
            reference: field("reference", ShortLine::parse(&reference))?,
            received_on: field("received_on", Day::parse(&received_on))?,
            source: field("source", ReferralSource::parse_word(&source))?,
            referrer: referrer.try_into()?,
            kind_requested: field("kind_requested", ContactKind::parse_word(&kind_requested))?,
            reporting: field("reporting", Reporting::parse_word(&reporting))?,
            children: children(child_records)?,
            resident: resident.parse(Side::Resident)?,
            visiting: visiting.parse(Side::Visiting)?,
            forms: forms.try_into()?,
            needs: texts("needs", needs, ShortLine::parse)?,
            reason: optional("reason", reason, |text| LongText::parse(text))?,
            background: optional("background", background, |text| LongText::parse(text))?,
            risk: risk.map(RiskDecision::try_from).transpose()?,
            state: state.try_into()?,
        })
    }
}

/// Writes a new referral.
pub fn write_new(
    document: &mut Document,
    _: OfficePermit,
    referral: &Referral,
) -> Result<(), WriteError> {
    write_record(document, KIND, &ReferralRecord::from(referral))
}

/// Reads the referral.
pub fn read(document: &Document) -> Result<Referral, Unreadable> {
    read_record::<ReferralRecord>(document, KIND)?.try_into()
}

/// Records the judgement of risk.
///
/// A whole new object, so that two judgements made apart never mix: both are kept side by side and
/// [`super::conflicts`] shows them.
pub fn decide_risk(
    document: &mut Document,
    _: RiskPermit,
    decision: &RiskDecision,
) -> Result<(), WriteError> {
    let doc = document.writing(KIND)?;
    doc.put_object(ROOT, "risk", ObjType::Map)?;
    Ok(autosurgeon::reconcile_prop(
        doc,
        ROOT,
        "risk",
        RiskRecord::from(decision),
    )?)
}

/// Records how far the referral has come; a whole new object, as with the risk.
pub fn set_state(
    document: &mut Document,
    _: OfficePermit,
    state: ReferralState,
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

/// Records whether one side's own form is in.
pub fn set_form(
    document: &mut Document,
    _: OfficePermit,
    side: Side,
    form: Form,
) -> Result<(), WriteError> {
    let doc = document.writing(KIND)?;
    let forms = container(doc, "forms")?;
    Ok(doc.put(forms, side.word(), form.word())?)
}
