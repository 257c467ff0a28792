"""``python -m dcor_control`` is the same as ``dcor``."""

from __future__ import annotations

from dcor_control.cli import main

if __name__ == "__main__":
    main()
