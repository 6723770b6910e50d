from django.db import models


class AreaKind(models.TextChoices):
    """The small areas a deprivation index is published for. The values are Postcode's field names."""

    DZ2011 = "dz2011", "Data zone (2011)"
    DZ2022 = "dz2022", "Data zone (2022)"
    LSOA2011 = "lsoa2011", "Lower-layer super output area (2011)"
    LSOA2021 = "lsoa2021", "Lower-layer super output area (2021)"


class DecileKind(models.TextChoices):
    """How areas were shared out: the same number of areas in each tenth, or the same number of people."""

    EQUAL_COUNT = "equal_count", "Equal numbers of areas"
    POPULATION_WEIGHTED = "population_weighted", "Equal numbers of people"


class Weekday(models.TextChoices):
    """Keys of an asset's opening hours, in order."""

    MON = "mon", "Monday"
    TUE = "tue", "Tuesday"
    WED = "wed", "Wednesday"
    THU = "thu", "Thursday"
    FRI = "fri", "Friday"
    SAT = "sat", "Saturday"
    SUN = "sun", "Sunday"
