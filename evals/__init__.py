"""Does it stay grounded, does it find, does it keep up? Run from a checkout: python -m evals."""
