"""The spine: the only code that knows the order in which things happen."""
