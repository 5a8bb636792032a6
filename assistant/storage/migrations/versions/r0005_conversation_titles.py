"""The name that a reader gives her conversation."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column; conversations that are there have no name."""
    op.add_column("conversations", sa.Column("title", sa.Text))


def downgrade() -> None:
    """Remove the column with the names in it. In place: made anew, the table would take the messages that point to it along."""
    op.drop_column("conversations", "title")
