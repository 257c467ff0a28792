"""Makes a fresh machine able to run the suite: ``python3 -m dcor_control.bootstrap [COMMAND …]``.

Runs with the system's Python and nothing else: it installs the missing packages of the operating
system, creates the virtual environment ``.venv``, fills it from ``requirements.lock`` (hashes
checked) and installs the suite. What is there already is left alone. COMMAND is then run inside.
"""
