"""The pages for researchers: lessons, passages in their place, trends and search. Safe texts only."""
