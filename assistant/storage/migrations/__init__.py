"""Tables of the database, step by step. Each file of ``versions`` is one step; the newest is what the models describe.

A new step: copy the last file, give it the next number, name the last one as ``down_revision``, and write both ways by hand.
``tests/contracts/test_migrations.py`` fails while the models and the steps differ.
"""
