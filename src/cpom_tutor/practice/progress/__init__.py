"""What attempts say of a learner, and what to do next."""
