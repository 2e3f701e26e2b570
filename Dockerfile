# SPDX-License-Identifier: MIT
# One image for nginx, the pools and the runners. The lists of packages and the steps are those of ./sluice.
FROM debian:bookworm-slim AS base
WORKDIR /opt/sluice
COPY sluice ./
COPY supervisor/settings.sh supervisor/stack.sh ./supervisor/

# --- the pages ---
FROM base AS pages
RUN ./sluice install pages
COPY html ./html
RUN ./sluice build html

# --- the programs ---
FROM base AS programs
RUN ./sluice install build
# for backups; alone, because its package has 60 MB
RUN cd /tmp && apt-get download -qq mariadb-client && dpkg -x mariadb-client_*.deb client
COPY CMakeLists.txt CMakePresets.json ./
COPY core ./core
COPY fcgi-app ./fcgi-app
COPY jobs ./jobs
COPY ctl ./ctl
RUN ./sluice build release && strip build/release/fcgi-app/sluice-fcgi build/release/jobs/sluice-runner build/release/ctl/sluicectl

# --- what runs ---
FROM base
# nginx before deb12u11 has holes in map, try_files and request bodies, which are all used here
RUN ./sluice install container \
 && rm -rf /var/lib/apt/lists/* /etc/nginx/sites-enabled \
 && dpkg --compare-versions "$(dpkg-query -W -f '${Version}' nginx)" ge 1.22.1-9+deb12u11 \
 && useradd --system --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin sluice \
 && install -d -o sluice -g sluice /var/lib/sluice /run/sluice
COPY --from=programs /tmp/client/usr/bin/mariadb-dump /usr/local/bin/
COPY supervisor ./supervisor
COPY nginx ./nginx
COPY sql ./sql
COPY data-sample ./data-sample
COPY --from=pages /opt/sluice/html/dist ./html/dist
COPY --from=programs /opt/sluice/build/release/fcgi-app/sluice-fcgi ./build/release/fcgi-app/
COPY --from=programs /opt/sluice/build/release/jobs/sluice-runner ./build/release/jobs/
COPY --from=programs /opt/sluice/build/release/ctl/sluicectl ./build/release/ctl/
# logs go where docker logs reads them, and docker rotates them; a clone of umask 077 is readable in the image too
RUN sed -i -E 's/^((std(out|err)_)?logfile)=%.*/\1=\/dev\/fd\/1/; s/^((std(out|err)_)?logfile_maxbytes)=.*/\1=0/; /_backups=/d' \
      supervisor/supervisord.conf supervisor/conf.d/*.conf \
 && find . ! -type l \( ! -perm -a+r -o -type d ! -perm -a+x \) -exec chmod a+rX {} +
ENV SLUICE_STATE_DIR=/var/lib/sluice SLUICE_RUN_DIR=/run/sluice SLUICE_LISTEN=0.0.0.0 SLUICE_LOCAL_SERVERS=no
USER sluice
VOLUME /var/lib/sluice
EXPOSE 8081
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD ["curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1:8081/readyz"]
CMD ["/opt/sluice/supervisor/container", "run"]
