"""Writers of items: each reads the course's structure and gives candidates, key first; the validators decide."""
