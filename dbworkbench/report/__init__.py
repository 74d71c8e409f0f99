"""Documents: chapters about a design, saved as one file."""
