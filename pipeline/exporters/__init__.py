"""Exporters: one format a file, safe text only."""
