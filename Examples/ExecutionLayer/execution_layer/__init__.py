"""A reference execution layer: it takes permits, places orders, and reports what became of them.

docs/CONTRACT.md states the duties. `executor.py` is the place to start reading.
"""
