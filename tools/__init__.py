"""What only people who work on the project run."""
