type Environment = Readonly<Record<string, string | undefined>>;

const names = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'TZ',
  'LANG',
  'LANGUAGE',
  'TMPDIR',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]);

/** Proxies, registries and engines, in the spellings that tools use. */
const patterns = [/^LC_/, /^TIMONEL_/, /^XDG_/, /^DOCKER_/, /^npm_config_/i, /^(https?|no|all|ftp)_proxy$/i];

/**
 * What the daemon gets of the environment of the shell that happens to start it: where programs and proxies are, and
 * nothing else. It lives on for weeks, and a shell's secrets are not its business; a project's variables travel with
 * each request instead.
 */
export function daemonEnvironment(env: Environment): Record<string, string> {
  const passed = Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && (names.has(entry[0]) || patterns.some((pattern) => pattern.test(entry[0]))),
    ),
  );
  return { ...passed, PATH: withSystemFolders(passed.PATH) };
}

/** A user's PATH often leaves out the sbin folders, where the proxy and other servers are. */
function withSystemFolders(path: string | undefined): string {
  const folders = (path ?? '').split(':').filter((folder) => folder !== '');
  return [...folders, ...systemFolders.filter((folder) => !folders.includes(folder))].join(':');
}

const systemFolders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
