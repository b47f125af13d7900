"""Recognisers: one family a file, one row a thing that is hidden."""
