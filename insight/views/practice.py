from django.shortcuts import render

from accounts.perms import practice_only
from insight.forms.scope import MixForm
from insight.practice_mix import mix_of


@practice_only
def practice_mix(request):
    """What this practice sent, what became of it, and what its patients need that is not to be had."""
    form = MixForm(request.GET)
    context = {"filter_form": form, "period": form.period, "mix": mix_of(request.practice, form.period)}
    return render(request, "insight/practice_mix.html", context)
