"""The web app: what a learner sees, and nothing that decides what is true."""
