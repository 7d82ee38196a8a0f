//! How children and adults are called in the hall: first names, and the family's own word for an adult.

use crate::{
    domain::side::Side,
    engine::view::{SideView, VisitRow},
    ui::i18n,
};

/// More names than this are too long for a button.
const NAMES_ON_A_BUTTON: usize = 3;

/// Words that families use in place of a name, so that "Hand Mia to dad" is good English.
const CALLED_BY: [&str; 24] = [
    "mum", "mam", "mom", "mummy", "mammy", "dad", "daddy", "tad", "gran", "granny", "grandma",
    "nan", "nana", "nanny", "nain", "mamgu", "grandad", "granddad", "grandpa", "gramps", "pop",
    "taid", "tadcu", "tad-cu",
];

/// The view of one side.
pub fn of_side(row: &VisitRow, side: Side) -> &SideView {
    match side {
        Side::Resident => &row.resident,
        Side::Visiting => &row.visiting,
    }
}

/// "Mia", "Mia and Leo", "Mia, Leo and Ada", or "the children" where more would not fit.
pub fn children(row: &VisitRow) -> String {
    if row.children.is_empty() || row.children.len() > NAMES_ON_A_BUTTON {
        return "the children".to_owned();
    }
    i18n::list(&row.children)
}

/// The adult with the children: "dad and Mia", "dad, Mia and Leo", "dad and the children".
pub fn with_children(row: &VisitRow, side: Side) -> String {
    let adult = called(row, side);
    if row.children.is_empty() || row.children.len() > NAMES_ON_A_BUTTON {
        return format!("{adult} and the children");
    }
    let all: Vec<String> = core::iter::once(adult)
        .chain(row.children.iter().cloned())
        .collect();
    i18n::list(&all)
}

/// Every child's name, for a heading.
pub fn all_children(row: &VisitRow) -> String {
    if row.children.is_empty() {
        row.family_code.clone()
    } else {
        i18n::list(&row.children)
    }
}

/// True where "are" and "have" are right for [`children`].
pub fn several(row: &VisitRow) -> bool {
    row.children.len() != 1
}

/// The family's word for the adult ("dad"), or the first name where there is none or both share it.
pub fn called(row: &VisitRow, side: Side) -> String {
    let adult = of_side(row, side);
    let word = relationship(adult);
    let known = CALLED_BY.contains(&word.as_str());
    if known && word != relationship(of_side(row, side.other())) {
        word
    } else if adult.name.trim().is_empty() {
        if word.is_empty() {
            adult.initials.clone()
        } else {
            format!("the {word}")
        }
    } else {
        adult.name.trim().to_owned()
    }
}

/// "Mia's dad", "Mia's dad Tom" where both adults are dads, or "Tom" where no relationship is known.
pub fn whose(row: &VisitRow, side: Side) -> String {
    let adult = of_side(row, side);
    let word = relationship(adult);
    if word.is_empty() {
        return called(row, side);
    }
    let theirs = format!("{}'s {word}", children(row));
    if word == relationship(of_side(row, side.other())) {
        format!("{theirs} {}", adult.name.trim())
    } else {
        theirs
    }
}

/// The name that tells the two adults apart when a button is read alone: "Tom", or the initials.
pub fn told_apart(row: &VisitRow, side: Side) -> String {
    let adult = of_side(row, side);
    if adult.name.trim().is_empty() {
        adult.initials.clone()
    } else {
        adult.name.trim().to_owned()
    }
}

fn relationship(adult: &SideView) -> String {
    i18n::small(adult.relationship.trim())
}
