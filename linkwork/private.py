def PrivatePagesMiddleware(get_response):
    """Nothing a signed-in page shows stays with the browser: at a shared computer "back" after signing out, or a
    look into its cache, finds no names. A page that says for itself how long it is kept does as it says.
    """

    def middleware(request):
        response = get_response(request)
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            response["Cache-Control"] = "no-store, private"
        return response

    return middleware
