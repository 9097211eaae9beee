/** The engine's socket: the one that DOCKER_HOST names, else the usual one. */
export function engineSocket(): string {
  const host = process.env.DOCKER_HOST ?? '';
  return host.startsWith('unix://') ? host.slice('unix://'.length) : '/var/run/docker.sock';
}
