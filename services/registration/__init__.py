"""Who takes part: units, campaigns, boards, entries, draws, rosters."""
