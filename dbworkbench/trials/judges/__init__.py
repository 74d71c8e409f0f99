"""Programs that verifications run in processes of their own: each has a vendor's tool read a file, and tells what it saw."""
