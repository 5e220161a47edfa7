"""The report's parts, one a file, in the reader's order."""
