from django_htmx.http import HttpResponseClientRedirect


def RedirectWholePageMiddleware(get_response):
    """A redirect takes the whole page along.

    A browser follows one before htmx can see it, and the page would end up inside the slot
    of the form: after a save, or when the session has ended.
    """

    def middleware(request):
        response = get_response(request)
        if request.htmx and 300 <= response.status_code < 400:
            return HttpResponseClientRedirect(response["Location"])
        return response

    return middleware
