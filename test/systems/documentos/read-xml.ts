const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const TOKEN = /<\?[^>]*\?>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/gy;

/**
 * The text of an XML document, with a line end after each `paragraph` element. Throws where it is not well formed: tags
 * that do not match, a bare `<` or `&`, an unknown entity.
 */
export function readXml(xml: string, paragraph: string): string {
  const open: string[] = [];
  let text = '';
  let end = 0;
  for (const token of xml.matchAll(TOKEN)) {
    end = token.index + token[0].length;
    const [, slash, name, attributes = '', selfClosing, words] = token;
    if (words !== undefined) text += decode(words);
    if (name === undefined) continue;
    decode(attributes);
    if (slash) {
      if (open.pop() !== name) throw new Error(`</${name}> closes nothing`);
      if (name === paragraph) text += '\n';
    } else if (!selfClosing) open.push(name);
  }
  if (end !== xml.length) throw new Error(`not XML at ${end}: ${xml.slice(end, end + 40)}`);
  if (open.length > 0) throw new Error(`<${open.at(-1)}> is not closed`);
  return text;
}

function decode(text: string): string {
  return text.replaceAll(/&([^;]*);?/g, (whole, name: string) => {
    const letter = ENTITIES[name];
    if (letter === undefined) throw new Error(`bad entity ${whole}`);
    return letter;
  });
}
