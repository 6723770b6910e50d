from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError

from accounts.perms import manager_only
from caseload.tasks import sweep_organisation


@require_POST
@manager_only
def sweep(request):
    try:
        sweep_organisation.delay(str(request.org.pk), by_id=str(request.user.pk))
    except OperationalError:
        messages.warning(request, "The check could not start. Try again in a few minutes.")
    else:
        messages.success(request, "Checking now. Flags will be up to date in a moment.")
    return redirect("insight:service")
