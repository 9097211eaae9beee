import { readVersion } from '#daemon/version.ts';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';

export const version = command({
  usage: '',
  about: {
    en: 'Shows the version of this Timonel. The daemon of a home may still be another: timonel daemon status.',
    es: 'Muestra la versión de este Timonel. El servicio de una carpeta puede ser otra: timonel daemon status.',
  },
  flags: {},
  examples: ['timonel version --json'],
  async run({ terminal, json }) {
    terminal.out(json ? `${JSON.stringify({ version: readVersion() })}\n` : `${readVersion()}\n`);
    return exitCodes.done;
  },
});
