"""Run by Alembic: takes the connection that :class:`assistant.storage.database.Database` hands over, and its transaction."""

from alembic import context

from assistant.storage.database import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
