# Three steps: the pages, the Python packages, and an image that holds only what runs.
FROM node:24-slim AS pages
WORKDIR /app
COPY package.json package-lock.json ./
COPY voice_service/caller/no-webrtc voice_service/caller/no-webrtc
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY voice_service voice_service
RUN npm run --silent build

FROM python:3.11-slim AS packages
WORKDIR /app
RUN python -m venv /app/.venv
COPY requirements.txt ./
RUN .venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY pyproject.toml ./
COPY booking_core booking_core
COPY voice_service voice_service
RUN .venv/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --editable .

FROM python:3.11-slim
# Its own account, whose only writable folder is DATA_DIR.
RUN useradd --system --uid 10001 --home-dir /var/lib/voice --create-home voice
WORKDIR /app
COPY --from=packages /app /app
COPY --from=pages /app/voice_service/built voice_service/built
COPY sql sql
USER voice
ENV DATA_DIR=/var/lib/voice HOST=0.0.0.0 PORT=8000 PYTHONUNBUFFERED=1
VOLUME /var/lib/voice
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=3s --start-period=30s \
    CMD ["/app/.venv/bin/python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=2)"]
ENTRYPOINT ["/app/.venv/bin/voice-service"]
CMD ["serve"]
