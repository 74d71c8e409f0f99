"""Dependencies that data obeys: found exactly, ranked, and turned into a design."""
