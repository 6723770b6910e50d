"""A made-up service of realistic shape: docs/adr/0006-demo-data.md says how it is made and what is true of it."""
