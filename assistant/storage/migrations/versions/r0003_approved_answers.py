"""Answers that a person approved."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "approved_answers",
        sa.Column("approved_id", sa.String(64), primary_key=True),
        sa.Column("questions", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("passages", sa.Text, nullable=False),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("expires", sa.String(10), nullable=False),
    )


def downgrade() -> None:
    """Remove the table with all that is in it."""
    op.drop_table("approved_answers")
