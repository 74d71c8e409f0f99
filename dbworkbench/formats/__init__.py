"""Designs in the notations of other tools, read and written."""
