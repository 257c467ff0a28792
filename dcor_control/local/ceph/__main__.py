"""Makes the object store that stdin describes: how root makes one as the account that owns it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from dcor_control.local.ceph import CephError, CephLayout
from dcor_control.local.ceph.making import make


def main() -> int:
    """Make it; what is wrong goes to stderr."""
    found = json.load(sys.stdin)
    try:
        make(CephLayout(**found | {"folder": Path(found["folder"])}))
    except CephError as error:
        sys.stderr.write(str(error))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
