from django.shortcuts import render
from django.utils import timezone

from accounts.perms import manager_only
from insight.reconciling import changed_since
from insight.snapshots import TIME_TO_WRITE_UP, last_closed


@manager_only
def closed_months(request):
    """What facts entered since would make of closed months. It changes none."""
    checks = request.org.snapshots.exclude(checked_at=None).order_by("-checked_at")
    context = {
        "changes": changed_since(request.org),
        "last_closed": last_closed(timezone.localdate()),
        "is_any_closed": request.org.snapshots.exists(),
        "write_up_days": TIME_TO_WRITE_UP.days,
        "checked_at": checks.values_list("checked_at", flat=True).first(),
    }
    return render(request, "insight/closed_months.html", context)
