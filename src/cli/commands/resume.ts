import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { composeFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { steerCanary, tellSteered } from '../steer-canary.ts';

export const resume = command({
  usage: '[DIR]',
  about: {
    en: 'Lets the clock of a canary run again that timonel pause has stopped.',
    es: 'Pone de nuevo en marcha el reloj de un canario que timonel pause detuvo.',
  },
  flags: { ...composeFlags },
  examples: ['timonel resume', 'timonel resume -p documentos'],
  async run(context) {
    const [place] = atMost(1, context, 'resume', this.usage);
    const steered = await steerCanary(context, 'resume', place);
    tellSteered(context, steered, () => context.notice('CANARY_RESUMED', { project: steered.project }));
    return exitCodes.done;
  },
});
