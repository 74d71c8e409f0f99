"""Exercises that check the learner's answer and show why it is right or wrong."""
