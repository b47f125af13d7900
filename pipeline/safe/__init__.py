"""The safe wing: what mines, searches and reports, and cannot see names."""
