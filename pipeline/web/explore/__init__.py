"""The pages for researchers: lessons, passages in their place, trends, search. No raw text."""
