"""What the learner means: spelling, everyday words, kind of question, place in the conversation."""
