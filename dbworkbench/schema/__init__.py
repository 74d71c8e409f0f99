"""The design as a value: relations, schemas, their notation, analysis and normalization."""
