"""Makes the models and the sample corpus; nothing imports it."""
