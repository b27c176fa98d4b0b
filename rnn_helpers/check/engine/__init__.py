"""The general judge: from a function and an Exercise to a Verdict.

It knows arrays, not their subject. What an exercise asks is handed to it as an `Exercise`, and the words in which a
course speaks of its axes, errors and sections as a `Course`. Read `exercise.py` for what can be handed over, then
`judge.py` for the order in which a verdict is looked for. What has passed is kept by `keep.py`.
"""
