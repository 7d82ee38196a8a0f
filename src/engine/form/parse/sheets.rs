//! Two of the three printed sheets, typed or scanned, and who comes in with them.

use sync_protocol::CentreId;

use super::fields::Fields;
use crate::{
    domain::text::{PersonName, ShortLine},
    engine::{
        crypto::recovery::{KitSecret, Sheet, SheetError},
        form::{FieldError, Problem, RebuildForm, SheetsForm},
    },
};

/// Somebody who comes in with two sheets.
pub(crate) struct RebuildDraft {
    /// Which centre the sheets are of.
    pub(crate) centre: CentreId,
    /// The kit that they make.
    pub(crate) kit: KitSecret,
    /// Who comes in.
    pub(crate) name: PersonName,
    /// What this tablet is called.
    pub(crate) tablet: ShortLine,
}

impl SheetsForm {
    /// Reads both sheets; whether they are of one kit only a centre's chain can tell.
    pub(crate) fn parse(&self) -> Result<(CentreId, KitSecret), Vec<FieldError>> {
        let mut fields = Fields::default();
        let kit = self.read(&mut fields);
        fields.finish(kit)
    }

    fn read(&self, fields: &mut Fields) -> Option<(CentreId, KitSecret)> {
        let one = fields.take("sheet-one", Sheet::parse(&self.one).map_err(problem));
        let other = fields.take("sheet-other", Sheet::parse(&self.other).map_err(problem));
        let joined = KitSecret::join(&one?, &other?).map_err(problem);
        fields.take("sheet-other", joined)
    }
}

impl RebuildForm {
    /// Reads the sheets, and who comes in with them.
    pub(crate) fn parse(&self) -> Result<RebuildDraft, Vec<FieldError>> {
        let mut fields = Fields::default();
        let sheets = self.sheets.read(&mut fields);
        let name = fields.read("own-name", PersonName::parse(&self.name));
        let tablet = fields.read("tablet-name", ShortLine::parse(&self.tablet));
        let draft = sheets.zip(name).zip(tablet);
        fields.finish(draft.map(|(((centre, kit), name), tablet)| RebuildDraft {
            centre,
            kit,
            name,
            tablet,
        }))
    }
}

fn problem(error: SheetError) -> Problem {
    let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    match error {
        SheetError::Count { found: 0 } => Problem::Missing,
        SheetError::Count { found } => Problem::SheetLength {
            found: number(found),
        },
        SheetError::Unlisted { place } => Problem::SheetWord {
            place: number(place),
        },
        SheetError::Check => Problem::SheetMistyped,
        SheetError::Same => Problem::SameSheet,
    }
}
