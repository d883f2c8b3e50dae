"""What the end-to-end tests stand on: the real binary, and real peers."""
