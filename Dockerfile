# syntax=docker/dockerfile:1
# Two stages: what builds stays behind. Every package is pinned by its hash.
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
RUN python -m venv /opt/annolog
COPY requirements-image.txt requirements-build.txt ./
RUN /opt/annolog/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --requirement requirements-image.txt
RUN python -m venv /opt/build \
    && /opt/build/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --require-hashes --requirement requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY annolog ./annolog
RUN /opt/build/bin/pip wheel --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir /wheels .
RUN /opt/annolog/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /wheels/*.whl

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin annolog \
    && install --directory --owner 10001 --group 10001 /var/lib/annolog
COPY --from=build /opt/annolog /opt/annolog
ENV PATH=/opt/annolog/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    ANNOLOG_DATA_DIR=/var/lib/annolog \
    ANNOLOG_LOG_FORMAT=json
USER 10001:10001
WORKDIR /var/lib/annolog
EXPOSE 8080 8081
STOPSIGNAL SIGTERM
ENTRYPOINT ["annolog"]
CMD ["serve", "--host", "0.0.0.0"]
