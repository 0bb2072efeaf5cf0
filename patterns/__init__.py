"""What happens when, in cycles: pure functions of time and seed."""
