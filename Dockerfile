# One image for web, worker and beat (docker-compose.yml says which it is).
# It holds what requirements.txt names and nothing for tests: no embedded servers, no browser.

FROM python:3.11-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-deps --require-hashes -r requirements.txt
ENV PATH=/venv/bin:$PATH
WORKDIR /app
COPY . .
# Settings refuse to be read without these; none of them is kept or called.
RUN LINKWORK_PRODUCTION=1 SECRET_KEY=build ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgres://build REDIS_URL=redis://build \
    sh -c "python manage.py frontend && python manage.py collectstatic --noinput --verbosity 0"

FROM python:3.11-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    LINKWORK_PRODUCTION=1 HOST=0.0.0.0
RUN useradd --system --uid 10001 --no-create-home linkwork
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER linkwork
EXPOSE 8000
CMD ["gunicorn"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen(r.Request('http://127.0.0.1:8000/healthz/', headers={'Host': 'localhost', 'X-Forwarded-Proto': 'https'}), timeout=4)"]
