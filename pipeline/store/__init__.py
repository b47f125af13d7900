"""What is kept: vault (raw, encrypted), library (safe), register, ledger."""
