//! Gathers what a form's fields refuse, all at once and in the order of the page.
//!
//! Knows how a refusal of the domain reads as a [`Problem`]; knows no form.

use crate::{
    domain::error::{Expected, Found, ParseError},
    engine::form::{FieldError, Problem},
};

/// The refusals so far.
#[derive(Debug, Default)]
pub(super) struct Fields {
    refused: Vec<FieldError>,
}

impl Fields {
    /// The value, or a note of why not.
    pub(super) fn read<T>(&mut self, field: &str, parsed: Result<T, ParseError>) -> Option<T> {
        self.take(field, parsed.map_err(problem_of))
    }

    /// The value, or what a person can do about it.
    pub(super) fn take<T>(&mut self, field: &str, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.refuse(field, problem)).ok()
    }

    /// What was chosen, or a note that nothing was.
    pub(super) fn chosen<T>(&mut self, field: &str, choice: Option<T>) -> Option<T> {
        if choice.is_none() {
            self.refuse(field, Problem::Missing);
        }
        choice
    }

    /// A whole number as people type it.
    pub(super) fn number(
        &mut self,
        field: &str,
        typed: &str,
        least: i32,
        most: i32,
    ) -> Option<i64> {
        let typed = typed.trim();
        if typed.is_empty() {
            self.refuse(field, Problem::Missing);
            return None;
        }
        let number = typed.parse::<i64>().ok();
        if number.is_none() {
            self.refuse(
                field,
                Problem::OutOfRange {
                    min: least,
                    max: most,
                },
            );
        }
        number
    }

    /// Each line that is not blank; one refusal at most, for the first bad line.
    pub(super) fn lines<T>(
        &mut self,
        field: &str,
        typed: &str,
        parse: fn(&str) -> Result<T, ParseError>,
    ) -> Vec<T> {
        let lines = typed.lines().filter(|line| !line.trim().is_empty());
        self.read(field, lines.map(parse).collect())
            .unwrap_or_default()
    }

    /// Notes a refusal.
    pub(super) fn refuse(&mut self, field: &str, problem: Problem) {
        self.refused.push(FieldError {
            field: field.to_owned(),
            problem,
        });
    }

    /// The draft, if no field was refused.
    ///
    /// A draft that is missing although nothing was refused cannot come about: each `None` in it
    /// left a refusal behind. Should it happen all the same, the form is refused without a field.
    pub(super) fn finish<T>(self, draft: Option<T>) -> Result<T, Vec<FieldError>> {
        match draft {
            Some(draft) if self.refused.is_empty() => Ok(draft),
            Some(_) | None => Err(self.refused),
        }
    }
}

/// The problem a person can read, for a refusal of the domain.
pub(super) fn problem_of(error: ParseError) -> Problem {
    match error.found {
        Found::Nothing if error.expected == Expected::OneOrMore => Problem::ChooseOne,
        Found::Nothing => Problem::Missing,
        Found::TooLong { limit, .. } => Problem::TooLong { max: whole(limit) },
        Found::ControlCharacter { .. } => Problem::Unreadable,
        Found::OutOfRange { value, least, .. }
            if error.expected == Expected::Gap && value < least =>
        {
            Problem::GapTooSmall
        }
        Found::OutOfRange { least, most, .. } => Problem::OutOfRange {
            min: bounded(least),
            max: bounded(most),
        },
        Found::OtherShape | Found::NoSuch => misshapen(error.expected),
    }
}

const fn misshapen(expected: Expected) -> Problem {
    match expected {
        Expected::Day => Problem::NotADay,
        Expected::ClockTime => Problem::NotATime,
        Expected::PhoneNumber => Problem::NotAPhone,
        Expected::EmailAddress => Problem::NotAnEmail,
        Expected::Slot => Problem::EndsBeforeStart,
        Expected::OneOrMore => Problem::ChooseOne,
        Expected::PersonName
        | Expected::ShortLine
        | Expected::LongText
        | Expected::NoteText
        | Expected::PostalAddress
        | Expected::Id
        | Expected::FamilyCode
        | Expected::Gap
        | Expected::Length
        | Expected::Word(_) => Problem::Unreadable,
    }
}

fn whole(limit: usize) -> u32 {
    u32::try_from(limit).unwrap_or(u32::MAX)
}

fn bounded(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(if value < 0 { i32::MIN } else { i32::MAX })
}
