"""Practice made from the course: items, exams, scenarios, marking, the schedule and what can be taken away."""
