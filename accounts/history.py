"""Row history: every insert, change and deletion of a row, whoever made it and however.

Kept by database triggers, so .update() and raw SQL are seen too. CaseHistory holds the
earlier versions of Case, and so on; the *Event models are the timelines people read.
"""

import pghistory


def keep_history(*, exclude: tuple[str, ...] = ()):
    def decorator(model):
        return pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            model_name=f"{model.__name__}History",
            obj_field=pghistory.ObjForeignKey(related_name="history"),
            exclude=list(exclude),
        )(model)

    return decorator
