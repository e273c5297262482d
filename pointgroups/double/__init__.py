"""Double groups: half-integer spin under the 32 point groups.

>>> from pointgroups import point_group
>>> point_group("Td").double.subduce("5/2")
{'E5/2': 1, 'F3/2': 1}
"""

from __future__ import annotations
