# A camera to try things with: the demo film in a loop over RTSP. The context is the repository's root.
ARG RUNTIME_IMAGE=debian:12.11-slim

FROM ${RUNTIME_IMAGE}
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ffmpeg python3-gi gir1.2-gst-rtsp-server-1.0 \
    gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-rtsp \
 && rm -rf /var/lib/apt/lists/*
COPY models/scenes/demo.mp4 /film/demo.mp4
# As cameras send it: pictures in the order in which they are shown, and an intra frame every second.
RUN ffmpeg -v error -i /film/demo.mp4 -an -c:v libx264 -crf 12 -bf 0 -g 10 -pix_fmt yuv420p /film/camera.mp4
COPY deploy/camera/camera.py /usr/local/bin/camera.py
ENV GST_REGISTRY=/tmp/gst-registry.bin HOME=/tmp
USER 10002:10002
EXPOSE 8554
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python3", "-c", "import socket; socket.create_connection(('127.0.0.1', 8554), 3)"]
ENTRYPOINT ["python3", "-u", "/usr/local/bin/camera.py", "--address", "0.0.0.0", "--port", "8554", "--file", "/film/camera.mp4"]
