"""Local days in SQL, the same as `accounts.words.local_day` in Python: also on the days the clocks change."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db.models import DateField, F, Func, IntegerField, Value
from django.db.models.functions import Extract


class LocalDay(Func):
    """The local calendar day of a moment."""

    template = "((%(expressions)s)::date)"
    arg_joiner = " AT TIME ZONE "
    output_field = DateField()

    def __init__(self, moment, **extra):
        super().__init__(moment, Value(settings.TIME_ZONE), **extra)


class DaysBetween(Func):
    """Whole days from one day to a later one."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()

    def __init__(self, later, earlier, **extra):
        super().__init__(later, earlier, **extra)


class AgeOn(Extract):
    """Whole years from a date of birth to a day. Somebody born on 29 February is a year older on 1 March."""

    lookup_name = "year"

    def __init__(self, born: str, day, **extra):
        age = Func(day, F(born), function="AGE", output_field=DateField())
        super().__init__(age, output_field=IntegerField(), **extra)


class Each(Func):
    """A row for each element of an array."""

    function = "UNNEST"


class DayPlus(Func):
    """So many days after a day."""

    template = "(%(expressions)s)"
    arg_joiner = " + "
    output_field = DateField()


class Stretch(Func):
    """Into which stretch a day falls, from 1: each goes from one of these days, the earliest first, to the next."""

    function = "WIDTH_BUCKET"
    output_field = IntegerField()

    def __init__(self, day, days, **extra):
        super().__init__(day, Value(days, ArrayField(DateField())), **extra)
