/**
 * A Compose file of `count` services as people write them: templates, environment, ports, mounts, health checks,
 * dependencies, labels, limits, and resources shared between services.
 */
export function projectText(count: number): string {
  const services = Array.from({ length: count }, (_, index) => serviceText(index));
  const groups = Array.from({ length: Math.ceil(count / 20) }, (_, index) => index);
  return `name: bench
x-logging: &logging
  driver: json-file
  options: {max-size: 10m, max-file: "3"}
services:
${services.join('')}networks:
${groups.map((group) => `  net${group}: {labels: {group: "${group}"}}\n`).join('')}volumes:
${groups.map((group) => `  data${group}: {}\n`).join('')}secrets:
  token: {environment: TOKEN}
`;
}

function serviceText(index: number): string {
  const group = Math.floor(index / 20);
  const before = index % 20 === 0 ? '' : `    depends_on:\n      s${index - 1}: {condition: service_healthy}\n`;
  return `  s${index}:
    image: registry.example/team/service-${index}:\${TAG:-1.27}
    command: serve --name s${index} --verbose
    environment:
      DATABASE_URL: postgres://user:\${DB_PASSWORD:-secret}@db:5432/s${index}
      LOG_LEVEL: \${LOG_LEVEL:-info}
      FEATURE: "true"
      WORKERS: 4
    ports: ["${10_000 + index}:8080"]
    volumes:
      - data${group}:/var/lib/data
      - ./config/s${index}.yaml:/etc/service.yaml:ro
    networks: [net${group}]
    secrets: [token]
${before}    healthcheck:
      test: wget -q -O /dev/null http://localhost:8080/health || exit 1
      interval: 10s
      timeout: 3s
      retries: 5
    labels:
      traefik.enable: "true"
      traefik.http.routers.s${index}.rule: Host(\`s${index}.example.org\`)
    deploy:
      replicas: 2
      resources: {limits: {cpus: "0.50", memory: 256M}}
    restart: unless-stopped
    logging: *logging
`;
}
