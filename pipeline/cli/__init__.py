"""The command line: parse, call flow, show."""
