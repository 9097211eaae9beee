import { homedir } from 'node:os';
import { join } from 'node:path';

export interface UnitFacts {
  readonly node: string;
  readonly flags: readonly string[];
  readonly entry: string;
  readonly env: Readonly<Record<string, string>>;
  readonly wantedBy: 'multi-user.target' | 'default.target';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the unit belongs, and how systemd is spoken to: the system's for root, else the user's own. */
export function unitPlace({ isRoot, env }: { readonly isRoot: boolean; readonly env: Environment }): {
  readonly file: string;
  readonly systemctl: readonly string[];
} {
  if (isRoot) return { file: '/etc/systemd/system/timonel.service', systemctl: ['systemctl'] };
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config');
  return { file: join(config, 'systemd/user/timonel.service'), systemctl: ['systemctl', '--user'] };
}

/**
 * The daemon's unit. `KillMode=process` and `Delegate` are what matters: stopping or restarting the daemon ends the
 * daemon alone, while instances and the proxy, which share its control group, go on serving.
 */
export function renderUnit({ node, flags, entry, env, wantedBy }: UnitFacts): string {
  const environment = Object.entries(env).map(([name, value]) => `Environment=${quote(`${name}=${value}`)}\n`);
  const command = [node, ...flags, entry].map(quote).join(' ');
  return `[Unit]
Description=Timonel: runs Compose files in production
After=network-online.target
Wants=network-online.target

[Service]
Type=exec
ExecStart=${command}
${environment.join('')}Restart=always
RestartSec=1
KillMode=process
Delegate=yes
TasksMax=infinity
LimitNOFILE=1048576
OOMScoreAdjust=-500
TimeoutStopSec=30

[Install]
WantedBy=${wantedBy}
`;
}

/** Quotes as systemd.syntax(7) reads it back; `%` would be a specifier. */
function quote(word: string): string {
  const safe = word.replaceAll('%', '%%');
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `"${safe.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
