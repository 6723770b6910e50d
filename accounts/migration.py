"""What our migrations need beyond Django's own operations."""

from django.db.migrations.operations.base import Operation


class Together(Operation):
    """Operations that share one rendering of the models.

    Django renders a model, and every model related to it, again after each operation on it; here nearly all are
    related, so that a new database took most of its minute to render. Together they are rendered once, as they are
    after the last: an operation may therefore name a model that a later one makes, but none may change what an
    earlier one made (give CreateModel its fields, constraints, indexes and triggers at once).
    """

    serialization_expand_args = ["operations"]

    def __init__(self, operations: list[Operation]) -> None:
        self.operations = operations

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for operation in reversed(self.operations):
            operation.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return "; ".join(operation.describe() for operation in self.operations)
