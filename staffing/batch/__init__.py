"""Plans as units of work: one of them, a stage of one, or all below a folder."""
