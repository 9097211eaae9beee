import { fail } from '#core/errors.ts';
import { nearest } from '#core/nearest.ts';
import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { commonFlags } from '../flags.ts';
import { renderCommandHelp, renderHelp } from '../render/help.ts';
import { commands, isCommandName } from './index.ts';

export const help = command({
  usage: '[COMMAND]',
  about: { en: 'Shows the commands, or the help of one.', es: 'Muestra los comandos, o la ayuda de uno.' },
  flags: {},
  examples: ['timonel help deploy'],
  async run(context) {
    const [name] = context.args.positionals;
    if (name === undefined) {
      context.terminal.out(renderHelp(context));
      return exitCodes.done;
    }
    if (!isCommandName(name)) {
      throw fail('CLI_UNKNOWN_COMMAND', { command: name, nearest: nearest(name, Object.keys(commands)) });
    }
    const chosen = await commands[name].load();
    context.terminal.out(
      renderCommandHelp({ ...context, name, command: chosen, flags: { ...commonFlags, ...chosen.flags } }),
    );
    return exitCodes.done;
  },
});
