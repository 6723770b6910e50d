"""Who may open a view at all. Which rows they then find is the view's own query.

A practice's page does not exist for an organisation, nor the other way round: 404.
A manager's page exists for a link worker, who may not open it: 403.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404

from accounts.enums import ORGANISATION_ROLES, Role


def _only(*roles):
    def decorator(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            membership = request.membership
            if membership is None or membership.role not in roles:
                if membership and membership.organisation and set(roles) & set(ORGANISATION_ROLES):
                    raise PermissionDenied
                raise Http404
            return view(request, *args, **kwargs)

        wrapper.roles = roles
        return wrapper

    return decorator


organisation_only = _only(*ORGANISATION_ROLES)
manager_only = _only(Role.MANAGER)
practice_only = _only(Role.PRACTICE_STAFF)
everyone = _only(*Role)
