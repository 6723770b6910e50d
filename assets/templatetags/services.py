from django import template

from assets.models import Asset

register = template.Library()


@register.filter
def funding_within(service: Asset, days: int) -> str:
    """service|funding_within:60: that its funding ends soon, or was to end; nothing where it does not."""
    return service.funding_in_words(days)
