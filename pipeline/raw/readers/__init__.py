"""Readers: a file in; a Document, and what could not be read, out."""
