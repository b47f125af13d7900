"""Candour: case reviews in, full texts without names and lessons with their evidence out."""

__version__ = "0.6.0"
