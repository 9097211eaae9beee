import type { Language } from '#core/messages/message.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The language that the environment asks for: `TIMONEL_LANG`, else the locale; English where neither is Spanish. */
export function readerLanguage(env: Environment): Language {
  const wanted = env.TIMONEL_LANG || env.LC_ALL || env.LC_MESSAGES || env.LANG || '';
  return wanted.toLowerCase().startsWith('es') ? 'es' : 'en';
}
