"""Sales-stage state machines for selling with partners."""
