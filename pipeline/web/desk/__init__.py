"""The review desk: where people settle what is hidden, and a second person approves."""
