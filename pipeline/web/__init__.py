"""What people see in a browser: parse, call flow, show."""
