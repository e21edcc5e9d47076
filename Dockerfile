# Voucher Explorer in a container. The image holds the app, the volume /data the store.
#
#     docker build -t voucher-explorer .
#     docker run -p 127.0.0.1:8501:8501 -v vouchers:/data voucher-explorer
#
# The app has no sign-in of its own yet, and in here it listens on every address: whoever reaches
# the port sees and changes everything. Publish the port on 127.0.0.1 only, as above, and put a
# proxy with a sign-in in front of it. VOUCHERS_HOSTS then says the names under which the proxy
# is opened (-e VOUCHERS_HOSTS="vouchers.example.com"); other names are refused.
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
    PYTHONUNBUFFERED=1
USER vouchers
VOLUME /data
EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as web; web.urlopen('http://127.0.0.1:8501/_stcore/health', timeout=4)"]
CMD ["streamlit", "run", "app.py", "--server.port=8501", \
     "--server.address=0.0.0.0", "--browser.serverAddress=localhost"]
