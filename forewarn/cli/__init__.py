"""The `forewarn` command: it speaks HTTP to the door and the desk, and knows nothing else of them."""
