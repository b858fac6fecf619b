"""What alembic runs, on the connection (and in the transaction) that `records.migrate` hands over.

To write a revision after changing the models, on a database that is up to date:
`alembic.command.revision(migration_config(connection), "what changes", autogenerate=True)`.
"""

from alembic import context

from cpom_tutor.records.models import Row

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,  # SQLite changes a column only by copying the table
    transactional_ddl=True,  # killed half-way, nothing has happened
)
with context.begin_transaction():
    context.run_migrations()
