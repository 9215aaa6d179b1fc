# LossViz for a container platform, or a Hugging Face Space (see the first lines of README.md).
#   docker build -t lossviz . && docker run -p 8501:8501 -v lossviz:/data lossviz
FROM python:3.11-slim

# Where the CPU build of torch is found, if the default registry has another one.
ARG PIP_EXTRA_INDEX_URL=""

WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY .streamlit .streamlit
COPY app.py README.md ./
COPY assets assets
COPY lossviz lossviz
COPY pages pages

# Published runs outlive the container where /data is a volume.
RUN useradd --create-home --uid 1000 lossviz && install -d -o lossviz /data
USER lossviz
ENV LOSSVIZ_LIBRARY=sqlite:////data/library.db
VOLUME /data

EXPOSE 8501
HEALTHCHECK CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8501/healthz', timeout=3)"]
CMD ["streamlit", "run", "app.py", "--server.address=0.0.0.0", "--server.port=8501"]
