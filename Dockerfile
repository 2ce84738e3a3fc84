# The server as an image without a shell, run by an unprivileged user. The ledger lives in the volume /data.
FROM rust:1.95-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN cargo build --release --locked -p standing-cli && strip target/release/standing && mkdir /data && target/release/standing demo --keep /data/standing.db

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /src/target/release/standing /usr/local/bin/standing
COPY --from=build --chown=nonroot:nonroot /data /data
USER nonroot
VOLUME /data
ENV STANDING_DB=/data/standing.db
EXPOSE 8700
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/standing"]
# Other machines reach it, so it needs a token (docs/SERVER.md) before it starts.
CMD ["serve", "--listen", "0.0.0.0:8700"]
