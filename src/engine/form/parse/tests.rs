//! What every table of this layer needs: a day, and refusals as pairs.
#![allow(clippy::unwrap_used, clippy::panic)]

use crate::{
    domain::time::Day,
    engine::form::{FieldError, Problem},
};

mod decision;
mod plan;
mod referral;

fn today() -> Day {
    Day::parse("2026-03-14").unwrap()
}

fn errors<T>(parsed: Result<T, Vec<FieldError>>) -> Vec<(String, Problem)> {
    let Err(errors) = parsed else {
        panic!("expected the form to be refused, found a draft")
    };
    errors
        .into_iter()
        .map(|error| (error.field, error.problem))
        .collect()
}

fn named(expected: &[(&str, Problem)]) -> Vec<(String, Problem)> {
    expected
        .iter()
        .map(|(field, problem)| ((*field).to_owned(), problem.clone()))
        .collect()
}
