"""Names with kana or ideographs are folded anew: small kana, and forms of letters that are one to whoever reads them.

The server folds them in batches while it serves. One of the version before folds by the rules of before until it is
replaced: what it folds then is found by exactly what it says.
"""

from alembic import op

revision = "0009"
down_revision = "0008"
min_compatible_revision = "0008"
branch_labels = None
depends_on = None


FOLD_ANEW = r"""
    INSERT INTO changed_names (user_id)
    SELECT user_id FROM va_profiles WHERE name ~ '[^\u0001-\u2e7f]'
    UNION
    SELECT user_id FROM companies WHERE name ~ '[^\u0001-\u2e7f]'
"""


def upgrade() -> None:
    op.execute(FOLD_ANEW)
