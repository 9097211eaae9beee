import { spawn } from 'node:child_process';

/** Setting a record and seeing it everywhere may take this long. */
const takesAtMostMs = 10 * 60_000;

export interface DnsRecord {
  readonly host: string;
  /** The TXT record's value. */
  readonly value: string;
}

interface Hook {
  readonly hook: readonly string[];
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/**
 * Lets the user's command set or remove a TXT record (RFC 8555, section 8.4). What it is told is in its environment:
 * TIMONEL_ACME_ACTION (`present` or `cleanup`), TIMONEL_ACME_DOMAIN, TIMONEL_ACME_NAME (the record) and
 * TIMONEL_ACME_VALUE. It ends with 0 once the record can be seen.
 *
 * @throws Error with the end of what it wrote
 */
export function runHook(action: 'present' | 'cleanup', { host, value }: DnsRecord, { hook, cwd, signal }: Hook) {
  const [program = '', ...args] = hook;
  const { PATH = '/usr/bin:/bin', HOME = '/', LANG = 'C.UTF-8' } = process.env;
  const child = spawn(program, args, {
    cwd,
    env: {
      ...{ PATH, HOME, LANG, TIMONEL_ACME_ACTION: action, TIMONEL_ACME_DOMAIN: host },
      ...{ TIMONEL_ACME_NAME: `_acme-challenge.${host}`, TIMONEL_ACME_VALUE: value },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: AbortSignal.any([signal, AbortSignal.timeout(takesAtMostMs)]),
    killSignal: 'SIGKILL',
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
  }
  return new Promise<void>((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${error.message}${tail(said)}`)));
    child.on('close', (code, name) => {
      if (code === 0) resolve();
      else reject(new Error(`it ended with ${name ?? code}${tail(said)}`));
    });
  });
}

function tail(said: string): string {
  const text = said.trim().split('\n').slice(-3).join(' / ');
  return text === '' ? '' : `: ${text}`;
}
