"""Files that a plan reads and writes."""
