from django.contrib import messages
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.perms import manager_only
from caseload.tasks import sweep_organisation


@require_POST
@manager_only
def sweep(request):
    sweep_organisation.delay_on_commit(str(request.org.pk), by_id=str(request.user.pk))
    messages.success(request, "Checking now. Flags will be up to date in a moment.")
    return redirect("insight:service")
