"""Databases that run: started, filled, asked and timed through one small protocol."""
