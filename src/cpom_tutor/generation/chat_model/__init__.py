"""The generator with a language model: asks it, reads what it writes, and leaves the judging to the gate."""
