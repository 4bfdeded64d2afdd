"""The directory: who there is, what they use, and how to reach them; imported by operators."""
