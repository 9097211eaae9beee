import { command } from '../command.ts';
import { composeFlags } from '../flags.ts';
import { atMost } from '../positionals.ts';
import { steerCanary } from '../steer-canary.ts';
import { showUndoing } from './cancel.ts';

export const abort = command({
  usage: '[DIR]',
  about: {
    en: `Ends the canary that is under way: the old release has all requests again at once, then the new instances finish
what they have and are stopped. Shows it to its end.`,
    es: `Termina el canario en marcha: la versión anterior tiene otra vez todas las peticiones de inmediato; después las
instancias nuevas acaban lo que tienen y se detienen. Lo muestra hasta el final.`,
  },
  flags: { ...composeFlags },
  examples: ['timonel abort', 'timonel abort -p documentos'],
  async run(context) {
    const [place] = atMost(1, context, 'abort', this.usage);
    const { deployment: id, project } = await steerCanary(context, 'abort', place);
    return showUndoing(context, { id, project });
  },
});
