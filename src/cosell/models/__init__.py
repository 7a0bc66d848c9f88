"""The typed models of the field, a module a topic."""
