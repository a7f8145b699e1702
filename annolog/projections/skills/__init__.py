"""How well each person answers, measured and added up day by day."""
