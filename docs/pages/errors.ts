import { type Code, catalogue } from '#core/messages/catalogue.ts';
import { exampleFacts } from '#core/messages/example-facts.ts';
import type { Language, Message } from '#core/messages/message.ts';

/** docs/errors.md: every code with its sentence and hint in both languages, facts as `<name>`. */
export function renderErrorsPage(): string {
  const entries = Object.entries(catalogue) as unknown as readonly [Code, Message<unknown>][];
  const areas = Map.groupBy(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    ([code]) => code.split('_')[0] ?? code,
  );
  const sections = [...areas].map(([area, members]) => `\n## ${area}\n\n${members.map(renderEntry).join('\n')}`);
  return `${intro}${sections.join('')}`;
}

const intro = `<!-- Made by docs/generate.ts from src/core/messages/. Change the messages there, then run: ./timonel --node docs/generate.ts -->
# Messages

Everything Timonel can say, by its stable code. Scripts match on the code (\`--json\` prints \`{"error": {"code", "message", "hint", "at"}}\`);
people read the sentence in English or Spanish (\`--lang\`, \`TIMONEL_LANG\`, \`LANG\`). \`<name>\` stands for a fact of the case at hand.
`;

function renderEntry([code, { text, hint }]: readonly [Code, Message<unknown>]): string {
  const sentence = (language: Language): string => {
    const facts = exampleFacts(code);
    const next = hint === undefined ? '' : ` → ${oneLine(hint[language](facts))}`;
    return `${oneLine(text[language](facts))}${next}`;
  };
  return `- \`${code}\`\n  - ${literal(sentence('en'))}\n  - ${literal(sentence('es'))}\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' / ');
}

/** Keeps Markdown from reading \`<name>\` as a tag and \`*\` or \`_\` as emphasis. */
function literal(text: string): string {
  return text.replaceAll(/[<>*_`[\]\\]/g, (character) => `\\${character}`);
}
