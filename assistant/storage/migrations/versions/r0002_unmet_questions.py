"""What an answer replied to and its verdict, beside the message, so that unmet questions are found without reading every answer."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the columns and fill them for the messages that are there: a question stands just before its answer."""
    op.add_column("messages", sa.Column("verdict", sa.String(16)))
    op.add_column("messages", sa.Column("reply_to", sa.String(128)))
    op.create_index("ix_messages_created", "messages", ["created"])
    connection = op.get_bind()
    rows = connection.execute(
        sa.text("SELECT number, message_id, conversation_id, role, answer FROM messages ORDER BY conversation_id, number")
    ).all()
    last: tuple[str, str] | None = None
    for number, message_id, conversation_id, role, answer in rows:
        if role == "user":
            last = (conversation_id, message_id)
            continue
        replied_to = last[1] if last is not None and last[0] == conversation_id else None
        verdict = json.loads(answer).get("verdict") if answer else None
        connection.execute(
            sa.text("UPDATE messages SET verdict = :verdict, reply_to = :reply_to WHERE number = :number"),
            {"verdict": verdict, "reply_to": replied_to, "number": number},
        )


def downgrade() -> None:
    """Remove the columns."""
    op.drop_index("ix_messages_created", "messages")
    with op.batch_alter_table("messages") as messages:
        messages.drop_column("reply_to")
        messages.drop_column("verdict")
