"""Proposals (合理化建议, 金点子), 五小 results and hazard reports, from hand-in to verified benefit."""
