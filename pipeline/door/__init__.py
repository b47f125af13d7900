"""The door: raw text goes in, safe text comes out, and nowhere else."""
