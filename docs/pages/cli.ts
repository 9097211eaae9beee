import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commands } from '#cli/commands/index.ts';
import { commonFlags, type Flags } from '#cli/flags.ts';
import { renderFlag } from '#cli/render/help.ts';
import { renderTable } from './table.ts';

/** docs/cli.md: every command with its options, the exit codes and the environment. */
export async function renderCliPage(): Promise<string> {
  const sections: string[] = [];
  for (const [name, entry] of Object.entries(commands)) {
    const command = await entry.load();
    const usage = ['timonel', name, command.usage].filter((word) => word !== '').join(' ');
    const examples = command.examples.length === 0 ? '' : `\n\`\`\`sh\n${command.examples.join('\n')}\n\`\`\`\n`;
    sections.push(`\n## ${name}\n\n\`${usage}\`\n\n${command.about.en}\n${renderFlags(command.flags)}${examples}`);
  }
  return [
    intro,
    '\n## Options of every command\n',
    renderFlags(commonFlags),
    `\n## Exit codes\n\n${exitCodeTable()}`,
    environment,
    ...sections,
  ].join('');
}

const intro = `<!-- Made by docs/generate.ts from src/cli/. Change the commands there, then run: ./timonel --node docs/generate.ts -->
# The command line

\`timonel COMMAND --help\` shows the same in English or Spanish. Output for people may change; what scripts rely on are the
exit codes, \`--json\` and the [codes of messages](errors.md).

With \`--json\` standard output holds JSON and nothing else: one document, or for long work one event a line. A failure is
\`{"error": {"code", "message", "hint", "at", "findings"}}\`. Events of a deployment carry \`time\` and \`event\`: \`plan\`,
\`waiting\`, \`step-started\`, \`step-progress\`, \`step-done\`, \`step-failed\`, \`undo-started\`, \`undo-done\`, \`switched\`, and last \`end\`
with \`state\` (\`succeeded\`, \`rolled-back\`, \`failed\`, \`cancelled\`), \`release\` and \`code\`, the exit code.
`;

const environment = `
## Environment

${renderTable(
  ['variable', 'meaning'],
  [
    [
      '`TIMONEL_HOME`',
      "folder of the daemon's state, socket and logs; default /var/lib/timonel as root, else timonel in the XDG state folder",
    ],
    ['`TIMONEL_HTTP_PORT`, `TIMONEL_HTTPS_PORT`', 'entry points of the edge; default 80 and 443'],
    ['`TIMONEL_EDGE_ADDRESS`', 'address that the edge and published ports listen on; default 0.0.0.0'],
    [
      '`TIMONEL_PROXY_IMAGE`',
      'image that HAProxy runs from, in a container even where it is installed ([proxy.md](proxy.md)); `none` takes it back',
    ],
    [
      '`TIMONEL_METRICS_ADDRESS`',
      'where a Prometheus reads `/metrics` ([metrics.md](metrics.md)): a port of 127.0.0.1, or `ADDRESS:PORT`; default nowhere; `none` takes it back',
    ],
    ['`TIMONEL_LANG`', 'language, en or es; default from LC_ALL, LC_MESSAGES or LANG'],
    ['`NO_COLOR`, `FORCE_COLOR`', 'never or always use colours'],
    ['`TIMONEL_DEBUG`', "print where in Timonel's code an error was thrown"],
  ],
)}
The daemon takes ports, addresses and image from its environment at its start and remembers them in its home; a later start without
them uses the remembered ones.
`;

function renderFlags(flags: Flags): string {
  const rows = Object.entries(flags).map(([name, flag]) => [`\`${renderFlag(name, flag).trim()}\``, flag.text.en]);
  return rows.length === 0 ? '' : `\n${renderTable(['option', 'meaning'], rows)}`;
}

/** The table stands once, in the comment of the codes themselves. */
function exitCodeTable(): string {
  const source = readFileSync(join(import.meta.dirname, '../../src/cli/exit-codes.ts'), 'utf8');
  const lines = source.split('\n').filter((line) => line.startsWith(' * |'));
  return `${lines.map((line) => line.slice(' * '.length)).join('\n')}\n`;
}
