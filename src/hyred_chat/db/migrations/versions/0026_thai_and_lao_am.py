"""Names with Thai or Lao am are folded anew: it is no longer taken for aa.

The server folds them in batches while it serves. What one of the version before folds until it is replaced is found as
if it had aa, until the name changes. The index of messages needs nothing: its terms are the same.
"""

from alembic import op

revision = "0026"
down_revision = "0025"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


FOLD_ANEW = r"""
    INSERT INTO changed_names (user_id)
    SELECT user_id FROM va_profiles WHERE name ~ '[\u0e33\u0e4d\u0eb3\u0ecd]'
    UNION
    SELECT user_id FROM companies WHERE name ~ '[\u0e33\u0e4d\u0eb3\u0ecd]'
"""


def upgrade() -> None:
    op.execute(FOLD_ANEW)
