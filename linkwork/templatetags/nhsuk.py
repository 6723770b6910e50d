"""What the NHS.UK crispy pack (templates/nhsuk/) needs beyond crispy's own tags."""

from django import forms, template

register = template.Library()

KINDS = [
    (forms.CheckboxSelectMultiple, "checkboxes"),  # Before radios: Django makes it one of them.
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.MultiWidget, "fieldset"),
]


@register.filter
def kind(field) -> str:
    """Which way a field is drawn."""
    return next((kind for widget, kind in KINDS if isinstance(field.field.widget, widget)), "input")


@register.filter
def drawn(field):
    """The field's own widget with the class NHS.UK gives its kind."""
    css = {"select": "nhsuk-select", "textarea": "nhsuk-textarea"}.get(kind(field), "nhsuk-input")
    classes = [css, f"{css}--error" if field.errors else "", field.field.widget.attrs.get("class", "")]
    return field.as_widget(attrs={"class": " ".join(filter(None, classes))})


@register.filter
def field_named(form, name):
    return form[name]


@register.filter
def first_id(field) -> str:
    """Where a link in the error summary lands: the first thing to fill in."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def opened_by(opened, option):
    """The fields an answer opens (accounts.forms.Reveal)."""
    return (opened or {}).get(str(option.data["value"]), "")
