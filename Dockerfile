# Voucher Explorer in a container. The image holds the app, the volume /data the store.
#
#     docker build -t voucher-explorer .
#     docker run -p 127.0.0.1:8501:8501 -v vouchers:/data -v /etc/vouchers:/etc/vouchers:ro \
#         voucher-explorer
#
# In here the app listens on every address, so it starts only with a sign-in: /etc/vouchers holds
# secrets.toml with a section [auth], and roles.toml, both readable by the user 10001.
# docs/deploy.md shows both, and the proxy with HTTPS that belongs in front.
FROM python:3.13-slim

WORKDIR /app
# Only files whose hashes are in the lock; compiled here, because the app's user cannot write them.
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock

COPY . .
RUN python -m compileall -q . \
    && useradd --uid 10001 --no-create-home --home-dir /data vouchers \
    && install -d -o vouchers -g vouchers -m 0700 /data

ENV VOUCHERS_STORE=/data/vouchers.duckdb \
    VOUCHERS_INBOX=/data/inbox \
    VOUCHERS_ROLES=/etc/vouchers/roles.toml \
    STREAMLIT_SECRETS_FILES=/etc/vouchers/secrets.toml \
    PYTHONUNBUFFERED=1
USER vouchers
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as web; \
         base = os.environ.get('STREAMLIT_SERVER_BASE_URL_PATH', '').strip('/'); \
         url = os.path.join('http://127.0.0.1:8501', base, '_stcore/health'); \
         web.urlopen(url, timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.port=8501", \
     "--server.address=0.0.0.0", "--browser.serverAddress=localhost"]
