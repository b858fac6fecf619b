"""The offline tutor: answers composed of the course’s own sentences and structure, one composer a kind."""
