-- How likely each member is lost, as judged last: so that the desk reads grades and does not count
-- them. `odds`: the logarithm of the odds, in ten thousandths; the higher, the likelier lost.
CREATE TABLE figure_churn (
    person TEXT PRIMARY KEY,
    grade TEXT NOT NULL CHECK (grade IN ('low', 'middle', 'high')),
    sign TEXT NOT NULL CHECK (sign IN ('steady', 'rarer', 'silent')),
    odds INTEGER NOT NULL,
    days_since INTEGER NOT NULL,
    usual_days INTEGER NOT NULL,
    visits_28_days INTEGER NOT NULL,
    as_of TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_churn_grade ON figure_churn (grade, odds DESC, person);
