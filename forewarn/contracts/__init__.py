"""What enters from outside or crosses a queue."""
