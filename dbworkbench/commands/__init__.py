"""The commands: a module for each, with what it takes (`arguments`) and what it does (`run`)."""
