"""What a task's answer most likely is, and how much each person's word weighs.

The modules are imported by name: those that fit need numpy and scipy, and `models` and `verdicts` do not.
"""
