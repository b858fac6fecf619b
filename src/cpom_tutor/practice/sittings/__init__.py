"""One run of practice: drawn, taken step by step, summed up."""
