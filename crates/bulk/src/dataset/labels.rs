//! The figures of the forms, as a row of the dataset says them.

use std::collections::HashMap;

use nianbao::Forms;

/// The figures of all forms.
#[derive(Debug)]
pub(crate) struct Labels(Vec<FormLabels>);

/// The figures of one form, in its order.
#[derive(Debug)]
pub(crate) struct FormLabels {
    pub(crate) form: String,
    pub(crate) fields: Vec<Label>,
    places: HashMap<String, usize>,
}

/// One figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) key: String,
    /// The parts of the key, as [`parts`] tells them.
    pub(crate) table: String,
    pub(crate) row: String,
    pub(crate) column: String,
    pub(crate) label: String,
    pub(crate) label_en: String,
    pub(crate) unit: String,
    pub(crate) decimals: bool,
    pub(crate) signed: bool,
    pub(crate) alternative: bool,
}

/// The parts of a figure's key: the first, what is between, the last.
pub(crate) fn parts(key: &str) -> (&str, &str, &str) {
    let (table, rest) = key.split_once('.').unwrap_or((key, key));
    let (row, column) = rest.rsplit_once('.').unwrap_or(("", rest));
    (table, row, column)
}

impl Labels {
    pub(crate) fn new(forms: &Forms) -> Self {
        let of_form = |form: &nianbao::Form| {
            let fields: Vec<Label> = form
                .fields
                .iter()
                .map(|field| {
                    let (table, row, column) = parts(field.key.as_str());
                    Label {
                        key: field.key.as_str().to_owned(),
                        table: table.to_owned(),
                        row: row.to_owned(),
                        column: column.to_owned(),
                        label: field.label.clone(),
                        label_en: field.label_en.clone(),
                        unit: field.unit.clone(),
                        decimals: field.fractional,
                        signed: field.signed,
                        alternative: field.alternative,
                    }
                })
                .collect();
            let places = fields.iter().enumerate().map(|(place, field)| (field.key.clone(), place)).collect();
            FormLabels { form: form.name.clone(), fields, places }
        };
        Self(forms.iter().map(of_form).collect())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &FormLabels> {
        self.0.iter()
    }

    /// The form of that name. What was read with forms of another run may have another.
    pub(crate) fn form(&self, name: &str) -> Option<&FormLabels> {
        self.0.iter().find(|form| form.form == name)
    }
}

impl FormLabels {
    /// The place of a figure; `hint` is where to look first: the one behind the last that was found.
    pub(crate) fn place(&self, key: &str, hint: &mut usize) -> Option<usize> {
        let is_there = self.fields.get(*hint).is_some_and(|field| field.key == key);
        let place = if is_there { *hint } else { *self.places.get(key)? };
        *hint = place + 1;
        Some(place)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_a_table_a_row_and_a_column() {
        let denied = parts("requests.outcome.denied.state_secret.total");
        assert_eq!(denied, ("requests", "outcome.denied.state_secret", "total"));
        assert_eq!(parts("remedies.litigation.direct.upheld"), ("remedies", "litigation.direct", "upheld"));
        assert_eq!(parts("budget.income"), ("budget", "", "income"));
        assert_eq!(parts("alone"), ("alone", "", "alone"));
    }

    #[test]
    fn a_figure_is_found_wherever_one_looks_first() {
        let labels = Labels::new(&Forms::builtin());
        let form = labels.form("2021").unwrap();
        assert_eq!(form.fields.iter().filter(|field| !field.alternative).count(), 200);
        for mut hint in [0, 7, 9999] {
            assert_eq!(form.place("disclosure.fees.amount", &mut hint), Some(9));
            assert_eq!(hint, 10);
        }
        assert_eq!(form.place("nothing", &mut 0), None);
    }
}
