"""Training: data, losses, schedules and the two stages of the paper."""
