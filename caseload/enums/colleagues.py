"""Choices in asking colleagues and handing over."""

from django.db import models


class ConsultOpens(models.TextChoices):
    """Who may open the case from a question to colleagues, besides whoever asks."""

    NOBODY = "nobody", "Nobody: the question stands by itself"
    ASKED = "asked", "Those I ask"
    SOME = "some", "Only some of them"


class HandOverStatus(models.TextChoices):
    PREPARING = "preparing", "Being written"
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    DECLINED = "declined", "Not taken"
    CALLED_OFF = "called_off", "Called off"


UNDER_WAY = [HandOverStatus.PREPARING, HandOverStatus.OFFERED]

HAND_OVER_MOVES = {
    "write": ([HandOverStatus.PREPARING, HandOverStatus.OFFERED], HandOverStatus.OFFERED),
    "accept": ([HandOverStatus.OFFERED], HandOverStatus.ACCEPTED),
    "decline": ([HandOverStatus.OFFERED], HandOverStatus.DECLINED),
    "call_off": ([HandOverStatus.PREPARING, HandOverStatus.OFFERED], HandOverStatus.CALLED_OFF),
}
