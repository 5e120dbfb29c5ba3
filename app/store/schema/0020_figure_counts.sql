-- How many members each segment and grade has is read whenever the figures are opened: from indexes
-- alone, however many members there are.
CREATE INDEX figure_segment_silent ON figure_segment (segment) WHERE is_silent = 1;
CREATE INDEX figure_segment_day ON figure_segment (as_of);
CREATE INDEX figure_churn_day ON figure_churn (as_of);
