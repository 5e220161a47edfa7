"""The planner's pocket calculator: one file a kind of question."""
