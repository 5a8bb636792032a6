"""Conversations and their messages, as version 0.1.0 made them; a database of that version is taken as it is."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None


def upgrade() -> None:
    """Make the tables that are not there."""
    op.create_table(
        "conversations",
        sa.Column("conversation_id", sa.String(128), primary_key=True),
        sa.Column("created", sa.String(32), nullable=False),
        if_not_exists=True,
    )
    op.create_table(
        "messages",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("message_id", sa.String(128), nullable=False, unique=True),
        sa.Column("conversation_id", sa.String(128), sa.ForeignKey("conversations.conversation_id", ondelete="CASCADE"), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("created", sa.String(32), nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("helpful", sa.Boolean),
        sa.Column("reason", sa.Text, nullable=False),
        if_not_exists=True,
    )
    op.create_index("ix_messages_conversation_id", "messages", ["conversation_id"], if_not_exists=True)


def downgrade() -> None:
    """Remove the tables with all that is in them."""
    op.drop_table("messages")
    op.drop_table("conversations")
